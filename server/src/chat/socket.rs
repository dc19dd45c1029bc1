//! `GET /v1/chat`: a customer's socket (RFC 6455).
//!
//! The page's origin is checked before there is a socket. Who is there comes in the first frame, never in the
//! address, and has five seconds.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::extract::{ConnectInfo, Extension, Query, State};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use protocol::chat::{ClientFrame, Hello, ServerFrame, limits as chat_limits};
use protocol::ids::SiteKey;
use serde::Deserialize;
use store::Site;
use tokio::time::{Instant, sleep, timeout};

use super::strangers::Stranger;
use super::talk::known;
use super::{Feed, Speaker};
use crate::app::App;
use crate::http::Refusal;

/// How long a stranger may be silent.
const GREETING: Duration = Duration::from_secs(5);
/// How long a frame may wait for its reader.
pub(super) const SLOWEST: Duration = Duration::from_secs(10);
/// What is read of a frame at most, in bytes: enough to say that it is too large in an orderly way.
const INCOMING: usize = 4 * chat_limits::FRAME;
/// What waits to be sent on one socket at most, in bytes.
const OUTGOING: usize = 256 * 1024;
/// When the collector stops, its people come back spread over this, in milliseconds.
pub(super) const SPREAD: u64 = 10_000;

/// Why a socket is closed; the first three are RFC 6455's.
mod close {
    pub const TOO_LARGE: u16 = 1009;
    pub const RESTART: u16 = 1012;
    pub const FAILED: u16 = 1011;
    pub const MALFORMED: u16 = 4400;
    pub const REFUSED: u16 = 4401;
    pub const SLOW: u16 = 4408;
}

/// Which site: its public key, which protects nothing.
#[derive(Deserialize)]
pub struct Door {
    site: SiteKey,
}

