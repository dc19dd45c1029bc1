//! What a page learns that may not embed the widget, and what its developer finds in the console: the refusal with
//! its sentence, and nothing else.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::sync::Arc;

use axum::http::{Method, StatusCode};
use axum_test::{TestResponse, TestServer};
use serde_json::{Value, json};
use store::{NewSite, PreviousKeys, Sighting, Site, SiteId, Store, suite};
use store_sqlite::SqliteStore;
use tabiji_server::app::App;
use tabiji_server::clock::StoppedClock;
use tabiji_server::config::Config;
use tabiji_server::{crypto, router};
use tempfile::TempDir;

const NOW: i64 = 1_790_000_000_000;
const APP: &str = "https://app.example.com";
const TWO: &str = "https://two.example.com";
const STRANGER: &str = "http://localhost:3000";

struct Collector {
    server: TestServer,
    store: Arc<dyn Store>,
    _folder: TempDir,
}

fn site(name: &str, origin: &str) -> NewSite {
    let secret_hash = crypto::digest(&format!("sk_{name}"));
    NewSite { secret_hash, origins: vec![origin.into()], ..suite::site(name) }
}

async fn collector() -> Collector {
    let folder = tempfile::tempdir().unwrap();
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(folder.path()).unwrap());
    store.add_site(site("one", APP)).await.unwrap();
    store.add_site(site("two", TWO)).await.unwrap();
    let app = App::new(Arc::clone(&store), Arc::new(StoppedClock(NOW)), Config::default());
    Collector { server: TestServer::new(router::router(app)), store, _folder: folder }
}

impl Collector {
    async fn session(&self, origin: &str, body: &Value) -> TestResponse {
        let request = self.server.post("/v1/session").bytes(body.to_string().into_bytes().into());
        request.content_type("text/plain").add_header("origin", origin).await
    }

    async fn fact(&self, key: &str) -> TestResponse {
        let body =
            json!({ "facts": [{ "id": suite::id(NOW, 1), "account": "a", "name": "users", "value": 5 }] });
        self.server.post("/v1/facts").add_header("authorization", format!("Bearer {key}")).json(&body).await
    }

    /// Waits for what is written beside the requests.
    async fn refused(&self, site: Option<SiteId>, n: usize) -> Vec<(String, Option<String>)> {
        loop {
            let all = self.store.refused_requests(site).await.unwrap();
            if all.len() >= n {
                let mut all: Vec<_> = all.into_iter().map(|one| (one.tag, one.origin)).collect();
                all.sort();
                return all;
            }
            tokio::task::yield_now().await;
        }
    }
}

fn guest(key: &str) -> Value {
    json!({ "site": key, "who": { "user": "u1" }, "locale": "en" })
}

/// Who may read the answer, with credentials or without.
fn readers(answer: &TestResponse) -> Option<String> {
    assert!(answer.maybe_header("access-control-allow-credentials").is_none(), "never with credentials");
    answer.maybe_header("access-control-allow-origin").map(|value| value.to_str().unwrap().to_owned())
}

#[tokio::test]
async fn a_page_that_no_site_lists_reads_why_it_is_refused_and_nothing_else() {
    let collector = collector().await;
    for (origin, key, tag, status) in [
        (STRANGER, "pk_one", "foreign_origin", StatusCode::FORBIDDEN),
        (TWO, "pk_one", "foreign_origin", StatusCode::FORBIDDEN),
        (STRANGER, "pk_nobody", "unknown_key", StatusCode::UNAUTHORIZED),
        (STRANGER, "sk_one", "secret_key_in_browser", StatusCode::FORBIDDEN),
    ] {
        let answer = collector.session(origin, &guest(key)).await;
        answer.assert_status(status);
        assert_eq!(readers(&answer).as_deref(), Some("*"), "{origin} {key}");
        let body = answer.json::<Value>();
        assert_eq!(body["error"]["tag"], tag);
        assert_eq!(body.as_object().unwrap().len(), 1, "{body}");
        assert!(!answer.text().contains("example.com"), "it names no origin that is listed");
    }
    // Whatever else is answered cannot be read.
    for body in
        [json!("not a session"), json!({ "site": "pk_one" }), json!([[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]])]
    {
        let answer = collector.session(STRANGER, &body).await;
        assert!(answer.status_code().is_client_error());
        let tag = answer.json::<Value>()["error"]["tag"].clone();
        assert_eq!(readers(&answer).is_some(), tag == "foreign_origin", "{tag}");
    }
    let known = collector.session(APP, &guest("pk_one")).await;
    assert_eq!(readers(&known).as_deref(), Some(APP));
}

