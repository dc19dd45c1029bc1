//! What the console's live streams have in common: the inbox's and the reports'.

use std::convert::Infallible;
use std::time::Duration;

use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use tokio::sync::mpsc;
use tokio_stream::Stream;
use tokio_stream::wrappers::ReceiverStream;

/// How soon a stream ends after its operator was signed out or sees less.
pub const CHECK_INTERVAL: Duration = Duration::from_secs(3);
/// How often an open stream is checked for a reader.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// One server-sent event on its way.
pub type SentEvent = Result<Event, Infallible>;

/// Answers with whatever is sent to the other end of `events`.
pub fn stream(events: mpsc::Receiver<SentEvent>) -> Sse<impl Stream<Item = SentEvent>> {
    Sse::new(ReceiverStream::new(events)).keep_alive(KeepAlive::new().interval(KEEP_ALIVE))
}
