//! The outbox: every event is written down before anything is sent, and kept until the collector
//! says that it has it. `queue` decides what to send, `backoff` when, `outbox` does it. Reasons:
//! `docs/decisions/0012-parts.md`.

mod backoff;
pub mod early;
mod news;
mod outbox;
mod queue;

pub use backoff::Backoff;
pub use news::News;
pub use outbox::Outbox;
