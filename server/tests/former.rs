//! An upgrade: pages with a loader of the release before go on, with the files that it names.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use axum::body::{Body, Bytes, to_bytes};
use axum::http::{Request, StatusCode};
use flate2::Compression;
use flate2::write::GzEncoder;
use store::Store;
use store_sqlite::SqliteStore;
use tabiji_server::app::App;
use tabiji_server::clock::StoppedClock;
use tabiji_server::config::Config;
use tabiji_server::router;
use tabiji_server::web::{assets, embedded, former};
use tower::ServiceExt;

const NOW: i64 = 1_790_000_000_000;
const DAY: i64 = 24 * 60 * 60 * 1000;

/// A collector on a folder, at a time.
fn collector(folder: &Path, now: i64) -> App {
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(folder).unwrap());
    let config = Config { data: folder.to_owned(), ..Config::default() };
    App::new(store, Arc::new(StoppedClock(now)), config)
}

struct Answer {
    status: StatusCode,
    headers: axum::http::HeaderMap,
    content: Bytes,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

async fn get(app: &App, path: &str, encodings: &str) -> Answer {
    let request = Request::get(path).header("accept-encoding", encodings).body(Body::empty()).unwrap();
    let answer = router::router(app.clone()).oneshot(request).await.unwrap();
    let (status, headers) = (answer.status(), answer.headers().clone());
    Answer { status, headers, content: to_bytes(answer.into_body(), 64 << 20).await.unwrap() }
}

fn packed(content: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(content).unwrap();
    packed.finish().unwrap()
}

/// Gives the folder what a collector of the release before has kept there.
async fn before(folder: &Path, app: &App, names: &[&str]) {
    former::keep(app).await.unwrap();
    for name in names {
        let file = folder.join("assets").join(format!("{name}.gz"));
        std::fs::write(&file, packed(name.as_bytes())).unwrap();
        let age = std::time::UNIX_EPOCH + std::time::Duration::from_millis(NOW.unsigned_abs());
        std::fs::File::options().write(true).open(file).unwrap().set_modified(age).unwrap();
    }
}

#[tokio::test]
async fn w8_files_of_the_release_before_are_served_for_thirty_days_after_an_upgrade() {
    let folder = tempfile::tempdir().unwrap();
    let names = ["widget-0a1b2c3d.js", "chat-0a1b2c3d.wasm", "tabiji@0.0.9.js"];
    before(folder.path(), &collector(folder.path(), NOW), &names).await;
    for days in [1, 29] {
        let upgraded = collector(folder.path(), NOW + days * DAY);
        former::keep(&upgraded).await.unwrap();
        for (name, kind) in names.iter().zip(["text/javascript", "application/wasm", "text/javascript"]) {
            let path =
                if name.starts_with("tabiji@") { format!("/{name}") } else { format!("/assets/{name}") };
            let plain = get(&upgraded, &path, "identity").await;
            assert_eq!((plain.status, &*plain.content), (StatusCode::OK, name.as_bytes()), "{path}");
            assert_eq!(plain.header("content-encoding"), "");
            assert!(plain.header("content-type").starts_with(kind), "{path}");
            assert!(plain.header("cache-control").contains("immutable"), "{path}");
            assert_eq!(plain.header("access-control-allow-origin"), "*", "{path}");
            let gzip = get(&upgraded, &path, "gzip, br").await;
            assert_eq!(
                (gzip.header("content-encoding"), &*gzip.content),
                ("gzip", &*packed(name.as_bytes()))
            );
        }
    }
    let later = collector(folder.path(), NOW + 31 * DAY);
    former::keep(&later).await.unwrap();
    let gone = get(&later, "/assets/widget-0a1b2c3d.js", "gzip").await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
    // A browser that was late must not keep the answer for when the file is there again.
    assert_eq!(gone.header("cache-control"), "no-store");
}

#[tokio::test]
async fn w8_a_collector_keeps_every_file_that_its_loader_can_ask_for() {
    assert!(assets::are_built(), "the assets are not built: cargo xtask assets");
    let folder = tempfile::tempdir().unwrap();
    // It runs for two months without an upgrade.
    for days in [0, 20, 40, 60] {
        former::keep(&collector(folder.path(), NOW + days * DAY)).await.unwrap();
    }
    let kept: Vec<_> = embedded::compressed().collect();
    assert!(kept.iter().any(|(name, _)| name.starts_with("widget-")), "{}", kept.len());
    for (name, content) in &kept {
        let file = folder.path().join("assets").join(format!("{name}.gz"));
        assert_eq!(*content, std::fs::read(&file).unwrap(), "{name}");
    }
    assert_eq!(std::fs::read_dir(folder.path().join("assets")).unwrap().count(), kept.len(), "nothing else");
    // The loader itself moves on within minutes.
    let app = collector(folder.path(), NOW);
    let loader = get(&app, "/tabiji.js", "gzip").await;
    assert!(loader.header("cache-control").contains("max-age=300"), "{}", loader.header("cache-control"));
    assert!(!loader.header("etag").is_empty());
}

#[tokio::test]
async fn w8_nothing_but_a_kept_file_is_read_from_the_folder() {
    let folder = tempfile::tempdir().unwrap();
    let app = collector(folder.path(), NOW);
    before(folder.path(), &app, &["widget-0a1b2c3d.js"]).await;
    std::fs::write(folder.path().join("secret.gz"), packed(b"secret")).unwrap();
    for name in
        ["..%2Fsecret", "%2e%2e%2fsecret", "..%5Csecret", ".", "..", "widget-0a1b2c3d.js.gz", "", "none.js"]
    {
        let answer = get(&app, &format!("/assets/{name}"), "gzip").await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{name}");
    }
}