#[tokio::test]
async fn a_preflight_of_a_stranger_permits_a_post_without_credentials_for_a_moment() {
    let collector = collector().await;
    for (origin, allowed, seconds) in [(STRANGER, "*", "5"), (APP, APP, "86400")] {
        let preflight = collector.server.method(Method::OPTIONS, "/v1/session").add_header("origin", origin);
        let preflight = preflight.add_header("access-control-request-method", "POST").await;
        preflight.assert_status(StatusCode::NO_CONTENT);
        assert_eq!(readers(&preflight).as_deref(), Some(allowed));
        assert_eq!(preflight.header("access-control-allow-methods"), "POST");
        assert_eq!(preflight.header("access-control-max-age"), seconds);
    }
    let routes = ["/v1/facts", "/api/session", "/api/integration"];
    for path in routes {
        let preflight = collector.server.method(Method::OPTIONS, path).add_header("origin", STRANGER).await;
        assert_eq!(readers(&preflight), None, "{path} is not for pages");
    }
}

#[tokio::test]
async fn refusals_are_kept_for_the_people_who_embed_the_widget() {
    let collector = collector().await;
    let (one, two) = (SiteId(1), SiteId(2));
    collector.session(STRANGER, &guest("pk_one")).await;
    let token = json!({ "site": "pk_one", "token": "eyJ…", "locale": "en" });
    collector.session(APP, &token).await;
    collector.fact("sk_nobody").await;
    let page = |tag: &str, origin: &str| (tag.to_owned(), Some(origin.to_owned()));
    let expected = [page("bad_token", APP), page("foreign_origin", STRANGER)];
    assert_eq!(collector.refused(Some(one), 2).await, expected);
    assert_eq!(collector.refused(None, 1).await, [("unknown_key".to_owned(), None)]);
    assert!(collector.refused(Some(two), 0).await.is_empty(), "another site's are its own");
}

#[tokio::test]
async fn what_works_is_kept_from_the_first_request_on() {
    let collector = collector().await;
    collector.session(APP, &guest("pk_one")).await.assert_status_ok();
    collector.fact("sk_one").await.assert_status_ok();
    let seen = loop {
        let seen = collector.store.sightings(SiteId(1)).await.unwrap();
        if seen.len() == 2 {
            break seen;
        }
        tokio::task::yield_now().await;
    };
    assert_eq!(seen[0].sighting, Sighting::Page { origin: APP.into() }, "a guest is no accepted token");
    assert_eq!(seen[1].sighting, Sighting::Fact { name: "users".into(), account: "a".into() });
}

#[tokio::test]
async fn a_site_works_at_once_and_a_replaced_key_until_its_time() {
    let collector = collector().await;
    collector.fact("sk_one").await.assert_status_ok();
    // The clock stands still, so nothing is old enough to be read again for its age.
    let id = collector.store.add_site(site("new", "https://new.example.com")).await.unwrap();
    collector.fact("sk_new").await.assert_status_ok();
    let rotated = |until| Site {
        id,
        settings: NewSite {
            secret_hash: crypto::digest("sk_newer"),
            ..site("new", "https://new.example.com")
        },
        previous: PreviousKeys {
            secret_hash: Some((crypto::digest("sk_new"), until)),
            ..PreviousKeys::default()
        },
    };
    collector.store.update_site(rotated(NOW + 1)).await.unwrap();
    collector.fact("sk_newer").await.assert_status_ok();
    collector.fact("sk_new").await.assert_status_ok();
    collector.store.update_site(rotated(NOW)).await.unwrap();
    collector.fact("sk_unknown").await.assert_status(StatusCode::UNAUTHORIZED);
    collector.fact("sk_new").await.assert_status(StatusCode::UNAUTHORIZED);
    collector.fact("sk_newer").await.assert_status_ok();
}

/// T37: what a key once opened makes no difference: it is looked for like any other that opens nothing.
#[tokio::test]
async fn t37_a_key_whose_day_is_over_is_looked_for_like_one_that_never_was() {
    let collector = collector().await;
    let id = collector.store.add_site(site("new", "https://new.example.com")).await.unwrap();
    let opened_by = |key: &str| Site {
        id,
        settings: NewSite { secret_hash: crypto::digest(key), ..site("new", "https://new.example.com") },
        previous: PreviousKeys {
            secret_hash: Some((crypto::digest("sk_new"), NOW)),
            ..PreviousKeys::default()
        },
    };
    collector.store.update_site(opened_by("sk_newer")).await.unwrap();
    collector.fact("sk_new").await.assert_status(StatusCode::UNAUTHORIZED);
    // The clock stands still: the sites are read again for the sake of a key that is not known, and for nothing else.
    for key in ["sk_new", "sk_newest"] {
        collector.store.update_site(opened_by(key)).await.unwrap();
        collector.fact(key).await.assert_status_ok();
    }
}
