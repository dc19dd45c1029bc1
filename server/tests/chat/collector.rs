//! A collector on a real port, and clients that speak to it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use protocol::Millis;
use protocol::chat::{
    ClientFrame, Envelope, Hello, LogEntry, LogEntryBody, Message, NackReason, SendMessage, ServerFrame,
    VisitorContext,
};
use protocol::console::{AgentAction, Conversation, ConversationDetail};
use protocol::ids::{ClaimedIdentity, ConversationId, EventId};
use store::{ConsoleSession, Grant, NewSite, Store, suite};
use store_sqlite::SqliteStore;
use tabiji_server::app::App;
use tabiji_server::clock::{Clock, SystemClock};
use tabiji_server::config::Config;
use tabiji_server::{crypto, random, router};
use tempfile::TempDir;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::AbortHandle;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message as Frame};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

pub const APP: &str = "https://app.example.com";
/// How long a frame may take on a busy machine: longer than the collector lets anybody wait for one.
const PATIENCE: Duration = Duration::from_secs(30);

/// A collector on a real port, with two sites.
pub struct Collector {
    pub address: String,
    pub http: reqwest::Client,
    pub app: App,
    serving: AbortHandle,
    pub folder: TempDir,
}

pub async fn collector() -> Collector {
    collector_at(Arc::new(SystemClock)).await
}

/// A clock that is set by hand.
pub struct ManualClock(pub AtomicI64);

impl ManualClock {
    /// It shows this time in Tokyo.
    pub fn at(text: &str) -> Arc<Self> {
        Arc::new(Self(AtomicI64::new(tokyo(text))))
    }

    pub fn set(&self, text: &str) {
        self.0.store(tokyo(text), Ordering::Relaxed);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Millis {
        self.0.load(Ordering::Relaxed)
    }
}

/// An instant as Tokyo writes it.
pub fn tokyo(text: &str) -> Millis {
    let at: jiff::civil::DateTime = text.parse().unwrap();
    at.in_tz("Asia/Tokyo").unwrap().timestamp().as_millisecond()
}

pub async fn collector_at(clock: Arc<dyn Clock>) -> Collector {
    collector_with(clock, |_| {}).await
}

pub async fn collector_with(clock: Arc<dyn Clock>, choose: impl FnOnce(&mut Config)) -> Collector {
    let folder = tempfile::tempdir().unwrap();
    let mut config = Config { data: folder.path().to_owned(), ..Config::default() };
    choose(&mut config);
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(folder.path()).unwrap());
    for name in ["one", "two"] {
        let site = NewSite {
            secret_hash: crypto::digest(&format!("sk_{name}")),
            origins: vec![if name == "one" { APP.into() } else { "https://two.example.com".into() }],
            ..suite::site(name)
        };
        store.add_site(site).await.unwrap();
    }
    let app = App::new(store, clock, config);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let serving = serve(listener, &app);
    Collector { address, http: reqwest::Client::new(), app, serving, folder }
}

fn serve(listener: TcpListener, app: &App) -> AbortHandle {
    let service = router::router(app.clone()).into_make_service_with_connect_info::<std::net::SocketAddr>();
    let serving = axum::serve(listener, service);
    tokio::spawn(async move { serving.await }).abort_handle()
}

pub fn new_id() -> EventId {
    random::id(1_790_000_000_000)
}

pub fn hello(user: &str) -> Hello {
    let who = ClaimedIdentity { user: user.into(), account: Some("acct".into()) };
    Hello { version: 1, site: "pk_one".into(), who: Some(who), ..Hello::default() }
}

pub fn message(id: EventId, conversation: Option<ConversationId>, key: EventId, text: &str) -> ClientFrame {
    let body = Message { text: text.into(), ..Message::default() };
    let context = Some(VisitorContext::default());
    let envelope = Envelope { id, conversation, conversation_key: Some(key), context };
    ClientFrame::Send(SendMessage { envelope, body })
}

