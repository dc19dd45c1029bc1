//! The socket's twin for networks that let none through: `POST /v1/chat/stream` answers a hello with
//! server-sent events, `POST /v1/chat/send` takes frames. The same ids, the same log.

use std::convert::Infallible;
use std::time::Duration;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use protocol::chat::{ChatPost, ClientFrame, Hello, ServerFrame, limits as chat_limits};
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_stream::Stream;
use tokio_stream::wrappers::ReceiverStream;

use super::Speaker;
use super::socket::{SLOWEST, SPREAD, admit, begin};
use crate::app::App;
use crate::http::{self, Refusal};
use crate::secret;

/// Frames that one request may bring.
const MOST: usize = 20;
/// Frames that one answer has; what was asked beyond them is asked again.
const ANSWERED: usize = 400;

/// Listens.
///
/// # Errors
/// As for a session.
pub async fn listen(
    State(app): State<App>,
    headers: HeaderMap,
    body: Body,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Refusal> {
    let hello: Hello = http::read_json(&headers, body).await?;
    let site = admit(&app, &hello.site, &headers).await?;
    let (speaker, mut feed, first) = begin(&app, &site, &hello).await?;
    let (events, stream) = mpsc::channel::<Result<Event, Infallible>>(8);
    tokio::spawn(async move {
        let mut told = first;
        loop {
            if !pour(&events, told).await {
                return;
            }
            told = tokio::select! {
                () = events.closed() => return,
                () = feed.ready() => match feed.take().await {
                    Ok(told) => told,
                    Err(_) => return,
                },
                () = tokio::time::sleep(speaker.left(&app)) => return,
                () = app.stopped() => {
                    let drain = ServerFrame::Drain { reconnect_in: secret::below(SPREAD) };
                    if let Ok(event) = Event::default().json_data(&drain) {
                        // Whoever is gone already needs no goodbye.
                        let _ = events.try_send(Ok(event));
                    }
                    return;
                }
            };
        }
    });
    let alive = KeepAlive::new().interval(Duration::from_secs(chat_limits::HEARTBEAT));
    Ok(Sse::new(ReceiverStream::new(stream)).keep_alive(alive))
}

/// Sends frames as events; false when the reader is gone, or too slow to wait for.
pub async fn pour(events: &mpsc::Sender<Result<Event, Infallible>>, told: Vec<ServerFrame>) -> bool {
    for tell in told {
        let Ok(event) = Event::default().json_data(&tell) else { return false };
        if !matches!(timeout(SLOWEST, events.send(Ok(event))).await, Ok(Ok(()))) {
            return false;
        }
    }
    true
}

/// Speaks.
///
/// # Errors
/// As for a session.
pub async fn send(
    State(app): State<App>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Vec<ServerFrame>>, Refusal> {
    let post: ChatPost = http::read_json(&headers, body).await?;
    if post.frames.len() > MOST {
        return Err(Refusal::TooMany(MOST));
    }
    let site = admit(&app, &post.hello.site, &headers).await?;
    let mut speaker = Speaker::greet(&app, &site, &post.hello)?;
    let mut told = Vec::new();
    for ask in post.frames {
        if told.len() > ANSWERED {
            break;
        }
        // Over single posts nobody could tell how often somebody types.
        if matches!(ask, ClientFrame::Typing { .. }) {
            continue;
        }
        told.extend(speaker.hear(&app, &site, ask).await?);
    }
    Ok(Json(told))
}
