//! A collector that listens, and clients at addresses of this machine.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use jsonwebtoken::{EncodingKey, Header, encode};
use serde_json::{Value, json};
use store::{Mark, NewSite, SiteId, Store, suite};
use store_sqlite::SqliteStore;
use tabiji_server::app::App;
use tabiji_server::clock::{Clock, SystemClock};
use tabiji_server::config::{Config, Network};
use tabiji_server::{crypto, random, serve};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// Longer than anything here takes.
pub const PATIENCE: Duration = Duration::from_secs(60);

pub struct Collector {
    pub address: SocketAddr,
    pub store: Arc<dyn Store>,
    pub stop: Option<oneshot::Sender<()>>,
    pub serving: JoinHandle<()>,
    pub folder: TempDir,
}

pub async fn collector(choose: impl FnOnce(&mut Config)) -> Collector {
    let folder = tempfile::tempdir().unwrap();
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(folder.path()).unwrap());
    let secret_hash = crypto::digest("sk_one");
    store.add_site(NewSite { secret_hash, ..suite::site("one") }).await.unwrap();
    let mut config = Config { data: folder.path().to_owned(), ..Config::default() };
    choose(&mut config);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let app = App::new(Arc::clone(&store), Arc::new(SystemClock), config);
    let (stop, stopped) = oneshot::channel();
    let serving = tokio::spawn(async move {
        let stop = async { stopped.await.unwrap_or_default() };
        serve::serve(app, listener, None, stop).await.unwrap();
    });
    Collector { address, store, stop: Some(stop), serving, folder }
}

impl Collector {
    /// Connects from an address of this machine.
    pub async fn from(&self, address: &str) -> TcpStream {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(SocketAddr::new(address.parse::<IpAddr>().unwrap(), 0)).unwrap();
        socket.connect(self.address).await.unwrap()
    }

    pub async fn records(&self) -> usize {
        self.store.records(SiteId(1), &Mark::start(), 10_000).await.unwrap().len()
    }
}

pub fn event() -> String {
    let now = SystemClock.now();
    let event =
        json!({ "id": random::id(now), "at": now, "session": random::id(now), "n": 1, "kind": "custom" });
    json!({ "site": "pk_one", "who": { "user": "u" }, "sent_at": now, "events": [event] }).to_string()
}

pub fn head(path: &str, length: usize, more: &str) -> String {
    format!("POST {path} HTTP/1.1\r\nhost: x\r\ncontent-length: {length}\r\n{more}\r\n")
}

/// A question of a guest that is held open.
pub fn held(more: &str) -> String {
    held_by(&json!({ "user": "u" }), more)
}

/// A question that is held open, of a guest (an object) or of the person of a token.
pub fn held_by(person: &Value, more: &str) -> String {
    let key = if person.is_string() { "token" } else { "who" };
    let body = json!({ "site": "pk_one", key: person, "since": i64::MAX }).to_string();
    head("/v1/progress", body.len(), more) + &body
}

/// The token of a person.
pub fn token(user: &str) -> Value {
    let exp = SystemClock.now() / 1000 + 600;
    let claims = json!({ "sub": user, "account": "a", "aud": "pk_one", "exp": exp });
    json!(encode(&Header::default(), &claims, &EncodingKey::from_secret(b"secret")).unwrap())
}

/// Networks of proxies.
pub fn proxies(networks: &[&str]) -> Vec<Network> {
    networks.iter().map(|network| (*network).to_owned().try_into().unwrap()).collect()
}

pub async fn write(stream: &mut TcpStream, text: &str) {
    stream.write_all(text.as_bytes()).await.unwrap();
}

/// Reads what comes until the answer has its status, or the connection ends; the status, or 0.
pub async fn status(stream: &mut TcpStream) -> u16 {
    let mut read = Vec::new();
    while !read.ends_with(b"\r\n") {
        match timeout(PATIENCE, stream.read_u8()).await.unwrap() {
            Ok(byte) => read.push(byte),
            Err(_) => return 0,
        }
    }
    String::from_utf8(read).unwrap().split(' ').nth(1).unwrap().parse().unwrap()
}

/// Whether the other side leaves the connection open for a while.
pub async fn stays(stream: &mut TcpStream) -> bool {
    timeout(Duration::from_millis(300), stream.read_u8()).await.is_err()
}

pub async fn ask(mut stream: TcpStream, text: &str) -> u16 {
    write(&mut stream, text).await;
    status(&mut stream).await
}

pub fn post(more: &str) -> String {
    let body = event();
    head("/v1/events", body.len(), more) + &body
}
