//! A connection that carries chat frames: a socket, or a stream of events.

use std::time::Duration;

use futures_util::stream::SplitSink;
use futures_util::{SinkExt, StreamExt};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::AbortHandle;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// How long a frame may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(10);

type Sink = SplitSink<WebSocketStream<MaybeTlsStream<TcpStream>>, Message>;

/// One connection of the widget; dropped, it is gone.
pub struct Connection {
    socket: Option<Sink>,
    frames: UnboundedReceiver<Value>,
    /// Frames that came before one of another kind that was waited for.
    early: Vec<Value>,
    reading: AbortHandle,
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.reading.abort();
    }
}

impl Connection {
    /// Opens a socket; gives the status when it is refused.
    pub async fn socket(url: &str, origin: Option<&String>) -> Result<Self, u16> {
        let mut request = url.into_client_request().unwrap();
        if let Some(origin) = origin {
            request.headers_mut().insert("origin", origin.parse().unwrap());
        }
        let (socket, _) = match connect_async(request).await {
            Ok(opened) => opened,
            Err(Error::Http(answer)) => return Err(answer.status().as_u16()),
            Err(error) => panic!("{error}"),
        };
        let (sink, mut source) = socket.split();
        let (tell, frames) = unbounded_channel();
        let reading = tokio::spawn(async move {
            while let Some(Ok(message)) = source.next().await {
                // Pings and the end carry no frame.
                if let Message::Text(text) = message {
                    forward(&tell, &text);
                }
            }
        });
        Ok(Self { socket: Some(sink), frames, early: Vec::new(), reading: reading.abort_handle() })
    }

    /// Reads the events of an answer.
    pub fn stream(mut answer: reqwest::Response) -> Self {
        let (tell, frames) = unbounded_channel();
        let reading = tokio::spawn(async move {
            let mut rest = Vec::new();
            while let Ok(Some(piece)) = answer.chunk().await {
                rest.extend_from_slice(&piece);
                while let Some(end) = rest.windows(2).position(|two| two == b"\n\n") {
                    let event: Vec<u8> = rest.drain(..end + 2).collect();
                    let event = String::from_utf8(event).unwrap();
                    if let Some(text) = event.trim_end().strip_prefix("data: ") {
                        forward(&tell, text);
                    }
                }
            }
        });
        Self { socket: None, frames, early: Vec::new(), reading: reading.abort_handle() }
    }

    /// Sends a frame, as it was sent.
    pub async fn send(&mut self, frame: String) {
        let socket = self.socket.as_mut().expect("a stream takes no frames");
        // A connection that the collector closed is noticed by what it does not send.
        let _ = socket.send(Message::text(frame)).await;
    }

    /// The next frame of a kind. Kinds may overtake each other: who types is not numbered with what is written.
    pub async fn next(&mut self, kind: &str) -> Option<Value> {
        if let Some(at) = self.early.iter().position(|frame| frame["t"] == kind) {
            return Some(self.early.remove(at));
        }
        loop {
            let frame = timeout(PATIENCE, self.frames.recv()).await.ok()??;
            if frame["t"] == kind {
                return Some(frame);
            }
            self.early.push(frame);
        }
    }

    /// Frames that came once too often. A kind that the release before does not know is ignored by its widget.
    pub fn left(&self) -> impl Iterator<Item = &Value> {
        self.early
            .iter()
            .filter(|frame| frame["t"].as_str().is_some_and(|kind| crate::FRAMES.contains(&kind)))
    }
}

fn forward(tell: &UnboundedSender<Value>, text: &str) {
    // The receiver may be gone already.
    let _ = tell.send(serde_json::from_str(text).unwrap());
}
