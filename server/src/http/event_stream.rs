//! Server-sent events: the one place that makes an answer which goes on as long as a client listens.

use std::convert::Infallible;
use std::time::Duration;

use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

/// One server-sent event on its way.
pub type SentEvent = Result<Event, Infallible>;

/// Headers for proxies: nginx holds an answer back that does not say otherwise, and others compress it in blocks, in
/// which an event waits.
const LIVE: [(&str, &str); 2] = [("x-accel-buffering", "no"), ("cache-control", "no-cache, no-transform")];

/// Answers with whatever is sent to the other end of `events`, and with a comment after each silence of this length.
pub fn event_stream(events: mpsc::Receiver<SentEvent>, keep_alive: Duration) -> Response {
    let stream = Sse::new(ReceiverStream::new(events)).keep_alive(KeepAlive::new().interval(keep_alive));
    (LIVE, stream).into_response()
}
