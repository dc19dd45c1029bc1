//! What strangers of one site may use, and that nobody else notices: neither verified people, nor the host's backend,
//! nor other sites.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::num::NonZeroU32;
use std::path::Path;
use std::sync::Arc;

use axum::http::StatusCode;
use axum_test::{TestResponse, TestServer};
use jsonwebtoken::{EncodingKey, Header, encode};
use protocol::ids::EventId;
use serde_json::{Value, json};
use store::{GuestUse, NewSite, SiteId, Store, suite};
use store_sqlite::SqliteStore;
use tabiji_server::app::App;
use tabiji_server::clock::StoppedClock;
use tabiji_server::config::{Config, Limits};
use tabiji_server::{crypto, random, router};
use tempfile::TempDir;

const NOW: i64 = 1_790_000_000_000;
/// Room for everything.
const ALL: GuestUse = GuestUse {
    records: 1_000_000,
    bytes: 1_000_000_000,
    accounts: 1_000_000,
    conversations: 1_000_000,
    files: 1_000_000,
    sockets: 1_000_000,
};

struct Collector {
    server: TestServer,
    app: App,
    store: Arc<dyn Store>,
}

async fn open(folder: &Path, limits: Limits) -> Collector {
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(folder).unwrap());
    if store.sites().await.unwrap().is_empty() {
        for name in ["one", "two"] {
            let secret_hash = crypto::digest(&format!("sk_{name}"));
            store.add_site(NewSite { secret_hash, ..suite::site(name) }).await.unwrap();
        }
    }
    let config = Config { data: folder.to_owned(), limits, ..Config::default() };
    let app = App::new(Arc::clone(&store), Arc::new(StoppedClock(NOW)), config);
    Collector { server: TestServer::new(router::router(app.clone())), app, store }
}

async fn with_guests(guests: GuestUse) -> (Collector, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    (open(folder.path(), Limits { guests, ..Limits::default() }).await, folder)
}

fn events(n: usize) -> Vec<Value> {
    let event =
        || json!({ "id": random::id(NOW), "at": NOW, "session": random::id(NOW), "n": 1, "kind": "custom" });
    (0..n).map(|_| event()).collect()
}

impl Collector {
    async fn post(&self, path: &str, body: &Value) -> TestResponse {
        self.server.post(path).bytes(body.to_string().into_bytes().into()).content_type("text/plain").await
    }

    async fn guest(&self, site: &str, user: &str, events: Vec<Value>) -> TestResponse {
        let body = json!({ "site": site, "who": { "user": user }, "sent_at": NOW, "events": events });
        self.post("/v1/events", &body).await
    }

    async fn verified(&self) -> TestResponse {
        self.known(&self.token("u").await).await
    }

    /// The token of a person of the first site, whose company is named like them.
    async fn token(&self, user: &str) -> String {
        let secret = self.store.sites().await.unwrap()[0].identity_secret.clone();
        let claims = json!({ "sub": user, "account": user, "aud": "pk_one", "exp": NOW / 1000 + 600 });
        encode(&Header::default(), &claims, &EncodingKey::from_secret(secret.as_bytes())).unwrap()
    }

    async fn known(&self, token: &str) -> TestResponse {
        let body = json!({ "site": "pk_one", "token": token, "sent_at": NOW, "events": events(1) });
        self.post("/v1/events", &body).await
    }

    async fn fact(&self, key: &str) -> TestResponse {
        let fact = json!({ "id": random::id(NOW), "account": "a", "name": "users", "value": 5 });
        let request = self.server.post("/v1/facts").add_header("authorization", format!("Bearer {key}"));
        request.json(&json!({ "facts": [fact] })).await
    }

    async fn chat(&self, user: &str, frames: Value) -> TestResponse {
        self.say(&stranger("pk_one", user), frames).await
    }

    async fn say(&self, hello: &Value, frames: Value) -> TestResponse {
        self.post("/v1/chat/send", &json!({ "hello": hello, "frames": frames })).await
    }

    async fn file(&self, user: &str, size: u64) -> TestResponse {
        self.place(&stranger("pk_one", user), random::id(NOW), size).await
    }

    async fn place(&self, hello: &Value, id: EventId, size: u64) -> TestResponse {
        let body = json!({ "hello": hello, "id": id, "name": "a.txt", "size": size });
        self.post("/v1/chat/files", &body).await
    }

    /// Brings a file wholly and sends it with a message; whether all of it was taken.
    async fn send_file(&self, hello: &Value) -> bool {
        let (id, content) = (random::id(NOW), "what was asked for");
        let place = self.place(hello, id, content.len() as u64).await;
        if !place.status_code().is_success() {
            return false;
        }
        let to = format!("/{}&at=0", place.json::<Value>()["to"].as_str().unwrap());
        let brought = self.server.post(&to).bytes(content.into()).await.json::<Value>();
        assert_eq!(brought["file"]["id"], json!(id), "{brought}");
        let mut frames = say("here it is");
        frames[0]["body"]["file"] = json!({ "id": id });
        self.say(hello, frames).await.json::<Value>()[0]["t"] == "ack"
    }

