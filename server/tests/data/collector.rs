//! A collector over a real store, as browsers and backends reach it.

use std::sync::Arc;

use axum_test::{TestRequest, TestResponse, TestServer};
use serde_json::{Value, json};
use store::{Mark, NewSite, Record, SiteId, Store, suite};
use store_sqlite::SqliteStore;
use tabiji_server::app::App;
use tabiji_server::clock::StoppedClock;
use tabiji_server::config::Config;
use tabiji_server::{crypto, router};
use tempfile::TempDir;

pub const NOW: i64 = 1_790_000_000_000;
pub const ONE: SiteId = SiteId(1);

pub struct Collector {
    pub server: TestServer,
    pub store: Arc<dyn Store>,
    pub folder: TempDir,
}

impl Collector {
    /// A collector with the sites `one` and `two`.
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store: Arc<dyn Store> = Arc::new(SqliteStore::open(folder.path()).unwrap());
        for name in ["one", "two"] {
            let secret_hash = crypto::digest(&format!("sk_{name}"));
            store.add_site(NewSite { secret_hash, ..suite::site(name) }).await.unwrap();
        }
        let server = serve(&store, &folder, NOW);
        Self { server, store, folder }
    }

    /// The same collector at another moment.
    pub fn at(&self, now: i64) -> TestServer {
        serve(&self.store, &self.folder, now)
    }

    /// Sends events as a guest whose clock shows `sent_at`; returns the results.
    pub async fn send(&self, sent_at: i64, events: &str) -> Vec<(String, String)> {
        let who = json!({ "user": "u1" });
        let body = format!(r#"{{"site":"pk_one","who":{who},"sent_at":{sent_at},"events":[{events}]}}"#);
        let answer = self.post(body.into_bytes()).await;
        answer.assert_status_ok();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let results = answer.json::<Value>()["results"].clone();
        results.as_array().unwrap().iter().map(|one| (text(&one["outcome"]), text(&one["reason"]))).collect()
    }

    /// Posts a body to the intake.
    pub async fn post(&self, body: Vec<u8>) -> TestResponse {
        self.server.post("/v1/events").bytes(body.into()).content_type("text/plain").await
    }

    /// Names the backend of a site.
    pub fn backend(&self, request: TestRequest, site: &str) -> TestRequest {
        request.add_header("authorization", format!("Bearer sk_{site}"))
    }

    /// Everything in the journal of the first site.
    pub async fn journal(&self) -> Vec<Record> {
        self.store.records(ONE, &Mark::start(), 10_000).await.unwrap()
    }
}

fn serve(store: &Arc<dyn Store>, folder: &TempDir, now: i64) -> TestServer {
    let config = Config { data: folder.path().to_owned(), ..Config::default() };
    TestServer::new(router::router(App::new(Arc::clone(store), Arc::new(StoppedClock(now)), config)))
}

/// An id that nothing else has.
pub fn id(n: u64) -> String {
    protocol::ids::EventId::new(NOW.unsigned_abs() + n, [3; 10]).to_string()
}

/// An event of one visit, at a time of the client's clock, with this JSON as its data.
pub fn event(n: u64, at: i64, kind: &str, data: &str) -> String {
    let (id, session) = (id(n), id(0));
    format!(r#"{{"id":"{id}","at":{at},"session":"{session}","n":{n},"kind":"{kind}","data":{data}}}"#)
}
