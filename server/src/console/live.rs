//! What the console's live streams have in common: the inbox's and the reports'.

use std::time::Duration;

use axum::response::Response;
use tokio::sync::mpsc;

use crate::http::{SentEvent, event_stream};

/// How soon a stream ends after its operator was signed out or sees less.
pub const CHECK_INTERVAL: Duration = Duration::from_secs(3);
/// How often an open stream is checked for a reader.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Answers with whatever is sent to the other end of `events`.
pub fn stream(events: mpsc::Receiver<SentEvent>) -> Response {
    event_stream(events, KEEP_ALIVE)
}
