//! The outbox: every event is written down before anything is sent, and kept until the collector
//! says that it has it. `queue` decides what to send, `outbox` sends it at the
//! pace of `backoff.rs`. Reasons:
//! `docs/decisions/0012-parts.md`.

pub mod early;
mod news;
mod outbox;
mod queue;

pub use news::News;
pub use outbox::Outbox;
