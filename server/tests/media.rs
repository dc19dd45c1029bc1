//! Clips over the whole router: addresses, ranges, and who may have them.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::sync::Arc;

use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum_test::{TestResponse, TestServer};
use protocol::stored::{CaptionTrack, Rendition, Video};
use protocol::widget::ClipsReply;
use serde_json::{Value, json};
use store::{NewSite, SiteId, Store, suite};
use store_sqlite::SqliteStore;
use tabiji_server::app::App;
use tabiji_server::clock::StoppedClock;
use tabiji_server::config::Config;
use tabiji_server::router;
use tempfile::TempDir;

const NOW: i64 = 1_790_000_000_000;
const HOUR: i64 = 60 * 60 * 1000;
const FILE: &str = "first-0123456789.mp4";

struct Shelf {
    store: Arc<dyn Store>,
    folder: TempDir,
    content: Vec<u8>,
}

impl Shelf {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store: Arc<dyn Store> = Arc::new(SqliteStore::open(folder.path()).unwrap());
        for name in ["one", "two"] {
            let site = NewSite {
                identity_secret: format!("secret of {name}"),
                origins: vec![format!("https://{name}.example.com")],
                ..suite::site(name)
            };
            store.add_site(site).await.unwrap();
        }
        let files = folder.path().join("media/1");
        std::fs::create_dir_all(&files).unwrap();
        let content: Vec<u8> = (0..200_000u32).map(|n| (n % 251) as u8).collect();
        std::fs::write(files.join(FILE), &content).unwrap();
        std::fs::write(files.join("first-ja.vtt"), "WEBVTT\n").unwrap();
        let film = Video {
            version: String::new(),
            clip: "first".into(),
            seconds: 80.0,
            poster: None,
            renditions: vec![Rendition { file: FILE.into(), width: 854, height: 480, bytes: 200_000 }],
            captions: vec![CaptionTrack {
                lang: "ja".into(),
                file: "first-ja.vtt".into(),
                ..CaptionTrack::default()
            }],
        };
        store.upsert_video(SiteId(1), film).await.unwrap();
        Self { store, folder, content }
    }

    /// The collector at a moment.
    fn at(&self, now: i64) -> TestServer {
        let config = Config { data: self.folder.path().to_owned(), ..Config::default() };
        TestServer::new(router::router(App::new(
            Arc::clone(&self.store),
            Arc::new(StoppedClock(now)),
            config,
        )))
    }
}

async fn clips(server: &TestServer, site: &str) -> ClipsReply {
    let who = json!({ "site": format!("pk_{site}"), "who": { "user": "u1" }, "locale": "ja" });
    let answer = server.post("/v1/clips").json(&who).await;
    answer.assert_status_ok();
    answer.json()
}

async fn address(server: &TestServer) -> String {
    format!("/{}", clips(server, "one").await.videos[0].renditions[0].file)
}

async fn ask(
    server: &TestServer,
    method: Method,
    address: &str,
    headers: &[(HeaderName, &str)],
) -> TestResponse {
    let mut request = server.method(method, address);
    for (name, value) in headers {
        request = request.add_header(name.clone(), HeaderValue::from_str(value).unwrap());
    }
    request.await
}

async fn range(server: &TestServer, address: &str, range: &str) -> TestResponse {
    ask(server, Method::GET, address, &[(header::RANGE, range)]).await
}

#[tokio::test]
async fn v2_ranges_are_answered_as_browsers_ask_for_them() {
    let shelf = Shelf::new().await;
    let server = shelf.at(NOW);
    let address = address(&server).await;
    for (asked, from, to) in [
        ("bytes=0-1", 0, 1),
        ("bytes=1000-1999", 1000, 1999),
        ("bytes=-500", 199_500, 199_999),
        ("bytes=199990-", 199_990, 199_999),
        ("bytes=199990-999999", 199_990, 199_999),
    ] {
        let part = range(&server, &address, asked).await;
        assert_eq!(part.status_code(), StatusCode::PARTIAL_CONTENT, "{asked}");
        assert_eq!(part.header(header::CONTENT_RANGE), format!("bytes {from}-{to}/200000"), "{asked}");
        assert_eq!(part.as_bytes().as_ref(), &shelf.content[from..=to], "{asked}");
    }
    let past = range(&server, &address, "bytes=200000-").await;
    assert_eq!(past.status_code(), StatusCode::RANGE_NOT_SATISFIABLE);
    assert_eq!(past.header(header::CONTENT_RANGE), "bytes */200000");
    let whole = ask(&server, Method::GET, &address, &[]).await;
    assert_eq!((whole.status_code(), whole.as_bytes().len()), (StatusCode::OK, 200_000));
    assert_eq!(whole.header(header::CONTENT_TYPE), "video/mp4");
    assert_eq!(whole.header(header::ACCEPT_RANGES), "bytes");
    let head = ask(&server, Method::HEAD, &address, &[]).await;
    assert_eq!(head.header(header::CONTENT_LENGTH), "200000");
    assert_eq!(head.as_bytes().len(), 0);
    let part_of_head = ask(&server, Method::HEAD, &address, &[(header::RANGE, "bytes=0-1")]).await;
    assert_eq!(part_of_head.status_code(), StatusCode::OK);
    let two = range(&server, &address, "bytes=0-1,5-9").await;
    assert_eq!((two.status_code(), two.as_bytes().len()), (StatusCode::OK, 200_000));
    let etag = whole.header(header::ETAG);
    let etag = etag.to_str().unwrap();
    let known = ask(&server, Method::GET, &address, &[(header::IF_NONE_MATCH, etag)]).await;
    assert_eq!(known.status_code(), StatusCode::NOT_MODIFIED);
    // A range of another version of the file is no range of this one.
    for (held, expected) in [(etag, StatusCode::PARTIAL_CONTENT), ("\"first-old.mp4\"", StatusCode::OK)] {
        let conditions = [(header::RANGE, "bytes=0-9"), (header::IF_RANGE, held)];
        assert_eq!(ask(&server, Method::GET, &address, &conditions).await.status_code(), expected, "{held}");
    }
}

