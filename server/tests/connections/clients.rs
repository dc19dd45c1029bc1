//! What one client may have, and who a client is.

use serde_json::json;
use tokio::io::AsyncWriteExt;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::collector::*;

#[tokio::test]
async fn s4_a_client_has_its_share_of_connections_and_others_theirs() {
    let collector = collector(|config| config.limits.connections_per_client = 8).await;
    let mut idle = Vec::new();
    for _ in 0..20 {
        idle.push(collector.from("127.0.0.1").await);
    }
    let mut open = 0;
    for stream in &mut idle {
        open += usize::from(stays(stream).await);
    }
    assert_eq!(open, 8, "what is over the share is closed");
    assert_eq!(ask(collector.from("127.0.0.1").await, &post("")).await, 0);
    assert_eq!(ask(collector.from("127.0.0.2").await, &post("")).await, 200);
    drop(idle);
    let again = async { while ask(collector.from("127.0.0.1").await, &post("")).await != 200 {} };
    timeout(PATIENCE, again).await.unwrap();
}

#[tokio::test]
async fn s4_slow_bodies_of_one_client_leave_places_for_others_and_for_the_backend() {
    let collector = collector(|config| config.limits.open_requests = 16).await;
    let mut slow = Vec::new();
    for _ in 0..2 {
        let mut stream = collector.from("127.0.0.1").await;
        write(&mut stream, &head("/v1/events", 1000, "")).await;
        write(&mut stream, "{").await;
        slow.push(stream);
    }
    let full = async { while ask(collector.from("127.0.0.1").await, &post("")).await != 503 {} };
    timeout(PATIENCE, full).await.unwrap();
    assert_eq!(ask(collector.from("127.0.0.2").await, &post("")).await, 200);
    let facts = json!({ "facts": [] }).to_string();
    let facts = head("/v1/facts", facts.len(), "authorization: Bearer sk_one\r\n") + &facts;
    assert_eq!(ask(collector.from("127.0.0.1").await, &facts).await, 200);
}

#[tokio::test]
async fn s4_wrong_sign_ins_of_one_client_are_slowed_down_and_another_client_comes_in() {
    let collector = collector(|_| {}).await;
    // Each of another operator, who has tries of their own.
    let password = |n: usize| json!({ "email": format!("{n}@example.com"), "password": "not the one" });
    let link = |n: usize| json!(format!("made up {n}"));
    let paths =
        [("/api/session", 401, "127.0.0.1", "127.0.0.2"), ("/api/link", 410, "127.0.0.3", "127.0.0.4")];
    for (path, wrong, client, other) in paths {
        let ask_for = |n: usize| {
            let body = if path == "/api/link" { link(n) } else { password(n) };
            json_to(path, &body.to_string())
        };
        // All at once: a password takes longer to check than a try to come back.
        let mut tries = JoinSet::new();
        for n in 0..40 {
            let (stream, text) = (collector.from(client).await, ask_for(n));
            tries.spawn(async move { ask(stream, &text).await });
        }
        let answers = tries.join_all().await;
        assert!(answers.contains(&429) && answers.contains(&wrong), "{path}: {answers:?}");
        assert_eq!(ask(collector.from(other).await, &ask_for(40)).await, wrong, "{path}");
    }
}

fn json_to(path: &str, body: &str) -> String {
    head(path, body.len(), "content-type: application/json\r\n") + body
}

#[tokio::test]
async fn s4_who_is_not_signed_in_sends_no_large_bodies() {
    let collector = collector(|_| {}).await;
    for path in ["/api/session", "/api/link"] {
        let large = json!("x".repeat(20_000)).to_string();
        assert_eq!(ask(collector.from("127.0.0.1").await, &json_to(path, &large)).await, 413, "{path}");
    }
}

#[tokio::test]
async fn t46_a_trusted_proxy_says_who_asks_and_nobody_else_does() {
    let refused = async |trusted: &[&str]| {
        let collector = collector(|config| {
            config.trusted_proxies = proxies(trusted);
            config.limits.connections_per_client = 2;
        })
        .await;
        let mut streams = Vec::new();
        let mut refused = Vec::new();
        for n in 0..6 {
            let mut stream = collector.from("127.0.0.1").await;
            // Two clients, and each writes something of its own before what the proxy saw.
            let asks = held(&format!("x-forwarded-for: 192.0.2.{n}, 198.51.100.{}\r\n", n % 2));
            // What is closed already takes nothing.
            let _ = stream.write_all(asks.as_bytes()).await;
            if !stays(&mut stream).await {
                refused.push(n);
            }
            streams.push(stream);
        }
        refused
    };
    assert_eq!(refused(&["127.0.0.0/8"]).await, [4, 5], "two of each client");
    assert_eq!(refused(&["10.0.0.0/8"]).await, [2, 3, 4, 5], "two of all");
    assert_eq!(refused(&[]).await, [2, 3, 4, 5]);
}

#[tokio::test]
async fn t46_no_address_of_a_client_is_stored() {
    let collector = collector(|config| {
        config.trusted_proxies = proxies(&["127.0.0.7"]);
    })
    .await;
    for more in ["", "x-forwarded-for: 203.0.113.77\r\n", "origin: https://foreign.example\r\n"] {
        ask(collector.from("127.0.0.7").await, &post(more)).await;
    }
    ask(collector.from("127.0.0.7").await, &(head("/v1/events", 3, "") + "not")).await;
    assert_eq!(collector.records().await, 2);
    // The files have the records in compressed segments.
    let records = collector.store.records(store::SiteId(1), &store::Mark::start(), 10).await.unwrap();
    let records = format!("{records:?}");
    assert!(
        records.contains("UserId") && !records.contains("127.0.0.7") && !records.contains("203.0.113.77"),
        "{records}"
    );
    for file in std::fs::read_dir(collector.folder.path()).unwrap() {
        let path = file.unwrap().path();
        let Ok(bytes) = std::fs::read(&path) else { continue };
        for address in ["127.0.0.7", "203.0.113.77"] {
            let found = bytes.windows(address.len()).any(|window| window == address.as_bytes());
            assert!(!found, "{address} in {path:?}");
        }
    }
}
