//! Today's collector with the site of a recording, and a clock that shows the recorded time.

use std::collections::BTreeMap;
use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use protocol::Millis;
use store::{ConsoleSession, Grant, NewSite, SiteId, Store, suite};
use store_sqlite::SqliteStore;
use tabiji_server::app::App;
use tabiji_server::clock::Clock;
use tabiji_server::config::Config;
use tabiji_server::{crypto, router};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::AbortHandle;

use crate::recording::Site;

/// Shows the time of the line that is replayed.
pub struct RecordedClock(AtomicI64);

impl RecordedClock {
    pub fn set(&self, now: Millis) {
        self.0.store(now, Ordering::Relaxed);
    }
}

impl Clock for RecordedClock {
    fn now(&self) -> Millis {
        self.0.load(Ordering::Relaxed)
    }
}

/// A collector on a real port; dropped, it is gone.
pub struct Collector {
    pub address: String,
    pub clock: Arc<RecordedClock>,
    pub store: Arc<dyn Store>,
    /// The session cookie of each agent.
    pub cookies: BTreeMap<String, String>,
    serving: AbortHandle,
    _folder: TempDir,
}

impl Drop for Collector {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Collector {
    pub async fn start(site: &Site, now: Millis) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store: Arc<dyn Store> = Arc::new(SqliteStore::open(folder.path()).unwrap());
        let id = add_site(&store, site).await;
        let media = folder.path().join("media").join(id.0.to_string());
        fs::create_dir_all(&media).unwrap();
        for (name, bytes) in &site.files {
            fs::write(media.join(name), vec![0; *bytes]).unwrap();
        }
        let mut cookies = BTreeMap::new();
        for email in &site.agents {
            cookies.insert(email.clone(), sign_in(&store, email, now).await);
        }
        let clock = Arc::new(RecordedClock(AtomicI64::new(now)));
        let config = Config { data: folder.path().to_owned(), ..Config::default() };
        let app = App::new(Arc::clone(&store), Arc::clone(&clock) as Arc<dyn Clock>, config);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let service = router::router(app).into_make_service_with_connect_info::<std::net::SocketAddr>();
        let serving = axum::serve(listener, service);
        let serving = tokio::spawn(async move { serving.await }).abort_handle();
        Self { address, clock, store, cookies, serving, _folder: folder }
    }

    /// Waits until everything that was written can be read.
    pub async fn settle(&self) {
        suite::projected(&self.store).await;
    }
}

async fn add_site(store: &Arc<dyn Store>, site: &Site) -> SiteId {
    let new = NewSite {
        name: site.name.clone(),
        public_key: site.public_key.as_str().into(),
        secret_hash: crypto::digest(&site.secret_key),
        identity_secret: site.identity_secret.clone(),
        identity_key: None,
        signing_secret: "signing".into(),
        origins: site.origins.clone(),
        verified_only: false,
    };
    let id = store.add_site(new).await.unwrap();
    for clip in &site.clips {
        store.upsert_video(id, serde_json::from_value(clip.clone()).unwrap()).await.unwrap();
    }
    id
}

/// Signs an agent in; gives the cookie.
async fn sign_in(store: &Arc<dyn Store>, email: &str, now: Millis) -> String {
    let (link, cookie) = (format!("link of {email}"), format!("cookie-of-{email}"));
    store.add_link(crypto::digest(&link), Grant::ALL, None, now + 1).await.unwrap();
    store.redeem_link(crypto::digest(&link), email, "none", now).await.unwrap();
    // The release before called them so.
    store.set_operator_name(email, email.split('@').next().unwrap()).await.unwrap();
    let session = ConsoleSession { email: email.into(), created: now, used: now, browser: String::new() };
    store.add_session(crypto::digest(&cookie), session).await.unwrap();
    cookie
}
