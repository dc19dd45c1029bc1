//! A proxy between a page and the collector that delays, doubles and reorders chat frames: worse than any real
//! network, so a client that works through it works everywhere.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::{Context, Result};
use futures_util::{SinkExt, StreamExt};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::AbortHandle;
use tokio::time::{Instant, sleep_until};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::handshake::server::{Request, Response};
use tokio_tungstenite::{accept_hdr_async, connect_async};

/// How long a frame is held back for another to overtake it. Every third one is held for longer than a client
/// waits before it asks for missing entries.
const HELD: Duration = Duration::from_millis(100);
const HELD_LONG: Duration = Duration::from_millis(700);

/// A running proxy. Dropping it stops it.
pub struct ChaosProxy {
    listening: AbortHandle,
    overtaken: Arc<AtomicUsize>,
    /// The address that browsers use instead of the collector's.
    pub url: String,
}

impl Drop for ChaosProxy {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

impl ChaosProxy {
    /// Starts a proxy to `url`.
    pub async fn to(url: &str) -> Result<Self> {
        let far = url.trim_start_matches("http://").to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let overtaken = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&overtaken);
        let listening = tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let (far, count) = (far.clone(), Arc::clone(&count));
                // When one end closes, the other is closed, too.
                tokio::spawn(async move { serve(near, &far, &count).await });
            }
        });
        Ok(Self { listening: listening.abort_handle(), overtaken, url })
    }

    /// How many frames arrived after one that was sent later.
    pub fn overtaken(&self) -> usize {
        self.overtaken.load(Ordering::Relaxed)
    }
}

async fn serve(mut near: TcpStream, far: &str, overtaken: &AtomicUsize) -> Result<()> {
    const SOCKET: &[u8] = b"GET /v1/chat?";
    let mut start = [0; SOCKET.len()];
    while near.peek(&mut start).await? < start.len() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    if start != SOCKET {
        // Everything else passes as it is.
        copy_bidirectional(&mut near, &mut TcpStream::connect(far).await?).await?;
        return Ok(());
    }
    let mut asked = None;
    #[expect(clippy::result_large_err, reason = "the signature is the library's")]
    let read = |request: &Request, response: Response| {
        asked = Some((request.uri().to_string(), request.headers().get("origin").cloned()));
        Ok(response)
    };
    let near = accept_hdr_async(near, read).await?;
    let (path, origin) = asked.context("no request")?;
    let mut request = format!("ws://{far}{path}").into_client_request()?;
    request.headers_mut().insert("origin", origin.context("no origin")?);
    let (far, _) = connect_async(request).await?;
    let ((mut to_near, mut from_near), (mut to_far, mut from_far)) = (near.split(), far.split());
    let up = async {
        let mut count = 0;
        while let Some(Ok(message)) = from_near.next().await {
            count += 1;
            // The collector has to keep a message that is sent twice once.
            if is(&message, "send") && count % 2 == 0 {
                to_far.send(message.clone()).await?;
            }
            to_far.send(message).await?;
        }
        anyhow::Ok(())
    };
    let down = async {
        let mut held: Option<(Message, Instant)> = None;
        let mut count = 0;
        loop {
            let until = held.as_ref().map_or_else(Instant::now, |(_, until)| *until);
            tokio::select! {
                message = from_far.next() => {
                    let Some(Ok(message)) = message else { return anyhow::Ok(()) };
                    if !is(&message, "event") {
                        to_near.send(message).await?;
                        continue;
                    }
                    count += 1;
                    match held.take() {
                        None => {
                            let wait = if count % 3 == 0 { HELD_LONG } else { HELD };
                            held = Some((message, Instant::now() + wait));
                        }
                        Some((earlier, _)) => {
                            to_near.send(message.clone()).await?;
                            to_near.send(earlier).await?;
                            to_near.send(message).await?;
                            overtaken.fetch_add(1, Ordering::Relaxed);
                        }
                    }
                }
                () = sleep_until(until), if held.is_some() => {
                    if let Some((message, _)) = held.take() {
                        to_near.send(message).await?;
                    }
                }
            }
        }
    };
    tokio::select! { done = up => done, done = down => done }
}

fn is(message: &Message, kind: &str) -> bool {
    matches!(message, Message::Text(text) if text.starts_with(&format!("{{\"t\":\"{kind}\"")))
}
