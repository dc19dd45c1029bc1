//! What the collector takes and refuses, over the whole router with a real store.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::io::Write;
use std::path::Path;
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
    _folder: Option<TempDir>,
}

async fn collector() -> Collector {
    let folder = tempfile::tempdir().unwrap();
    let collector = collector_in(folder.path(), NOW).await;
    Collector { _folder: Some(folder), ..collector }
}

async fn collector_in(folder: &Path, now: i64) -> Collector {
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(folder).unwrap());
    let is_new = store.sites().await.unwrap().is_empty();
    for name in ["one", "two"].into_iter().filter(|_| is_new) {
        let site = NewSite {
            secret_hash: crypto::digest(&format!("sk_{name}")),
            origins: if name == "one" { vec![APP.into()] } else { vec!["https://two.example.com".into()] },
            ..suite::site(name)
        };
        store.add_site(site).await.unwrap();
    }
    let app = App::new(Arc::clone(&store), Arc::new(StoppedClock(now)), Config::default());
    Collector { server: TestServer::new(router::router(app)), store, _folder: None }
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

    async fn records(&self) -> Vec<store::NewRecord> {
        let records = self.store.records(store::SiteId(1), &store::Mark::start(), 10_000).await.unwrap();
        records.into_iter().map(|record| record.record).collect()
    }

    async fn stored(&self) -> usize {
        self.records().await.len()
    }

    /// Records that count.
    async fn good(&self) -> usize {
        self.records().await.iter().filter(|record| record.quarantine.is_none()).count()
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

/// T31: two collectors have one folder while one takes over from the other (`docs/decisions/0017-disks.md`).
#[tokio::test]
async fn t31_the_same_batch_to_two_collectors_is_stored_once() {
    let folder = tempfile::tempdir().unwrap();
    let (former, next) = (collector_in(folder.path(), NOW).await, collector_in(folder.path(), NOW).await);
    for round in 0..10 {
        let from = round * 20;
        let body = batch(&(from + 1..=from + 20).map(event).collect::<Vec<_>>()).to_string();
        let send = async |to: &Collector| outcomes(&to.send(body.clone(), &[]).await);
        let (mine, theirs) = tokio::join!(send(&former), send(&next));
        for both in mine.iter().zip(&theirs) {
            assert!(
                matches!((&**both.0, &**both.1), ("stored", "duplicate") | ("duplicate", "stored")),
                "{both:?}"
            );
        }
        for again in [send(&next).await, send(&former).await, send(&next).await] {
            assert_eq!(again, ["duplicate"; 20]);
        }
    }
    assert_eq!((former.stored().await, next.stored().await), (200, 200));
    // What only one of them was sent is known to the other, and so is what it said.
    assert_eq!(outcomes(&former.send(one(event(900)), &[]).await), ["stored"]);
    let other = next.send(one(with(900, &[("data", json!({ "name": "y" }))])), &[]).await;
    assert_eq!(other.json::<Value>()["results"][0]["reason"], "id_conflict");
}

/// A batch of one event with random, wrong or conflicting parts.
fn one(event: Value) -> String {
    batch(&[event]).to_string()
}

fn with(n: u64, changes: &[(&str, Value)]) -> Value {
    let mut event = event(n);
    for (name, value) in changes {
        event[*name] = value.clone();
    }
    event
}

#[tokio::test]
async fn s1_however_a_body_is_made_it_is_answered_and_what_is_too_large_is_not_parsed() {
    let collector = collector().await;
    let descending: Vec<String> = (0..3_000).rev().map(|n| format!("\"{n:04}\":0")).collect();
    let wide = format!("{{{}}}", descending.join(","));
    let table = one(event(1)).replace("{\"name\":\"x\"}", &wide);
    let answer = collector.send(table, &[]).await;
    assert_eq!(outcomes(&answer), ["stored"]);
    // As many keys as 256 KiB hold, which is more than an event may have: its id is found all the same.
    let many: Vec<String> = (0..20_000).rev().map(|n| format!("\"{n:05}\":0")).collect();
    let table = one(event(2)).replace("{\"name\":\"x\"}", &format!("{{{}}}", many.join(",")));
    let answer = collector.send(table, &[]).await;
    assert_eq!(outcomes(&answer), ["quarantined"]);
    assert_eq!(answer.json::<Value>()["results"][0]["reason"], "too_large");
    let body = format!("{{\"site\":\"pk_one\",\"sent_at\":0,\"events\":[{}0]}}", "0,".repeat(60_000));
    let answer = collector.send(body, &[]).await;
    answer.assert_status(StatusCode::BAD_REQUEST);
    assert_eq!(tag(&answer), "too_many_values");
}

#[tokio::test]
async fn t39_a_replayed_request_adds_nothing_and_a_very_old_one_counts_for_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let body = batch(&(1..=5).map(event).collect::<Vec<_>>()).to_string();
    let days = |n: i64| NOW + n * protocol::DAY;
    for (at, outcome, reason) in [
        (NOW, "stored", None),
        (days(8), "duplicate", None),
        (days(29), "duplicate", None),
        (days(31), "quarantined", Some("stale")),
    ] {
        let collector = collector_in(folder.path(), at).await;
        let before = collector.stored().await;
        let answer = collector.send(body.clone(), &[]).await;
        assert_eq!(outcomes(&answer), [outcome; 5], "{at}");
        assert_eq!(answer.json::<Value>()["results"][4]["reason"].as_str(), reason, "{at}");
        assert_eq!(collector.good().await, 5, "{at}");
        // What is too old is kept beside the reason.
        let added = if at == NOW || reason.is_some() { 5 } else { 0 };
        assert_eq!(collector.stored().await, before + added, "{at}");
    }
}

