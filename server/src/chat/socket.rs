//! `GET /v1/chat`: a customer's socket (RFC 6455).
//!
//! The page's origin is checked before there is a socket. The person comes in the first frame, never in the
//! address, and within five seconds.

use std::time::Duration;

use axum::extract::State;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use protocol::chat::{ClientFrame, ServerFrame, limits as chat_limits};
use store::Site;
use tokio::time::{Instant, sleep, timeout};

use super::ChatSession;
use crate::app::App;
use crate::app::shares::{OwnShare, Share};
use crate::auth::identity::Identity;
use crate::auth::{WidgetPage, identify_hello};
use crate::http::{Bottleneck, Client, Refusal};
use crate::random;

/// How long a socket may be open without a hello.
const HELLO_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a frame may wait for a slow reader.
pub(super) const WRITE_TIMEOUT: Duration = Duration::from_secs(10);
/// The most that is read of a frame, in bytes: enough to close an oversize one with its own code.
const MAX_INCOMING: usize = 4 * chat_limits::FRAME;
/// The most that waits to be sent on one socket, in bytes.
const MAX_OUTGOING: usize = 256 * 1024;
/// When the collector stops, clients reconnect at random within this time, in milliseconds.
pub(super) const RECONNECT_SPREAD: u64 = 12_000;

/// Close codes; the first three are RFC 6455's.
mod close {
    pub const TOO_LARGE: u16 = 1009;
    pub const RESTART: u16 = 1012;
    pub const FAILED: u16 = 1011;
    pub const MALFORMED: u16 = 4400;
    pub const REFUSED: u16 = 4401;
    pub const SLOW: u16 = 4408;
}