/// Opens a socket.
///
/// # Errors
/// `ForeignOrigin` for pages that are not on the site's list and for whoever does not say where they come
/// from, `UnknownKey`, `TooFast`, and `Busy` when too many strangers stand at the door.
pub async fn open(
    State(app): State<App>,
    Query(door): Query<Door>,
    peer: Option<Extension<ConnectInfo<SocketAddr>>>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Result<Response, Refusal> {
    let site = admit(&app, &door.site, &headers).await?;
    if !headers.contains_key(header::ORIGIN) {
        return Err(Refusal::ForeignOrigin);
    }
    let address = peer.map(|Extension(ConnectInfo(peer))| peer.ip());
    let most = app.config.limits.strangers_per_address;
    let stranger = app.chat.strangers.let_in(address, most).ok_or(Refusal::Busy)?;
    Ok(upgrade
        .max_message_size(INCOMING)
        .max_frame_size(INCOMING)
        .read_buffer_size(4096)
        .write_buffer_size(4096)
        .max_write_buffer_size(OUTGOING)
        .on_upgrade(move |socket| async move {
            let _open = Arc::clone(&app.chat.open);
            let mut line = Wire(socket);
            let code = talk(&app, &site, &mut line, stranger).await;
            line.close(code).await;
        }))
}

/// The site that a request is for, when it has a chat and is within its rate.
pub(super) async fn admit(app: &App, key: &SiteKey, headers: &HeaderMap) -> Result<Arc<Site>, Refusal> {
    let site = app.sites.by_public_key(key, headers).await?;
    if !app.config.chat {
        return Err(Refusal::NotFound);
    }
    app.within_rate(site.id)?;
    Ok(site)
}

/// A socket that carries frames.
struct Wire(WebSocket);

/// What came over it.
enum Came {
    Ask(Box<ClientFrame>),
    /// A sign of life.
    Life,
    /// It is over, with the code to close it with.
    Over(u16),
}

impl Wire {
    async fn receive(&mut self) -> Came {
        match self.0.recv().await {
            Some(Ok(Message::Text(text))) if text.len() > chat_limits::FRAME => Came::Over(close::TOO_LARGE),
            Some(Ok(Message::Text(text))) => match serde_json::from_str(&text) {
                Ok(ask) => Came::Ask(Box::new(ask)),
                Err(_) => Came::Over(close::MALFORMED),
            },
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => Came::Life,
            Some(Ok(Message::Binary(_))) => Came::Over(close::MALFORMED),
            Some(Ok(Message::Close(_))) | None => Came::Over(1000),
            Some(Err(_)) => Came::Over(close::TOO_LARGE),
        }
    }

    async fn tell(&mut self, tells: Vec<ServerFrame>) -> Result<(), u16> {
        for tell in tells {
            let text = serde_json::to_string(&tell).map_err(|_| close::FAILED)?;
            self.send(Message::Text(text.into())).await?;
        }
        Ok(())
    }

    async fn send(&mut self, message: Message) -> Result<(), u16> {
        match timeout(SLOWEST, self.0.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(close::FAILED),
            Err(_) => Err(close::SLOW),
        }
    }

    async fn close(mut self, code: u16) {
        let frame = CloseFrame { code, reason: "".into() };
        // Whoever does not read does not read this either.
        let _ = timeout(Duration::from_secs(1), async {
            self.0.send(Message::Close(Some(frame))).await?;
            // A connection that is dropped with something unread is reset, and the code with it.
            while let Some(Ok(_)) = self.0.recv().await {}
            Ok::<_, axum::Error>(())
        })
        .await;
    }
}

/// Speaks with one customer until either side ends; gives the code to close with.
async fn talk(app: &App, site: &Site, line: &mut Wire, stranger: Stranger) -> u16 {
    let Ok(Came::Ask(ask)) = timeout(GREETING, line.receive()).await else { return close::MALFORMED };
    let ClientFrame::Hello(hello) = *ask else { return close::MALFORMED };
    drop(stranger);
    let begun = begin(app, site, &hello).await;
    let (mut speaker, mut feed, first) = match begun {
        Ok(begun) => begun,
        Err(refusal) => {
            // They are told why; the code alone ends it.
            let _ = line.tell(vec![refusal.tell()]).await;
            return closing(&refusal);
        }
    };
    if let Err(code) = line.tell(first).await {
        return code;
    }
    let silence = Duration::from_secs(chat_limits::SILENCE);
    let mut heard = Instant::now();
    let mut beat = tokio::time::interval(Duration::from_secs(chat_limits::HEARTBEAT));
    beat.tick().await;
    loop {
        let done = tokio::select! {
            came = line.receive() => {
                heard = Instant::now();
                match came {
                    Came::Ask(ask) => match speaker.hear(app, site, *ask).await {
                        Ok(told) => line.tell(told).await,
                        Err(refusal) => line.tell(vec![refusal.tell()]).await.and(Err(closing(&refusal))),
                    },
                    Came::Life => Ok(()),
                    Came::Over(code) => Err(code),
                }
            }
            () = feed.ready() => match feed.take().await {
                Ok(told) => line.tell(told).await,
                // The log has it; they come back for it.
                Err(_) => Err(close::FAILED),
            },
            _ = beat.tick() => {
                if heard.elapsed() > silence { Err(close::SLOW) } else { line.send(Message::Ping(Vec::new().into())).await }
            }
            () = sleep(speaker.left(app)) => Err(close::REFUSED),
            () = app.stopped() => {
                let reconnect_in = crate::secret::below(SPREAD);
                line.tell(vec![ServerFrame::Drain { reconnect_in }]).await.and(Err(close::RESTART))
            }
        };
        if let Err(code) = done {
            return code;
        }
    }
}

/// The code of a refusal: only one that a fresh token would mend asks for one.
fn closing(refusal: &Refusal) -> u16 {
    match refusal {
        Refusal::BadToken(_) | Refusal::TokenRequired => close::REFUSED,
        _ => close::FAILED,
    }
}

/// Finds out who is there and what they are told first.
pub(super) async fn begin(
    app: &App,
    site: &Site,
    hello: &Hello,
) -> Result<(Speaker, Feed, Vec<ServerFrame>), Refusal> {
    let speaker = Speaker::greet(app, site, hello)?;
    let (feed, first) = Feed::of_visitor(app, &speaker.visitor, known(hello), &hello.epoch).await?;
    Ok((speaker, feed, first))
}
