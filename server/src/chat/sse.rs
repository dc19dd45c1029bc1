//! The transport for networks that let no socket through: `POST /v1/chat/stream` answers a hello with server-sent
//! events, `POST /v1/chat/send` takes frames. The ids and the log are those of the socket.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use axum::response::sse::Event;
use protocol::chat::{ChatPost, ClientFrame, Hello, ServerFrame, limits as chat_limits};
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::ChatSession;
use super::socket::{RECONNECT_SPREAD, WRITE_TIMEOUT};
use crate::app::App;
use crate::auth::WidgetCaller;
use crate::http::{Refusal, SentEvent, event_stream};
use crate::random;

/// Frames of one request.
const MAX_FRAMES: usize = 20;
/// Frames of one answer; the client sends again what was not answered.
const MAX_ANSWERS: usize = 400;

/// Begins a session and streams its frames.
///
/// # Errors
/// As [`ChatSession::begin`].
pub async fn listen(
    State(app): State<App>,
    WidgetCaller { site, identity, body: hello, .. }: WidgetCaller<Hello>,
) -> Result<Response, Refusal> {
    let (session, mut subscription, first) = ChatSession::begin(&app, site.id, identity, &hello).await?;
    let (events, received) = mpsc::channel::<SentEvent>(8);
    tokio::spawn(async move {
        let mut frames = first;
        loop {
            if !forward_frames(&events, frames).await {
                return;
            }
            frames = tokio::select! {
                () = events.closed() => return,
                () = subscription.ready() => match subscription.take().await {
                    Ok(frames) => frames,
                    Err(_) => return,
                },
                () = tokio::time::sleep(session.time_left(&app)) => return,
                () = app.stopped() => {
                    let drain = ServerFrame::Drain { reconnect_in: random::below(RECONNECT_SPREAD) };
                    if let Ok(event) = Event::default().json_data(&drain) {
                        // A reader that is gone already misses nothing.
                        let _ = events.try_send(Ok(event));
                    }
                    return;
                }
            };
        }
    });
    Ok(event_stream(received, Duration::from_secs(chat_limits::HEARTBEAT)))
}

/// Sends frames as events; false when the reader is gone or too slow.
pub async fn forward_frames(events: &mpsc::Sender<SentEvent>, frames: Vec<ServerFrame>) -> bool {
    for frame in frames {
        let Ok(event) = Event::default().json_data(&frame) else { return false };
        if !matches!(timeout(WRITE_TIMEOUT, events.send(Ok(event))).await, Ok(Ok(()))) {
            return false;
        }
    }
    true
}

/// Handles frames that were posted, and answers them in order.
///
/// # Errors
/// `TooMany`, and as [`ChatSession::handle`].
pub async fn send(
    State(app): State<App>,
    WidgetCaller { site, identity, body: post, .. }: WidgetCaller<ChatPost>,
) -> Result<Json<Vec<ServerFrame>>, Refusal> {
    if post.frames.len() > MAX_FRAMES {
        return Err(Refusal::TooMany(MAX_FRAMES));
    }
    let mut session = ChatSession::new(site.id, identity);
    let mut answers = Vec::new();
    for ask in post.frames {
        if answers.len() > MAX_ANSWERS {
            break;
        }
        // Each post is a session of its own, so typing could not be throttled.
        if matches!(ask, ClientFrame::Typing { .. }) {
            continue;
        }
        answers.extend(session.handle(&app, &site, ask).await?);
    }
    Ok(Json(answers))
}