#[tokio::test]
async fn the_same_id_with_another_content_is_kept_beside_the_first_and_named() {
    let collector = collector().await;
    assert_eq!(outcomes(&collector.send(one(event(1)), &[]).await), ["stored"]);
    for _ in 0..2 {
        let answer = collector.send(one(with(1, &[("data", json!({ "name": "y" }))])), &[]).await;
        assert_eq!(outcomes(&answer), ["quarantined"]);
        let result = &answer.json::<Value>()["results"][0];
        assert_eq!((&result["reason"], &result["id"]), (&json!("id_conflict"), &json!(id(1))));
    }
    assert_eq!(outcomes(&collector.send(one(event(1)), &[]).await), ["duplicate"]);
    assert_eq!((collector.stored().await, collector.good().await), (2, 1), "both contents, each once");
    // The same of facts.
    for (value, expected) in [(5, "stored"), (5, "duplicate"), (6, "quarantined")] {
        let fact = json!({ "id": id(9), "account": "a", "name": "users", "value": value });
        let request = collector.server.post("/v1/facts").add_header("authorization", "Bearer sk_one");
        assert_eq!(outcomes(&request.json(&json!({ "facts": [fact] })).await), [expected]);
    }
}

#[tokio::test]
async fn s10_a_random_id_is_kept_under_one_that_begins_with_the_events_time() {
    let collector = collector().await;
    let random = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff";
    let body = one(with(1, &[("id", json!(random))]));
    let answer = collector.send(body.clone(), &[]).await;
    assert_eq!(outcomes(&answer), ["stored"]);
    assert_eq!(answer.json::<Value>()["results"][0]["id"], random, "the client knows its own id only");
    assert_eq!(outcomes(&collector.send(body, &[]).await), ["duplicate"]);
    // Far from the event's time, and of no time.
    let old = "01000000-0000-7000-8000-000000000001";
    collector.send(one(with(2, &[("id", json!(old))])), &[]).await.assert_status_ok();
    collector.send(one(with(3, &[("at", json!("broken"))])), &[]).await.assert_status_ok();
    collector.send(one(event(4)), &[]).await.assert_status_ok();
    let records = collector.records().await;
    let early = |record: &store::NewRecord| {
        let (seconds, _) = record.id.0.get_timestamp().unwrap().to_unix();
        (NOW / 1000 - i64::try_from(seconds).unwrap()).abs() <= 3600
    };
    assert_eq!(records.len(), 4);
    assert!(records.iter().all(early), "{records:?}");
    assert_eq!(records[3].id.to_string(), id(4), "what begins with its time stays as it is");
}

#[tokio::test]
async fn a_clock_that_is_set_leaves_the_events_of_a_session_in_their_order() {
    let hour = 3_600_000;
    for (name, at) in [
        ("ahead for a while", [-4_000, 3 * hour, 3 * hour + 1_000, -1_000]),
        ("set back", [3 * hour, 3 * hour + 1_000, -2_000, -1_000]),
        ("behind for a while", [-4_000, -3 * hour, -2_000, -1_000]),
        ("as it should be", [-4_000, -3_000, -2_000, -1_000]),
    ] {
        let collector = collector().await;
        let events: Vec<Value> = (1..).zip(at).map(|(n, at)| with(n, &[("at", json!(NOW + at))])).collect();
        let answer = collector.send(batch(&events).to_string(), &[]).await;
        assert_eq!(outcomes(&answer), ["stored"; 4], "{name}");
        let times: Vec<i64> = collector.records().await.iter().map(|record| record.at - NOW).collect();
        assert!(times.is_sorted() && times[3] == -1_000, "{name}: {times:?}");
        if name == "as it should be" {
            assert_eq!(times, at, "nothing is moved without need");
        }
    }
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
    let mut starts: Vec<_> = kept.iter().map(|one| (&*one.tag, one.prefix.get(..2).unwrap_or(""))).collect();
    starts.sort_unstable();
    let malformed = |start| ("malformed", start);
    let [a, b, c] = [malformed("{\""), malformed("{\""), malformed("{}")];
    assert_eq!(
        starts,
        [("bad_gzip", "{\""), a, b, c, ("too_deep", "[[")],
        "the start of each is kept: {kept:?}"
    );
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
