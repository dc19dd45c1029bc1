//! What a collector does with more than it can take.

use serde_json::{Value, json};
use tabiji_server::clock::{Clock, SystemClock};
use tabiji_server::random;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::collector::*;

/// Requests that may be read at the same time.
const ROOM: usize = 16;
/// Requests of each line.
const REQUESTS: usize = 20;

#[tokio::test]
async fn t41_five_times_the_capacity_is_refused_at_once_and_each_event_is_there_once() {
    let collector = collector(|config| config.limits.open_requests = ROOM).await;
    let mut lines = JoinSet::new();
    for line in 0..5 * ROOM {
        // Two lines of each client, which is a client's share; every other line is a guest's.
        let from: std::net::IpAddr = format!("127.0.1.{}", line / 2 + 1).parse().unwrap();
        let client = reqwest::Client::builder().local_address(from).build().unwrap();
        let url = format!("http://{}/v1/events", collector.address);
        lines.spawn(async move {
            let mut refused = 0;
            for _ in 0..REQUESTS {
                let body = batch(line);
                while !is_taken(&client, &url, &body).await {
                    refused += 1;
                    tokio::task::yield_now().await;
                }
            }
            refused
        });
    }
    let refused: Vec<usize> = timeout(PATIENCE, lines.join_all()).await.unwrap();
    assert!(refused.iter().sum::<usize>() > 5 * ROOM, "{refused:?}: it was never too much");
    assert_eq!(collector.records().await, 5 * ROOM * REQUESTS);
    // What waited is gone, and nothing is turned away any more.
    assert_eq!(ask(collector.from("127.0.0.1").await, &post("")).await, 200);
    let client = reqwest::Client::new();
    let caught_up = async {
        loop {
            let ready =
                client.get(format!("http://{}/health/ready", collector.address)).send().await.unwrap();
            if ready.json::<Value>().await.unwrap()["records_to_project"] == 0 {
                break;
            }
        }
    };
    timeout(PATIENCE, caught_up).await.unwrap();
}

fn batch(line: usize) -> String {
    let now = SystemClock.now();
    let event =
        json!({ "id": random::id(now), "at": now, "session": random::id(now), "n": 1, "kind": "custom" });
    let user = format!("u{line}");
    let (key, person) =
        if line.is_multiple_of(2) { ("who", json!({ "user": user })) } else { ("token", token(&user)) };
    json!({ "site": "pk_one", key: person, "sent_at": now, "events": [event] }).to_string()
}

/// Whether a request is stored; an answer to one that is not says when to come again.
async fn is_taken(client: &reqwest::Client, url: &str, body: &str) -> bool {
    let answer = client.post(url).body(body.to_owned()).send().await.unwrap();
    let (status, wait) = (answer.status(), answer.headers().get("retry-after").cloned());
    let answer: Value = answer.json().await.unwrap();
    if status == 503 {
        assert_eq!(wait.unwrap(), "1");
        assert_eq!(answer["error"]["tag"], "busy");
        return false;
    }
    assert_eq!(answer["results"][0]["outcome"], "stored", "{status} {answer}");
    true
}
