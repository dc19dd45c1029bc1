//! Connections as clients make them: their shares, their times, who they are behind a proxy, and how they end.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use store::{Mark, NewSite, SiteId, Store, suite};
use store_sqlite::SqliteStore;
use tabiji_server::app::App;
use tabiji_server::clock::{Clock, SystemClock};
use tabiji_server::config::Config;
use tabiji_server::{crypto, random, serve};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::oneshot;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::timeout;

/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(60);

struct Collector {
    address: SocketAddr,
    store: Arc<dyn Store>,
    stop: Option<oneshot::Sender<()>>,
    serving: JoinHandle<()>,
    folder: TempDir,
}

async fn collector(choose: impl FnOnce(&mut Config)) -> Collector {
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
        serve::serve(app, listener, stop).await.unwrap();
    });
    Collector { address, store, stop: Some(stop), serving, folder }
}

impl Collector {
    /// Connects from an address of this machine.
    async fn from(&self, address: &str) -> TcpStream {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(SocketAddr::new(address.parse::<IpAddr>().unwrap(), 0)).unwrap();
        socket.connect(self.address).await.unwrap()
    }

    async fn records(&self) -> usize {
        self.store.records(SiteId(1), &Mark::start(), 10_000).await.unwrap().len()
    }
}

fn event() -> String {
    let now = SystemClock.now();
    let event =
        json!({ "id": random::id(now), "at": now, "session": random::id(now), "n": 1, "kind": "custom" });
    json!({ "site": "pk_one", "who": { "user": "u" }, "sent_at": now, "events": [event] }).to_string()
}

fn head(path: &str, length: usize, more: &str) -> String {
    format!("POST {path} HTTP/1.1\r\nhost: x\r\ncontent-length: {length}\r\n{more}\r\n")
}

/// A question that is held open.
fn held(more: &str) -> String {
    let body = json!({ "site": "pk_one", "who": { "user": "u" }, "since": i64::MAX }).to_string();
    head("/v1/progress", body.len(), more) + &body
}

async fn write(stream: &mut TcpStream, text: &str) {
    stream.write_all(text.as_bytes()).await.unwrap();
}

