//! Every route with its admission, and what admissions refuse.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod apart;
mod below_path;
mod callers;
mod headers;
mod openapi;
mod world;

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use axum::response::Response;
use serde_json::json;
use store::{NewSite, Store, suite};
use store_sqlite::SqliteStore;
use tabiji_server::app::App;
use tabiji_server::auth::Route;
use tabiji_server::clock::StoppedClock;
use tabiji_server::config::{Config, Limits};
use tabiji_server::{crypto, router};
use tempfile::TempDir;
use tower::ServiceExt;

const NOW: i64 = 1_790_000_000_000;
const ID: &str = "01990000-0000-7000-8000-000000000001";

/// Admissions whose requests are paid for by the site's budget and read in the intake.
const READ: [&str; 2] = ["WidgetCaller", "HostBackend"];

async fn collector(limits: Limits) -> (Router, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(folder.path()).unwrap());
    let site = NewSite { secret_hash: crypto::digest("sk_one"), ..suite::site("one") };
    store.add_site(site).await.unwrap();
    let config = Config { data: folder.path().to_owned(), limits, ..Config::default() };
    (router::router(App::new(store, Arc::new(StoppedClock(NOW)), config)), folder)
}

/// A request that every admission of its kind lets in as far as its limits.
fn request(route: &Route) -> Request<Body> {
    let who = json!({ "user": "u1", "account": "a1" });
    let hello = json!({ "v": 1, "site": "pk_one", "who": who });
    let body = json!({
        "v": 1, "site": "pk_one", "who": who, "hello": hello, "sent_at": NOW, "since": -1, "events": [],
        "frames": [], "facts": [], "id": ID, "c": ID, "name": "a.txt", "size": 1, "locale": "en",
    });
    let path = route.path.replace("{site}", "pk_one").replace("{conversation}", ID).replace("{id}", ID);
    let path = path.replace("{file}", "a.mp4").replace("{name}", "setup").replace("{*page}", "x");
    Request::builder()
        .method(route.method.to_uppercase().as_str())
        .uri(format!("{path}?until={NOW}&sign=00&at=0&site=pk_one"))
        .header(header::AUTHORIZATION, "Bearer sk_one")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(body.to_string()))
        .unwrap()
}

async fn ask(router: &Router, route: &Route) -> Response {
    router.clone().oneshot(request(route)).await.unwrap()
}

fn with_admission(names: &[&str]) -> Vec<Route> {
    let all =
        router::routes().into_iter().filter(|route| names.contains(&route.admission)).collect::<Vec<_>>();
    assert!(!all.is_empty(), "{names:?}");
    all
}

#[test]
fn every_route_is_listed_with_the_admission_that_guards_it() {
    let mut listed: Vec<String> =
        router::routes().iter().map(|at| format!("{} {} {}", at.admission, at.method, at.path)).collect();
    listed.sort();
    let expected = include_str!("routes.txt");
    assert_eq!(listed.join("\n"), expected.trim_end(), "a route is new, gone, or guarded by something else");
}

#[tokio::test]
async fn a_site_that_spent_its_budget_is_told_when_to_come_again_on_every_route() {
    for route in with_admission(&[READ[0], READ[1], "SignedAddress", "WidgetPage"]) {
        let limits = Limits { requests_per_second: NonZeroU32::MIN, ..Limits::default() };
        let (router, _folder) = collector(limits).await;
        let mut refused = None;
        for _ in 0..5 {
            let answer = ask(&router, &route).await;
            if answer.status() == StatusCode::TOO_MANY_REQUESTS {
                refused = Some(answer);
                break;
            }
        }
        let refused = refused.unwrap_or_else(|| panic!("{route:?} is not limited"));
        assert_eq!(refused.headers()[header::RETRY_AFTER], "1", "{route:?}");
    }
}

#[tokio::test]
async fn no_body_is_read_where_there_is_no_room_for_it() {
    let (router, _folder) = collector(Limits { open_requests: 0, ..Limits::default() }).await;
    for route in with_admission(&READ) {
        let answer = ask(&router, &route).await;
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE, "{route:?}");
        assert_eq!(answer.headers()[header::RETRY_AFTER], "1", "{route:?}");
    }
}

#[tokio::test]
async fn a_held_question_leaves_its_place_to_those_that_are_read() {
    let (router, _folder) = collector(Limits { open_requests: 1, ..Limits::default() }).await;
    let progress = router::routes().into_iter().find(|route| route.path == "/v1/progress").unwrap();
    let body = json!({ "site": "pk_one", "who": { "user": "u1" }, "since": i64::MAX }).to_string();
    let held = router
        .clone()
        .oneshot(Request::builder().method("POST").uri(progress.path).body(Body::from(body)).unwrap());
    let held = tokio::spawn(held);
    // One turn of the only thread: the question has been let in.
    tokio::task::yield_now().await;
    let session = router::routes().into_iter().find(|route| route.path == "/v1/session").unwrap();
    let answered = async {
        while ask(&router, &session).await.status() == StatusCode::SERVICE_UNAVAILABLE {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(5), answered).await.unwrap();
    assert!(!held.is_finished(), "it still waits");
    held.abort();
}

#[tokio::test]
async fn the_console_is_closed_to_everybody_who_is_not_signed_in() {
    let (router, _folder) = collector(Limits::default()).await;
    for route in with_admission(&["SignedIn", "SiteAccess"]) {
        assert_eq!(ask(&router, &route).await.status(), StatusCode::UNAUTHORIZED, "{route:?}");
    }
}

#[tokio::test]
async fn a_backend_needs_the_secret_key_on_every_route() {
    let (router, _folder) = collector(Limits::default()).await;
    for route in with_admission(&["HostBackend"]) {
        let mut stranger = request(&route);
        stranger.headers_mut().insert(header::AUTHORIZATION, "Bearer sk_two".parse().unwrap());
        let answer = router.clone().oneshot(stranger).await.unwrap();
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{route:?}");
        let mut browser = request(&route);
        browser.headers_mut().insert(header::ORIGIN, "https://app.example.com".parse().unwrap());
        let answer = router.clone().oneshot(browser).await.unwrap();
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{route:?}");
    }
}