#[tokio::test]
async fn c42_an_address_is_one_sites_and_leads_nowhere_else() {
    let shelf = Shelf::new().await;
    let server = shelf.at(NOW);
    let good = address(&server).await;
    let status = async |address: &str, headers: &[(HeaderName, &str)]| {
        ask(&server, Method::GET, address, headers).await.status_code()
    };
    assert_eq!(clips(&server, "two").await.videos, []);
    let (path, signed) = good.split_once('?').unwrap();
    for bad in [
        good.replace("pk_one", "pk_two"),
        path.to_owned(),
        good.replace("sign=", "sign=0"),
        good.replace(FILE, "first-ja.vtt"),
        format!("/v1/media/pk_one/..%2f..%2ftabiji.db?{signed}"),
        format!("/v1/media/pk_one/%2e%2e?{signed}"),
        format!("/v1/media/pk_nobody/{FILE}?{signed}"),
    ] {
        assert_eq!(status(&bad, &[]).await, StatusCode::NOT_FOUND, "{bad}");
        assert_eq!(status(&bad, &[(header::RANGE, "bytes=0-1")]).await, StatusCode::NOT_FOUND, "{bad}");
    }
    // Neither does another site's page find it, nor that site's own signature for the same name.
    let two = shelf.store.site_by_public_key(&"pk_two".into()).await.unwrap().unwrap();
    let theirs = format!("/{}", tabiji_server::widget::clips::address(&two, FILE, NOW));
    let mut absent = Vec::new();
    for range in [None, Some("bytes=0-1"), Some("bytes=-500"), Some("bytes=200000-")] {
        let range = range.map(|range| (header::RANGE, range));
        for (address, origin) in [
            (&good, Some("https://two.example.com")),
            (&good, Some("null")),
            (&theirs, None),
            (&theirs, Some("https://two.example.com")),
        ] {
            let origin = origin.map(|origin| (header::ORIGIN, origin));
            let headers: Vec<_> = range.iter().chain(&origin).cloned().collect();
            for method in [Method::GET, Method::HEAD] {
                let answer = ask(&server, method.clone(), address, &headers).await;
                assert_eq!(answer.status_code(), StatusCode::NOT_FOUND, "{method} {address} {headers:?}");
                if method == Method::GET {
                    absent.push(answer.text());
                }
            }
        }
    }
    absent.dedup();
    assert_eq!(absent.len(), 1, "one answer, whatever is wrong: {absent:?}");
    let own = ask(&server, Method::GET, &good, &[(header::ORIGIN, "https://one.example.com")]).await;
    assert_eq!(own.header(header::ACCESS_CONTROL_ALLOW_ORIGIN), "https://one.example.com");
    // Good for hours, and the same address for all of them, so that browsers keep what they have.
    assert_eq!(address(&shelf.at(NOW + HOUR)).await, good);
    let later = ask(&shelf.at(NOW + 11 * HOUR), Method::GET, &good, &[]).await;
    assert_eq!(later.status_code(), StatusCode::OK);
    let too_late = ask(&shelf.at(NOW + 25 * HOUR), Method::GET, &good, &[]).await;
    assert_eq!(too_late.status_code(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn c42_a_signature_for_a_bad_name_opens_nothing() {
    let shelf = Shelf::new().await;
    std::fs::write(shelf.folder.path().join("media/1/notes.txt"), "secret").unwrap();
    let mut film = shelf.store.videos(SiteId(1)).await.unwrap().remove(0);
    for name in ["notes.txt", "../../tabiji.db", ".hidden.mp4", "missing-00.mp4"] {
        film.renditions[0].file = name.into();
        shelf.store.upsert_video(SiteId(1), film.clone()).await.unwrap();
        let server = shelf.at(NOW);
        let address = address(&server).await;
        assert_eq!(
            ask(&server, Method::GET, &address, &[]).await.status_code(),
            StatusCode::NOT_FOUND,
            "{name}"
        );
    }
}

#[tokio::test]
async fn v3_what_was_watched_is_known_on_every_device_of_the_person() {
    let shelf = Shelf::new().await;
    let server = shelf.at(NOW);
    let report = |n: u64, seen: &str, at: f64| -> Value {
        json!({ "id": protocol::ids::EventId::new(NOW.unsigned_abs() + n, [3; 10]), "at": NOW, "session": protocol::ids::EventId::new(NOW.unsigned_abs(), [3; 10]), "n": n,
                "kind": "video.progress", "data": { "clip": "first", "seen": seen, "at": at } })
    };
    let events = [report(3, "0-40", 41.0), report(1, "30-60", 60.0), report(2, "0-12,x", 99.0)];
    let batch = json!({ "site": "pk_one", "who": { "user": "u1" }, "sent_at": NOW, "events": events });
    server.post("/v1/events").json(&batch).await.assert_status_ok();
    suite::projected(&shelf.store).await;
    let watched = clips(&server, "one").await.watched.get("first").cloned();
    let watched = watched.unwrap();
    assert_eq!(
        (watched.at, String::from(watched.seen)),
        (41.0, "0-60".to_owned()),
        "the union, and the newest place"
    );
}