/// Reads what comes until the answer has its status, or the connection ends; the status, or 0.
async fn status(stream: &mut TcpStream) -> u16 {
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
async fn stays(stream: &mut TcpStream) -> bool {
    timeout(Duration::from_millis(300), stream.read_u8()).await.is_err()
}

async fn ask(mut stream: TcpStream, text: &str) -> u16 {
    write(&mut stream, text).await;
    status(&mut stream).await
}

fn post(more: &str) -> String {
    let body = event();
    head("/v1/events", body.len(), more) + &body
}

#[tokio::test]
async fn s4_a_client_has_its_share_of_connections_and_others_theirs() {
    let collector = collector(|config| config.limits.connections_per_client = 8).await;
    let mut idle = Vec::new();
    for _ in 0..20 {
        idle.push(collector.from("127.0.0.1").await);
    }
    let mut open = 0;
    for stream in &mut idle {
        open += usize::from(stays(stream).await);
    }
    assert_eq!(open, 8, "what is over the share is closed");
    assert_eq!(ask(collector.from("127.0.0.1").await, &post("")).await, 0);
    assert_eq!(ask(collector.from("127.0.0.2").await, &post("")).await, 200);
    drop(idle);
    let again = async { while ask(collector.from("127.0.0.1").await, &post("")).await != 200 {} };
    timeout(PATIENCE, again).await.unwrap();
}

#[tokio::test]
async fn s4_slow_bodies_of_one_client_leave_places_for_others_and_for_the_backend() {
    let collector = collector(|config| config.limits.open_requests = 16).await;
    let mut slow = Vec::new();
    for _ in 0..2 {
        let mut stream = collector.from("127.0.0.1").await;
        write(&mut stream, &head("/v1/events", 1000, "")).await;
        write(&mut stream, "{").await;
        slow.push(stream);
    }
    let full = async { while ask(collector.from("127.0.0.1").await, &post("")).await != 503 {} };
    timeout(PATIENCE, full).await.unwrap();
    assert_eq!(ask(collector.from("127.0.0.2").await, &post("")).await, 200);
    let facts = json!({ "facts": [] }).to_string();
    let facts = head("/v1/facts", facts.len(), "authorization: Bearer sk_one\r\n") + &facts;
    assert_eq!(ask(collector.from("127.0.0.1").await, &facts).await, 200);
}

#[tokio::test]
async fn s4_wrong_sign_ins_of_one_client_are_slowed_down_and_another_client_comes_in() {
    let collector = collector(|_| {}).await;
    // Each of another operator, who has tries of their own.
    let password = |n: usize| json!({ "email": format!("{n}@example.com"), "password": "not the one" });
    let link = |n: usize| json!(format!("made up {n}"));
    let asks: [(&str, &dyn Fn(usize) -> Value, u16); 2] =
        [("/api/session", &password, 401), ("/api/link", &link, 410)];
    for (path, body, wrong) in asks {
        let ask_for = |n: usize| {
            let body = body(n).to_string();
            head(path, body.len(), "content-type: application/json\r\n") + &body
        };
        // All at once: a password takes longer to check than a try to come back.
        let mut tries = JoinSet::new();
        for n in 0..40 {
            let (stream, text) = (collector.from("127.0.0.1").await, ask_for(n));
            tries.spawn(async move { ask(stream, &text).await });
        }
        let answers = tries.join_all().await;
        assert!(answers.contains(&429) && answers.contains(&wrong), "{path}: {answers:?}");
        assert_eq!(ask(collector.from("127.0.0.2").await, &ask_for(40)).await, wrong, "{path}");
    }
}

#[tokio::test]
async fn s4_half_a_head_and_an_idle_connection_are_closed_and_a_body_that_trickles_is_refused() {
    let collector = collector(|_| {}).await;
    let (mut half, mut idle, mut slow) = (
        collector.from("127.0.0.1").await,
        collector.from("127.0.0.1").await,
        collector.from("127.0.0.1").await,
    );
    write(&mut half, "POST /v1/events HTTP/1.1\r\nhost: x\r\n").await;
    write(&mut slow, &head("/v1/events", 1000, "")).await;
    write(&mut slow, "{").await;
    assert!(stays(&mut half).await && stays(&mut idle).await && stays(&mut slow).await);
    assert_eq!(status(&mut slow).await, 408);
    for stream in [&mut half, &mut idle] {
        assert!(timeout(PATIENCE, stream.read_u8()).await.unwrap().is_err(), "nothing was sent there");
    }
}

#[tokio::test]
async fn t46_a_trusted_proxy_says_who_asks_and_nobody_else_does() {
    let trusted = async |proxies: &[&str]| {
        let proxies: Vec<_> =
            proxies.iter().map(|network| (*network).to_owned().try_into().unwrap()).collect();
        let collector = collector(|config| {
            config.trusted_proxies = proxies;
            config.limits.connections_per_client = 2;
        })
        .await;
        let mut streams = Vec::new();
        let mut refused = Vec::new();
        for n in 0..6 {
            let mut stream = collector.from("127.0.0.1").await;
            // Two clients, and each writes something of its own before what the proxy saw.
            let asks = held(&format!("x-forwarded-for: 192.0.2.{n}, 198.51.100.{}\r\n", n % 2));
            // What is closed already takes nothing.
            let _ = stream.write_all(asks.as_bytes()).await;
            if !stays(&mut stream).await {
                refused.push(n);
            }
            streams.push(stream);
        }
        refused
    };
    assert_eq!(trusted(&["127.0.0.0/8"]).await, [4, 5], "two of each client");
    assert_eq!(trusted(&["10.0.0.0/8"]).await, [2, 3, 4, 5], "two of all");
    assert_eq!(trusted(&[]).await, [2, 3, 4, 5]);
}

#[tokio::test]
async fn t46_no_address_of_a_client_is_stored() {
    let collector = collector(|config| {
        config.trusted_proxies = vec!["127.0.0.7".to_owned().try_into().unwrap()];
    })
    .await;
    for more in ["", "x-forwarded-for: 203.0.113.77\r\n", "origin: https://foreign.example\r\n"] {
        ask(collector.from("127.0.0.7").await, &post(more)).await;
    }
    ask(collector.from("127.0.0.7").await, &(head("/v1/events", 3, "") + "not")).await;
    assert_eq!(collector.records().await, 2);
    for file in std::fs::read_dir(collector.folder.path()).unwrap() {
        let path = file.unwrap().path();
        let Ok(bytes) = std::fs::read(&path) else { continue };
        for address in ["127.0.0.7", "203.0.113.77"] {
            let found = bytes.windows(address.len()).any(|window| window == address.as_bytes());
            assert!(!found, "{address} in {path:?}");
        }
    }
}

#[tokio::test]
async fn t42_what_was_begun_before_the_stop_signal_is_answered_and_what_comes_after_is_refused() {
    let mut collector = collector(|_| {}).await;
    let body = event();
    let mut begun = collector.from("127.0.0.1").await;
    write(&mut begun, &head("/v1/events", body.len(), "")).await;
    write(&mut begun, &body[..10]).await;
    let mut waiting = collector.from("127.0.0.1").await;
    write(&mut waiting, &held("")).await;
    assert!(stays(&mut begun).await && stays(&mut waiting).await);
    let stopped = Instant::now();
    collector.stop.take().unwrap().send(()).unwrap();
    assert_eq!(status(&mut waiting).await, 204, "a held question is answered at once");
    // While something is unfinished, new requests are answered.
    assert_eq!(ask(collector.from("127.0.0.2").await, &post("")).await, 503);
    write(&mut begun, &body[10..]).await;
    assert_eq!(status(&mut begun).await, 200);
    timeout(PATIENCE, &mut collector.serving).await.unwrap().unwrap();
    assert!(stopped.elapsed() < Duration::from_secs(10), "{:?}", stopped.elapsed());
    assert_eq!(collector.records().await, 1, "what was answered 200 is there, and nothing else");
}

#[tokio::test]
async fn t42_a_stop_under_load_loses_nothing_that_was_acknowledged() {
    let mut collector = collector(|_| {}).await;
    let url = format!("http://{}/v1/events", collector.address);
    let load = (0..8).map(|_| {
        let url = url.clone();
        tokio::spawn(async move {
            let client = reqwest::Client::new();
            let mut acknowledged = Vec::new();
            loop {
                let body = event();
                let id = serde_json::from_str::<Value>(&body).unwrap()["events"][0]["id"].clone();
                match client.post(&url).body(body).send().await {
                    Ok(answer) if answer.status() == 200 => acknowledged.push(id),
                    // Refused with 503, or nobody listens any more.
                    _ => return acknowledged,
                }
            }
        })
    });
    let load: Vec<_> = load.collect();
    while collector.records().await < 200 {
        tokio::task::yield_now().await;
    }
    let stopped = Instant::now();
    collector.stop.take().unwrap().send(()).unwrap();
    timeout(PATIENCE, &mut collector.serving).await.unwrap().unwrap();
    assert!(stopped.elapsed() < Duration::from_secs(10), "{:?}", stopped.elapsed());
    let mut acknowledged = Vec::new();
    for line in load {
        acknowledged.extend(timeout(PATIENCE, line).await.unwrap().unwrap());
    }
    let records = collector.store.records(SiteId(1), &Mark::start(), 100_000).await.unwrap();
    let kept: Vec<Value> = records.iter().map(|record| json!(record.record.id)).collect();
    assert!(acknowledged.len() >= 190, "{}", acknowledged.len());
    assert!(acknowledged.iter().all(|id| kept.contains(id)), "an acknowledged event is missing");
}