/// Opens a socket for a page of the site.
///
/// # Errors
/// `Busy` when too many handshakes are open.
pub async fn open(
    State(app): State<App>,
    WidgetPage { site, client, own }: WidgetPage,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Refusal> {
    let upgrade = upgrade.map_err(|error| Refusal::Malformed(error.body_text()))?;
    let handshake = app.chat.handshakes.take(client).ok_or(Refusal::Busy(Bottleneck::Handshakes))?;
    Ok(upgrade
        .max_message_size(MAX_INCOMING)
        .max_frame_size(MAX_INCOMING)
        .read_buffer_size(4096)
        .write_buffer_size(4096)
        .max_write_buffer_size(MAX_OUTGOING)
        .on_upgrade(move |socket| async move {
            let _open = app.chat.count_socket();
            let mut socket = FrameSocket(socket);
            let code = serve(&app, &site, &mut socket, handshake, &own).await;
            socket.close(code).await;
        }))
}

/// A socket that carries frames.
struct FrameSocket(WebSocket);

/// What a client sent.
enum Incoming {
    /// A frame.
    Frame(Box<ClientFrame>),
    /// A ping or pong of the protocol below.
    KeepAlive,
    /// The end, with the code to close with.
    End(u16),
}

impl FrameSocket {
    async fn receive(&mut self) -> Incoming {
        match self.0.recv().await {
            Some(Ok(Message::Text(text))) if text.len() > chat_limits::FRAME => {
                Incoming::End(close::TOO_LARGE)
            }
            Some(Ok(Message::Text(text))) => match serde_json::from_str(&text) {
                Ok(ask) => Incoming::Frame(Box::new(ask)),
                Err(_) => Incoming::End(close::MALFORMED),
            },
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => Incoming::KeepAlive,
            Some(Ok(Message::Binary(_))) => Incoming::End(close::MALFORMED),
            Some(Ok(Message::Close(_))) | None => Incoming::End(1000),
            Some(Err(_)) => Incoming::End(close::TOO_LARGE),
        }
    }

    async fn send_frames(&mut self, frames: Vec<ServerFrame>) -> Result<(), u16> {
        for frame in frames {
            let text = serde_json::to_string(&frame).map_err(|_| close::FAILED)?;
            self.send(Message::Text(text.into())).await?;
        }
        Ok(())
    }

    async fn refuse(&mut self, app: &App, refusal: &Refusal) -> Result<(), u16> {
        app.metrics.refused(refusal);
        self.send_frames(vec![refusal.to_frame()]).await
    }

    async fn send(&mut self, message: Message) -> Result<(), u16> {
        match timeout(WRITE_TIMEOUT, self.0.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(close::FAILED),
            Err(_) => Err(close::SLOW),
        }
    }

    async fn close(mut self, code: u16) {
        let frame = CloseFrame { code, reason: "".into() };
        // A client that reads nothing does not read this either.
        let _ = timeout(Duration::from_secs(1), async {
            self.0.send(Message::Close(Some(frame))).await?;
            // Dropping a connection with unread data resets it (RFC 1122), and the close code is lost.
            while let Some(Ok(_)) = self.0.recv().await {}
            Ok::<_, axum::Error>(())
        })
        .await;
    }
}

/// Serves one customer until either side ends the connection; returns the code to close with.
async fn serve(
    app: &App,
    site: &Site,
    socket: &mut FrameSocket,
    handshake: Share<Client>,
    own: &OwnShare,
) -> u16 {
    let Ok(Incoming::Frame(ask)) = timeout(HELLO_TIMEOUT, socket.receive()).await else {
        return close::MALFORMED;
    };
    let ClientFrame::Hello(hello) = *ask else { return close::MALFORMED };
    drop(handshake);
    let begun = match identify_hello(app, site, &hello).and_then(|identity| hold(own, site, identity)) {
        Ok(identity) => ChatSession::begin(app, site.id, identity, &hello).await,
        Err(refusal) => Err(refusal),
    };
    let (mut session, mut subscription, first) = match begun {
        Ok(begun) => begun,
        Err(refusal) => {
            // The frame says why; the code alone ends the connection.
            let _ = socket.refuse(app, &refusal).await;
            return close_code(&refusal);
        }
    };
    if let Err(code) = socket.send_frames(first).await {
        return code;
    }
    let silence = Duration::from_secs(chat_limits::SILENCE);
    let mut last_received = Instant::now();
    let mut beat = tokio::time::interval(Duration::from_secs(chat_limits::HEARTBEAT));
    beat.tick().await;
    loop {
        let done = tokio::select! {
            incoming = socket.receive() => {
                last_received = Instant::now();
                match incoming {
                    Incoming::Frame(ask) => match session.handle(app, site, *ask).await {
                        Ok(frames) => socket.send_frames(frames).await,
                        Err(refusal) => socket.refuse(app, &refusal).await.and(Err(close_code(&refusal))),
                    },
                    Incoming::KeepAlive => Ok(()),
                    Incoming::End(code) => Err(code),
                }
            }
            () = subscription.ready() => match subscription.take().await {
                Ok(frames) => socket.send_frames(frames).await,
                // The log has the entries; the client reconnects and asks for them.
                Err(_) => Err(close::FAILED),
            },
            _ = beat.tick() => {
                if last_received.elapsed() > silence { Err(close::SLOW) } else { socket.send(Message::Ping(Vec::new().into())).await }
            }
            () = sleep(session.time_left(app)) => {
                socket.refuse(app, &Refusal::TokenExpired).await.and(Err(close::REFUSED))
            }
            () = app.stopped() => {
                let reconnect_in = random::below(RECONNECT_SPREAD);
                socket.send_frames(vec![ServerFrame::Drain { reconnect_in }]).await.and(Err(close::RESTART))
            }
        };
        if let Err(code) = done {
            return code;
        }
    }
}

/// Counts the socket as a person's when a token vouches for them; a guest's stays their client's.
fn hold(own: &OwnShare, site: &Site, identity: Identity) -> Result<Identity, Refusal> {
    if identity.verified {
        own.pass_to(identity.visitor(site.id))?;
    }
    Ok(identity)
}

/// Returns the close code of a refusal: 4401 only where a fresh token helps.
fn close_code(refusal: &Refusal) -> u16 {
    match refusal {
        Refusal::BadToken(_) | Refusal::TokenExpired | Refusal::TokenRequired => close::REFUSED,
        _ => close::FAILED,
    }
}