    /// Everybody but the guests of the first site goes on.
    async fn others_go_on(&self) {
        self.verified().await.assert_status_ok();
        self.fact("sk_one").await.assert_status_ok();
        self.guest("pk_two", "u", events(1)).await.assert_status_ok();
    }
}

/// How a person without a token greets.
fn stranger(site: &str, user: &str) -> Value {
    json!({ "v": 1, "site": site, "who": { "user": user } })
}

fn say(text: &str) -> Value {
    json!([{ "t": "send", "mid": random::id(NOW), "ck": random::id(NOW), "body": { "text": text } }])
}

fn refused(answer: &TestResponse) {
    answer.assert_status(StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(answer.json::<Value>()["error"]["tag"], "guest_budget");
    let wait: u64 = answer.header("retry-after").to_str().unwrap().parse().unwrap();
    assert!((1..=3600).contains(&wait), "{wait}");
}

#[tokio::test]
async fn s3_guests_share_one_budget_of_records_and_bytes_and_nobody_else_notices() {
    for most in [GuestUse { records: 20, ..ALL }, GuestUse { bytes: 2_000, ..ALL }] {
        let (collector, _folder) = with_guests(most).await;
        let mut invented = 0;
        let last = loop {
            let answer = collector.guest("pk_one", &format!("u{invented}"), events(3)).await;
            if !answer.status_code().is_success() {
                break answer;
            }
            invented += 1;
            assert!(invented < 20, "{most:?} is no limit");
        };
        assert!(invented >= 2, "{most:?}");
        refused(&last);
        refused(&collector.guest("pk_one", "u0", events(20)).await);
        collector.others_go_on().await;
        let kept = collector.store.records(SiteId(1), &store::Mark::start(), 100).await.unwrap();
        assert_eq!(kept.len(), invented * 3 + 2, "what is refused leaves nothing behind");
    }
}

#[tokio::test]
async fn s3_guests_share_one_budget_of_accounts_and_known_ones_go_on() {
    let (collector, _folder) = with_guests(GuestUse { accounts: 2, ..ALL }).await;
    for user in ["a", "b", "a"] {
        collector.guest("pk_one", user, events(1)).await.assert_status_ok();
    }
    refused(&collector.guest("pk_one", "c", events(1)).await);
    collector.guest("pk_one", "b", events(1)).await.assert_status_ok();
    collector.others_go_on().await;
}

#[tokio::test]
async fn s3_guests_share_one_budget_of_conversations_files_and_messages() {
    let most = GuestUse { conversations: 2, files: 2, ..ALL };
    let (collector, _folder) = with_guests(most).await;
    for (user, expected) in [("a", "ack"), ("b", "ack"), ("c", "nack"), ("a", "nack")] {
        let answer = collector.chat(user, say("hello")).await.json::<Value>();
        assert_eq!(answer[0]["t"], expected, "{user}: {answer}");
        if expected == "nack" {
            assert!(answer[0]["retry_after"].as_u64().unwrap() > 60, "{answer}");
        }
    }
    for user in ["a", "b"] {
        collector.file(user, 10).await.assert_status_ok();
    }
    refused(&collector.file("c", 10).await);
    collector.others_go_on().await;
}

/// S3: strangers use up every part of a budget, and then more of it than they had goes to those who are known.
#[tokio::test]
async fn s3_past_the_budget_known_people_write_and_upload_the_backend_reports_and_another_site_is_as_ever() {
    let most = GuestUse { records: 10, bytes: 10_000, accounts: 2, conversations: 2, files: 2, ..ALL };
    let (collector, _folder) = with_guests(most).await;
    for invented in 0..20 {
        let user = format!("invented-{invented}");
        collector.guest("pk_one", &user, events(1)).await;
        collector.send_file(&stranger("pk_one", &user)).await;
        collector.chat(&user, say("hello")).await;
    }
    // Neither those who were there before nor others get anything more.
    for user in ["invented-0", "another"] {
        refused(&collector.guest("pk_one", user, events(10)).await);
        refused(&collector.file(user, 10).await);
        assert_eq!(collector.chat(user, say("hello")).await.json::<Value>()[0]["t"], "nack", "{user}");
    }
    for known in 0..5 {
        let token = collector.token(&format!("known-{known}")).await;
        let hello = json!({ "v": 1, "site": "pk_one", "tok": token });
        for _ in 0..3 {
            collector.known(&token).await.assert_status_ok();
            let said = collector.say(&hello, say("hello")).await.json::<Value>();
            assert_eq!(said[0]["t"], "ack", "{said}");
        }
        assert!(collector.send_file(&hello).await, "a file of known-{known}");
        collector.fact("sk_one").await.assert_status_ok();
        let about = collector.server.put("/v1/accounts/known-0").add_header("authorization", "Bearer sk_one");
        about.json(&json!({ "name": "Known" })).await.assert_status_success();
    }
    // The guests of the other site have all that a site has.
    for user in ["a", "b"] {
        collector.guest("pk_two", user, events(1)).await.assert_status_ok();
        assert!(collector.send_file(&stranger("pk_two", user)).await, "a file of {user}");
    }
}

#[tokio::test]
async fn s3_what_is_not_kept_or_was_there_before_is_given_back() {
    let (collector, _folder) = with_guests(GuestUse { records: 2, conversations: 2, ..ALL }).await;
    let first = say("hello");
    for (frames, expected) in [(&first, false), (&first, true), (&first, true)] {
        let answer = collector.chat("a", frames.clone()).await.json::<Value>();
        assert_eq!(answer[0]["t"], "ack", "{answer}");
        assert_eq!(answer[0]["dup"] == true, expected, "{answer}");
    }
    for _ in 0..3 {
        assert_eq!(collector.chat("b", say(" ")).await.json::<Value>()[0]["t"], "nack", "it says nothing");
    }
    assert_eq!(collector.chat("b", say("hello")).await.json::<Value>()[0]["t"], "ack");
    assert_eq!(collector.chat("b", say("hello")).await.json::<Value>()[0]["t"], "nack", "that was all");
}

#[tokio::test]
async fn s3_messages_under_one_key_are_one_conversation() {
    let said = async |collector: &Collector, user: &str, key: EventId| {
        let frames = json!([{ "t": "send", "mid": random::id(NOW), "ck": key, "body": { "text": "and" } }]);
        collector.chat(user, frames).await.json::<Value>()[0]["t"].clone()
    };
    let [one, other] = [random::id(NOW), random::id(NOW)];
    // What goes into a conversation needs no room for another one.
    let (collector, _folder) = with_guests(GuestUse { conversations: 1, ..ALL }).await;
    for (user, key, expected) in
        [("a", one, "ack"), ("a", one, "ack"), ("a", other, "nack"), ("b", one, "nack")]
    {
        assert_eq!(said(&collector, user, key).await, expected, "{user}");
    }
    // Of two that begin it at once, one gives back what it did not open.
    let (collector, _folder) = with_guests(GuestUse { conversations: 2, ..ALL }).await;
    let both = tokio::join!(said(&collector, "a", one), said(&collector, "a", one));
    assert_eq!(both, (json!("ack"), json!("ack")));
    assert_eq!(said(&collector, "b", one).await, "ack");
    assert_eq!(said(&collector, "c", one).await, "nack");
}

#[tokio::test]
async fn s3_the_budget_is_stored_and_another_day_has_another_one() {
    let folder = tempfile::tempdir().unwrap();
    let limits = Limits { guests: GuestUse { records: 10, ..ALL }, ..Limits::default() };
    let collector = open(folder.path(), limits.clone()).await;
    collector.guest("pk_one", "u", events(8)).await.assert_status_ok();
    collector.app.guests.write().await.unwrap();
    drop(collector);
    let again = open(folder.path(), limits).await;
    refused(&again.guest("pk_one", "u", events(3)).await);
    again.guest("pk_one", "u", events(2)).await.assert_status_ok();
    let today = NOW / protocol::DAY;
    again.app.guests.write().await.unwrap();
    assert_eq!(again.store.guest_use(SiteId(1), today).await.unwrap().records, 10);
    assert_eq!(again.store.guest_use(SiteId(1), today + 1).await.unwrap(), GuestUse::default());
    assert_eq!(again.store.guest_use(SiteId(2), today).await.unwrap(), GuestUse::default());
}

#[tokio::test]
async fn s6_t40_a_flood_of_one_key_is_refused_and_leaves_the_others_their_rate() {
    let folder = tempfile::tempdir().unwrap();
    let limits = Limits { requests_per_second: NonZeroU32::new(20).unwrap(), ..Limits::default() };
    let collector = open(folder.path(), limits).await;
    let mut refused = 0;
    for _ in 0..200 {
        let answer = collector.guest("pk_one", "u", events(1)).await;
        if answer.status_code() == StatusCode::TOO_MANY_REQUESTS {
            assert_eq!(answer.header("retry-after"), "1");
            refused += 1;
        }
    }
    // The burst, and what a slow machine took as long for.
    assert!(refused > 50, "{refused}");
    // Tokens that nobody signed are strangers, too.
    let forged =
        json!({ "site": "pk_one", "token": "eyJhbGciOiJIUzI1NiJ9.e30.x", "sent_at": NOW, "events": [] });
    while collector.post("/v1/events", &forged).await.status_code() != StatusCode::TOO_MANY_REQUESTS {}
    for _ in 0..10 {
        collector.others_go_on().await;
    }
}