/// One end of a socket.
pub struct Client(pub WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Client {
    pub async fn say(&mut self, ask: &ClientFrame) {
        // A line that is cut is found out by listening.
        let _ = self.0.send(Frame::text(serde_json::to_string(ask).unwrap())).await;
    }

    /// The text of the next frame, or the code that the socket is closed with.
    async fn text(&mut self) -> Result<String, u16> {
        loop {
            match timeout(PATIENCE, self.0.next()).await.expect("no word, and it stays open") {
                Some(Ok(Frame::Text(text))) => return Ok(text.as_str().to_owned()),
                Some(Ok(Frame::Close(frame))) => return Err(frame.map_or(1005, |frame| frame.code.into())),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Err(1006),
            }
        }
    }

    /// The next frame; none when the socket is closed.
    pub async fn next(&mut self) -> Option<ServerFrame> {
        let text = self.text().await.ok()?;
        Some(serde_json::from_str(&text).unwrap())
    }

    /// The next frame that fits.
    pub async fn until<T>(&mut self, mut fits: impl FnMut(ServerFrame) -> Option<T>) -> T {
        loop {
            let tell = self.next().await.expect("the socket is closed");
            if let Some(found) = fits(tell) {
                return found;
            }
        }
    }

    /// The texts of all frames up to the one that contains this.
    pub async fn texts_until(&mut self, last: &str) -> Vec<String> {
        let mut texts: Vec<String> = Vec::new();
        while !texts.last().is_some_and(|text| text.contains(last)) {
            texts.push(self.text().await.expect("the socket is closed"));
        }
        texts
    }

    /// The code that the socket is closed with, and all texts before that.
    pub async fn texts_to_the_end(&mut self) -> (u16, Vec<String>) {
        let mut texts = Vec::new();
        loop {
            match self.text().await {
                Ok(text) => texts.push(text),
                Err(code) => return (code, texts),
            }
        }
    }

    pub async fn ack(&mut self, wanted: EventId) -> (ConversationId, u64, bool) {
        self.until(|tell| match tell {
            ServerFrame::Ack { id, conversation, seq, duplicate } if id == wanted => {
                Some((conversation, seq, duplicate))
            }
            ServerFrame::Nack { id, reason, .. } if id == wanted => panic!("{reason:?}"),
            _ => None,
        })
        .await
    }

    pub async fn nack(&mut self, wanted: EventId) -> NackReason {
        self.until(|tell| match tell {
            ServerFrame::Nack { id, reason, .. } if id == wanted => Some(reason),
            ServerFrame::Ack { id, .. } if id == wanted => panic!("it was taken"),
            _ => None,
        })
        .await
    }

    pub async fn line(&mut self) -> LogEntry {
        self.until(|tell| if let ServerFrame::Event(line) = tell { Some(line) } else { None }).await
    }

    /// The code that the socket is closed with.
    pub async fn closed(&mut self) -> u16 {
        self.texts_to_the_end().await.0
    }
}

impl Collector {
    /// Goes away without a word, and comes back at another address with what is on disk. What the old one has
    /// begun it may still finish, as a second node would.
    pub async fn crash(&mut self) {
        self.serving.abort();
        let store: Arc<dyn Store> = Arc::new(SqliteStore::open(self.folder.path()).unwrap());
        self.app = App::new(store, Arc::clone(&self.app.clock), self.app.config.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        self.address = listener.local_addr().unwrap().to_string();
        self.serving = serve(listener, &self.app);
    }

    pub async fn socket(&self, site: &str, origin: Option<&str>) -> Result<Client, u16> {
        self.socket_with(site, origin, None).await
    }

    /// Asks for a socket as a browser that may carry an agent's cookie.
    pub async fn socket_with(
        &self,
        site: &str,
        origin: Option<&str>,
        cookie: Option<&str>,
    ) -> Result<Client, u16> {
        let mut request = format!("ws://{}/v1/chat?site={site}", self.address).into_client_request().unwrap();
        for (name, value) in [("origin", origin), ("cookie", cookie)] {
            if let Some(value) = value {
                request.headers_mut().insert(name, value.parse().unwrap());
            }
        }
        match connect_async(request).await {
            Ok((socket, _)) => Ok(Client(socket)),
            Err(Error::Http(answer)) => Err(answer.status().as_u16()),
            Err(error) => panic!("{error}"),
        }
    }

    /// A customer who is welcome.
    pub async fn enter(&self, hello: Hello) -> Client {
        let mut client = self.socket("pk_one", Some(APP)).await.expect("a socket");
        client.say(&ClientFrame::Hello(hello)).await;
        client.until(|tell| matches!(tell, ServerFrame::Welcome(_)).then_some(())).await;
        client
    }

    /// Signs an agent of every site in; gives the cookie.
    pub async fn sign_in(&self) -> String {
        self.sign_in_as("sato@example.com", Grant::ALL).await
    }

    /// Signs an operator in with this grant; returns the cookie.
    pub async fn sign_in_as(&self, email: &str, grant: Grant) -> String {
        let (cookie, link, store) = (random::secret(""), random::secret(""), &self.app.store);
        let now = self.app.clock.now();
        if store.operator(email).await.unwrap().is_none() {
            store.add_link(crypto::digest(&link), grant, None, now + 1).await.unwrap();
            store.redeem_link(crypto::digest(&link), email, "none", now).await.unwrap();
        }
        let session = ConsoleSession { email: email.into(), created: now, used: now, browser: String::new() };
        store.add_session(crypto::digest(&cookie), session).await.unwrap();
        cookie
    }

    pub async fn agent(&self, conversation: ConversationId, says: &AgentAction) -> ServerFrame {
        self.agent_by(&self.sign_in().await, conversation, says).await
    }

    pub async fn agent_by(
        &self,
        cookie: &str,
        conversation: ConversationId,
        says: &AgentAction,
    ) -> ServerFrame {
        let url = format!("http://{}/api/inbox/{}?site=pk_one", self.address, conversation.0);
        let request = self.http.post(url).header("cookie", format!("tabiji={cookie}")).json(says);
        let answer = request.send().await.unwrap();
        assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
        answer.json().await.unwrap()
    }

    /// Every conversation, as agents see it.
    pub async fn all(&self) -> Vec<Conversation> {
        let url = format!("http://{}/api/inbox?site=pk_one", self.address);
        let request = self.http.get(url).header("cookie", format!("tabiji={}", self.sign_in().await));
        request.send().await.unwrap().json().await.unwrap()
    }

    pub async fn thread(&self, conversation: ConversationId) -> ConversationDetail {
        let url = format!("http://{}/api/inbox/{}?site=pk_one", self.address, conversation.0);
        let request = self.http.get(url).header("cookie", format!("tabiji={}", self.sign_in().await));
        request.send().await.unwrap().json().await.unwrap()
    }
}

pub fn says(text: &str) -> AgentAction {
    AgentAction {
        id: new_id(),
        body: LogEntryBody::Message(Message { text: text.into(), ..Message::default() }),
    }
}
