//! Chat clients without a browser: one WebSocket each.

use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use futures_util::future::try_join_all;
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::{Stack, fresh_id};

/// One end of a socket.
pub struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    /// Sends a frame.
    pub async fn say(&mut self, frame: &Value) -> Result<()> {
        self.say_text(&frame.to_string()).await
    }

    /// Sends a text that may be no frame.
    pub async fn say_text(&mut self, text: &str) -> Result<()> {
        Ok(self.0.send(Message::text(text)).await?)
    }

    /// Receives the next frame.
    pub async fn heard(&mut self) -> Result<Value> {
        loop {
            match self.0.next().await.context("the socket is closed")?? {
                Message::Text(text) => return Ok(serde_json::from_str(&text)?),
                Message::Close(_) => bail!("the socket is closed"),
                _ => {}
            }
        }
    }

    /// Receives frames until one of a kind.
    pub async fn until(&mut self, kind: &str) -> Result<Value> {
        loop {
            let told = self.heard().await?;
            if told["t"] == kind {
                return Ok(told);
            }
        }
    }

    /// Sends a message and returns its id when it is acknowledged.
    pub async fn write(&mut self, text: &str) -> Result<String> {
        let mid = fresh_id();
        self.say(&json!({ "t": "send", "mid": mid, "ck": mid, "body": { "text": text } })).await?;
        while self.until("ack").await?["mid"] != mid.as_str() {}
        Ok(mid)
    }
}

impl Stack {
    /// Opens a socket that has not sent its hello.
    pub async fn knock(&self, origin: &str) -> Result<Socket> {
        self.knock_at(&self.url(), origin).await
    }

    /// Opens one at another address of the collector, such as a proxy's.
    pub async fn knock_at(&self, url: &str, origin: &str) -> Result<Socket> {
        let url = format!("{}/v1/chat?site={}", url.replacen("http", "ws", 1), self.key("public_key"));
        let mut request = url.into_client_request()?;
        request.headers_mut().insert("origin", origin.parse()?);
        Ok(Socket(connect_async(request).await?.0))
    }

    /// Connects the nth person.
    pub async fn enter(&self, origin: &str, n: usize) -> Result<Socket> {
        let mut socket = self.knock(origin).await?;
        let who = json!({ "user": format!("user-{n}") });
        socket.say(&json!({ "t": "hello", "v": 1, "site": self.key("public_key"), "who": who })).await?;
        let told = socket.heard().await?;
        ensure!(told["t"] == "welcome", "{told}");
        Ok(socket)
    }

    /// Connects this many people.
    pub async fn crowd(&self, origin: &str, count: usize) -> Result<Vec<Socket>> {
        let mut sockets = Vec::new();
        for batch in (0..count).collect::<Vec<_>>().chunks(100) {
            sockets.extend(try_join_all(batch.iter().map(|n| self.enter(origin, *n))).await?);
        }
        Ok(sockets)
    }

    /// Restarts the collector while many people are connected. Each client is asked to wait, reconnects then, and
    /// finds the message it sent before. Returns how long the collector was down, how long each client was
    /// away, and how long it was asked to wait.
    pub async fn restart_with(
        &mut self,
        origin: &str,
        count: usize,
    ) -> Result<(Duration, Vec<Duration>, Vec<Duration>)> {
        let mut sockets = self.crowd(origin, count).await?;
        let mut written = Vec::new();
        for socket in &mut sockets {
            written.push(socket.write("before").await?);
        }
        let begun = tokio::time::Instant::now();
        self.stop_collector()?;
        let mut waits = Vec::new();
        for mut socket in sockets {
            let told = socket.until("drain").await?;
            waits.push(Duration::from_millis(told["reconnect_in"].as_u64().unwrap_or_default()));
        }
        self.start_collector().await?;
        let up = begun.elapsed();
        let stack = &*self;
        let back = waits.iter().zip(&written).enumerate().map(|(n, (wait, mid))| async move {
            tokio::time::sleep(wait.saturating_sub(begun.elapsed())).await;
            let mut socket = stack.enter(origin, n).await?;
            let told = socket.heard().await?;
            ensure!(told["t"] == "event" && told["mid"] == mid.as_str(), "lost: {told}");
            Ok(begun.elapsed())
        });
        let mut back = try_join_all(back).await?;
        back.sort();
        waits.sort();
        Ok((up, back, waits))
    }
}
