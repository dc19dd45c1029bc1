//! What the collector takes and refuses, over the whole router with a real store.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::io::Write;
use std::sync::Arc;

use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum_test::{TestResponse, TestServer};
use serde_json::{Value, json};
use store::{NewSite, Store, suite};
use store_sqlite::SqliteStore;
use tabiji_server::app::App;
use tabiji_server::clock::StoppedClock;
use tabiji_server::config::Config;
use tabiji_server::{crypto, router};
use tempfile::TempDir;

const NOW: i64 = 1_790_000_000_000;
const APP: &str = "https://app.example.com";

struct Collector {
    server: TestServer,
    store: Arc<dyn Store>,
    _folder: TempDir,
}

async fn collector() -> Collector {
    let folder = tempfile::tempdir().unwrap();
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(folder.path()).unwrap());
    for name in ["one", "two"] {
        let site = NewSite {
            secret_hash: crypto::digest(&format!("sk_{name}")),
            origins: if name == "one" { vec![APP.into()] } else { vec!["https://two.example.com".into()] },
            ..suite::site(name)
        };
        store.add_site(site).await.unwrap();
    }
    let app = App::new(Arc::clone(&store), Arc::new(StoppedClock(NOW)), Config::default());
    Collector { server: TestServer::new(router::router(app)), store, _folder: folder }
}

fn id(n: u64) -> String {
    protocol::ids::EventId::new(NOW.unsigned_abs() + n, [3; 10]).to_string()
}

fn event(n: u64) -> Value {
    json!({ "id": id(n), "at": NOW, "session": id(0), "n": n, "kind": "custom", "data": { "name": "x" } })
}

fn batch(events: &[Value]) -> Value {
    json!({ "site": "pk_one", "who": { "user": "u1" }, "sent_at": NOW, "events": events })
}

