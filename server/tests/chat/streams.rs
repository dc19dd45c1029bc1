//! What every answer that goes on says to the proxies on its way.

use reqwest::Response;
use tabiji_server::router;

use crate::collector::{APP, Collector, collector, hello};

/// Every answer of the collector that is a stream of events, with its path: what a signed-in operator can get, and
/// the chat without sockets.
async fn streams(collector: &Collector) -> Vec<(String, Response)> {
    let (at, cookie) = (format!("http://{}", collector.address), collector.sign_in().await);
    let mut answers = Vec::new();
    for path in router::routes().into_iter().map(|route| route.path) {
        let request = if path.starts_with("/api/") {
            collector.http.get(format!("{at}{path}?site=pk_one")).header("cookie", format!("tabiji={cookie}"))
        } else {
            let body = serde_json::to_string(&hello("tanaka")).unwrap();
            collector.http.post(format!("{at}{path}")).header("origin", APP).body(body)
        };
        answers.push((path.to_owned(), request.send().await.unwrap()));
    }
    answers.retain(|(_, answer)| {
        answer.headers().get("content-type").is_some_and(|kind| kind == "text/event-stream")
    });
    answers.sort_by(|one, other| one.0.cmp(&other.0));
    answers.dedup_by(|one, other| one.0 == other.0);
    answers
}

#[tokio::test]
async fn no_proxy_holds_a_stream_back() {
    let collector = collector().await;
    let streams = streams(&collector).await;
    let paths: Vec<_> = streams.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(paths, ["/api/inbox/live", "/api/live", "/v1/chat/stream"]);
    for (path, answer) in &streams {
        let said = |name| answer.headers().get_all(name).iter().collect::<Vec<_>>();
        assert_eq!(said("x-accel-buffering"), ["no"], "{path}: nginx sends each event on");
        assert_eq!(
            said("cache-control"),
            ["no-cache, no-transform"],
            "{path}: nothing packs events into blocks"
        );
    }
}
