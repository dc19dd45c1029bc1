//! The outbox: every event is written down before anything is sent, and kept until the collector
//! says that it has it. `queue` decides what to send, `backoff` when, `outbox` does it.

mod backoff;
mod outbox;
mod queue;

pub use outbox::{News, Outbox, Sender};