impl Collector {
    async fn send(&self, body: impl Into<Vec<u8>>, headers: &[(&'static str, &str)]) -> TestResponse {
        let body: Vec<u8> = body.into();
        let mut request = self.server.post("/v1/events").bytes(body.into()).content_type("text/plain");
        for (name, value) in headers {
            request =
                request.add_header(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
        }
        request.await
    }

    async fn stored(&self) -> usize {
        self.store.records(store::SiteId(1), &store::Mark::start(), 10_000).await.unwrap().len()
    }
}

fn tag(response: &TestResponse) -> String {
    response.json::<Value>()["error"]["tag"].as_str().unwrap().to_owned()
}

fn outcomes(response: &TestResponse) -> Vec<String> {
    let results = response.json::<Value>()["results"].clone();
    results.as_array().unwrap().iter().map(|result| result["outcome"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn t31_the_same_batch_five_times_at_once_is_stored_once() {
    let collector = collector().await;
    let body = batch(&(1..=20).map(event).collect::<Vec<_>>()).to_string();
    let send = || collector.send(body.clone(), &[]);
    let (a, b, c, d, e) = tokio::join!(send(), send(), send(), send(), send());
    let all: Vec<String> = [a, b, c, d, e].iter().flat_map(outcomes).collect();
    assert_eq!(all.iter().filter(|outcome| *outcome == "stored").count(), 20);
    assert_eq!(all.iter().filter(|outcome| *outcome == "duplicate").count(), 80);
    assert_eq!(collector.stored().await, 20);
}

#[tokio::test]
async fn t32_what_cannot_be_read_is_refused_with_a_tag_and_harms_nothing() {
    let collector = collector().await;
    collector.send(batch(&[event(1)]).to_string(), &[]).await.assert_status_ok();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(batch(&[event(2)]).to_string().as_bytes()).unwrap();
    let gzip = gzip.finish().unwrap();
    let latin: Vec<u8> =
        batch(&[event(3)]).to_string().replace("custom", "caf\u{e9}").chars().map(|c| c as u8).collect();
    let deep = format!("{}{}", "[".repeat(40), "]".repeat(40));
    for (body, headers, expected) in [
        (b"{\"site\":\"pk_one\",".to_vec(), vec![], "malformed"),
        (latin, vec![], "malformed"),
        (gzip[..gzip.len() / 2].to_vec(), vec![("content-encoding", "gzip")], "bad_gzip"),
        (b"{}".to_vec(), vec![("content-encoding", "br")], "malformed"),
        (deep.into_bytes(), vec![], "too_deep"),
    ] {
        let answer = collector.send(body, &headers).await;
        answer.assert_status(StatusCode::BAD_REQUEST);
        assert_eq!(tag(&answer), expected);
    }
    collector.send(gzip, &[("content-encoding", "gzip")]).await.assert_status_ok();
    assert_eq!(collector.stored().await, 2);
    let kept = collector.store.rejected_bodies().await.unwrap();
    assert!(kept.iter().any(|refused| refused.prefix.contains("pk_one")), "the start of the body is kept");
}

#[tokio::test]
async fn t33_one_bad_event_among_fifty_is_named_and_the_others_are_stored() {
    let collector = collector().await;
    let mut events: Vec<Value> = (1..=50).map(event).collect();
    events[17]["at"] = json!("yesterday");
    let answer = collector.send(batch(&events).to_string(), &[]).await;
    answer.assert_status_ok();
    let results = answer.json::<Value>()["results"].clone();
    assert_eq!(outcomes(&answer).iter().filter(|outcome| *outcome == "stored").count(), 49);
    assert_eq!((&results[17]["outcome"], &results[17]["index"]), (&json!("quarantined"), &json!(17)));
    assert_eq!(results[17]["reason"], "malformed_event");
    let again = collector.send(batch(&events).to_string(), &[]).await;
    assert!(
        outcomes(&again).iter().all(|outcome| outcome == "duplicate"),
        "a broken event is known again too"
    );
}

#[tokio::test]
async fn events_that_cannot_be_true_are_quarantined_with_their_reason() {
    let collector = collector().await;
    let with = |n: u64, change: &[(&str, Value)]| {
        let mut event = event(n);
        change.iter().for_each(|(name, value)| event[*name] = value.clone());
        event
    };
    let step = json!("users");
    let events = [
        with(1, &[("at", json!(NOW + 2 * 86_400_000))]),
        with(2, &[("at", json!(NOW - 40 * 86_400_000))]),
        with(
            3,
            &[("kind", json!("step.completed")), ("step", step.clone()), ("data", json!({ "from": "done" }))],
        ),
        with(4, &[("kind", json!("step.completed")), ("step", step), ("data", json!({ "visit": 0 }))]),
        with(5, &[("data", json!({ "name": "x".repeat(40_000) }))]),
        with(6, &[("kind", json!("from.the.future"))]),
    ];
    let answer = collector.send(batch(&events).to_string(), &[]).await;
    let results = answer.json::<Value>()["results"].clone();
    let reasons: Vec<&str> =
        results.as_array().unwrap().iter().map(|r| r["reason"].as_str().unwrap_or("-")).collect();
    assert_eq!(reasons, ["clock", "stale", "bad_transition", "bad_transition", "too_large", "-"]);
}

/// A later widget's events, as an older collector meets them; unknown kinds and fields are no reason to hold one back.
#[tokio::test]
async fn t45_events_of_a_later_version_wait_as_they_came_and_the_others_count() {
    let collector = collector().await;
    let with = |n, field: &str, value: Value| {
        let mut event = event(n);
        event[field] = value;
        event
    };
    let later =
        json!({ "id": id(5), "at": NOW - 60_000, "v": 2, "what": { "kind": "custom", "names": ["x"] } });
    let events = [
        with(1, "v", json!(2)),
        with(2, "v", json!(1)),
        with(3, "kind", json!("no.such.kind")),
        with(4, "shade", json!({ "v": 3 })),
        later.clone(),
        with(6, "v", json!("2.1")),
    ];
    let answer = collector.send(batch(&events).to_string(), &[]).await;
    let waits = |n: usize| answer.json::<Value>()["results"][n]["reason"] == "unknown_version";
    assert_eq!(
        outcomes(&answer),
        ["quarantined", "stored", "stored", "stored", "quarantined", "quarantined"]
    );
    assert!([0, 4, 5].into_iter().all(waits), "{}", answer.text());
    let rows = collector.store.records(store::SiteId(1), &store::Mark::start(), 10).await.unwrap();
    for (row, sent) in rows.iter().zip(&events) {
        assert_eq!(&serde_json::from_str::<Value>(&row.record.body).unwrap(), sent, "as it came");
    }
    assert_eq!(rows[4].record.at, NOW - 60_000, "when it happened is known all the same");
    let again = collector.send(batch(&[later]).to_string(), &[]).await;
    assert_eq!(outcomes(&again), ["duplicate"]);
}

#[tokio::test]
async fn t38_only_listed_origins_are_answered() {
    let collector = collector().await;
    let body = batch(&[event(1)]).to_string();
    let foreign = collector.send(body.clone(), &[("origin", "https://evil.example.com")]).await;
    foreign.assert_status(StatusCode::FORBIDDEN);
    assert_eq!(tag(&foreign), "foreign_origin");
    // An origin of another site of the same collector is as foreign.
    let other = collector.send(body.clone(), &[("origin", "https://two.example.com")]).await;
    other.assert_status(StatusCode::FORBIDDEN);
    // A browser that hides where it comes from is refused too.
    collector
        .send(body.clone(), &[("sec-fetch-site", "cross-site")])
        .await
        .assert_status(StatusCode::FORBIDDEN);
    let known = collector.send(body, &[("origin", APP)]).await;
    known.assert_status_ok();
    assert_eq!(known.header("access-control-allow-origin"), APP);
    let preflight = collector.server.method(axum::http::Method::OPTIONS, "/v1/events");
    let preflight = preflight.add_header("origin", APP).await;
    preflight.assert_status(StatusCode::NO_CONTENT);
    assert_eq!(preflight.header("access-control-max-age"), "86400");
    assert_eq!(collector.stored().await, 1);
}

#[tokio::test]
async fn oversize_bodies_are_refused_before_they_are_read_whole() {
    let collector = collector().await;
    let answer = collector.send(vec![b' '; 300 * 1024], &[]).await;
    answer.assert_status(StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(tag(&answer), "too_large");
    let events: Vec<Value> = (1..=201).map(|n| json!({ "n": n })).collect();
    assert_eq!(tag(&collector.send(batch(&events).to_string(), &[]).await), "too_many_events");
}

#[tokio::test]
async fn keys_open_only_their_own_door() {
    let collector = collector().await;
    let mut wrong = batch(&[event(1)]);
    wrong["site"] = json!("pk_nobody");
    assert_eq!(tag(&collector.send(wrong.to_string(), &[]).await), "unknown_key");
    wrong["site"] = json!("sk_one");
    assert_eq!(tag(&collector.send(wrong.to_string(), &[]).await), "secret_key_in_browser");
    let facts = json!({ "facts": [{ "id": id(9), "account": "a", "name": "users", "value": 5 }] });
    let post = || collector.server.post("/v1/facts").json(&facts);
    post().await.assert_status(StatusCode::UNAUTHORIZED);
    post().add_header("authorization", "Bearer pk_one").await.assert_status(StatusCode::UNAUTHORIZED);
    let browser = post().add_header("authorization", "Bearer sk_one").add_header("origin", APP).await;
    assert_eq!(tag(&browser), "secret_key_in_browser");
    post().add_header("authorization", "Bearer sk_one").await.assert_status_ok();
    let again = post().add_header("authorization", "Bearer sk_one").await;
    assert_eq!(outcomes(&again), ["duplicate"]);
    assert!(collector.store.records(store::SiteId(2), &store::Mark::start(), 10).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_broken_flow_is_refused_with_every_problem_and_a_good_one_is_versioned() {
    let collector = collector().await;
    let flow = include_str!("../../demo-site/flow.toml");
    let put = |text: String| {
        collector.server.put("/v1/flows/setup").text(text).add_header("authorization", "Bearer sk_one")
    };
    let broken = put(flow.replace("minutes = 3", "minutes = 300")).await;
    broken.assert_status(StatusCode::UNPROCESSABLE_ENTITY);
    let message = broken.json::<Value>()["error"]["message"].as_str().unwrap().to_owned();
    assert!(message.contains("setup.toml:") && message.contains("300 minutes"), "{message}");
    assert_eq!(put(flow.to_owned()).await.json::<Value>(), json!({ "flow": "setup@1", "new": true }));
    assert_eq!(put(flow.to_owned()).await.json::<Value>(), json!({ "flow": "setup@1", "new": false }));
    let changed = put(flow.replace("minutes = 3", "minutes = 4")).await;
    assert_eq!(changed.json::<Value>(), json!({ "flow": "setup@2", "new": true }));
}

#[tokio::test]
async fn the_console_is_closed_without_a_session_and_a_link_works_once() {
    let collector = collector().await;
    for path in ["/api/session", "/api/journey?site=pk_one", "/api/live?site=pk_one"] {
        collector.server.get(path).await.assert_status(StatusCode::UNAUTHORIZED);
    }
    collector.store.add_link(crypto::digest("once"), store::Grant::ALL, None, NOW + 1).await.unwrap();
    let form = |password: &str| json!({ "link": "once", "email": "CS@example.com", "password": password });
    let post = |body: Value| collector.server.post("/api/session").json(&body);
    assert_eq!(tag(&post(form("short")).await), "weak_password");
    let welcome = post(form("a good passphrase")).await;
    welcome.assert_status(StatusCode::NO_CONTENT);
    let cookie = welcome.header("set-cookie").to_str().unwrap().to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    assert_eq!(tag(&post(form("a good passphrase")).await), "dead_link");
    let session = cookie.split(';').next().unwrap();
    collector.server.get("/api/session").add_header("cookie", session).await.assert_status_ok();
    let stranger = collector.server.get("/api/journey?site=pk_nobody").add_header("cookie", session).await;
    stranger.assert_status(StatusCode::NOT_FOUND);
    // Another site's page cannot act with the cookie.
    let cross = collector.server.delete("/api/session").add_header("cookie", session);
    let cross = cross
        .add_header("origin", "https://evil.example.com")
        .add_header("sec-fetch-site", "cross-site")
        .await;
    cross.assert_status(StatusCode::FORBIDDEN);
    let right = json!({ "email": "cs@example.com", "password": "a good passphrase" });
    let again = post(right).await;
    again.assert_status(StatusCode::NO_CONTENT);
    assert_ne!(again.header("set-cookie").to_str().unwrap(), cookie, "each sign-in has a cookie of its own");
    let wrong = json!({ "email": "cs@example.com", "password": "not this one" });
    for _ in 0..5 {
        assert_eq!(tag(&post(wrong.clone()).await), "wrong_password");
    }
    assert_eq!(tag(&post(wrong).await), "too_many_tries");
}
