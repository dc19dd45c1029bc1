//! How a collector stops.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use store::{Mark, SiteId};
use tokio::time::timeout;

use super::collector::*;

#[tokio::test]
async fn t42_what_was_begun_before_the_stop_signal_is_answered_and_what_comes_after_is_refused() {
    let mut collector = collector(|_| {}).await;
    let body = event();
    let mut begun = collector.from("127.0.0.1").await;
    write(&mut begun, &head("/v1/events", body.len(), "")).await;
    write(&mut begun, &body[..10]).await;
    let mut waiting = collector.from("127.0.0.1").await;
    write(&mut waiting, &held("")).await;
    assert!(stays(&mut begun).await && stays(&mut waiting).await);
    let stopped = Instant::now();
    collector.stop.take().unwrap().send(()).unwrap();
    assert_eq!(status(&mut waiting).await, 204, "a held question is answered at once");
    // While something is unfinished, new requests are answered.
    assert_eq!(ask(collector.from("127.0.0.2").await, &post("")).await, 503);
    write(&mut begun, &body[10..]).await;
    assert_eq!(status(&mut begun).await, 200);
    timeout(PATIENCE, &mut collector.serving).await.unwrap().unwrap();
    assert!(stopped.elapsed() < Duration::from_secs(10), "{:?}", stopped.elapsed());
    assert_eq!(collector.records().await, 1, "what was answered 200 is there, and nothing else");
}

#[tokio::test]
async fn t42_a_stop_under_load_loses_nothing_that_was_acknowledged() {
    let mut collector = collector(|_| {}).await;
    let url = format!("http://{}/v1/events", collector.address);
    let load = (0..8).map(|_| {
        let url = url.clone();
        tokio::spawn(async move {
            let client = reqwest::Client::new();
            let mut acknowledged = Vec::new();
            loop {
                let body = event();
                let id = serde_json::from_str::<Value>(&body).unwrap()["events"][0]["id"].clone();
                match client.post(&url).body(body).send().await {
                    Ok(answer) if answer.status() == 200 => acknowledged.push(id),
                    // Refused with 503, or nobody listens any more.
                    _ => return acknowledged,
                }
            }
        })
    });
    let load: Vec<_> = load.collect();
    while collector.records().await < 200 {
        tokio::task::yield_now().await;
    }
    let stopped = Instant::now();
    collector.stop.take().unwrap().send(()).unwrap();
    timeout(PATIENCE, &mut collector.serving).await.unwrap().unwrap();
    assert!(stopped.elapsed() < Duration::from_secs(10), "{:?}", stopped.elapsed());
    let mut acknowledged = Vec::new();
    for line in load {
        acknowledged.extend(timeout(PATIENCE, line).await.unwrap().unwrap());
    }
    let records = collector.store.records(SiteId(1), &Mark::start(), 100_000).await.unwrap();
    let kept: Vec<Value> = records.iter().map(|record| json!(record.record.id)).collect();
    assert!(acknowledged.len() >= 190, "{}", acknowledged.len());
    assert!(acknowledged.iter().all(|id| kept.contains(id)), "an acknowledged event is missing");
}
