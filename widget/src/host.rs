//! The page that the widget is a guest of: what it calls, what it is notified of, and what is observed in it.
//! Reasons: `docs/decisions/0001-bytes.md`.

mod api;
pub mod condition_observer;
mod developer;
mod device;
pub mod routes;
mod token_bucket;
mod tracker;

pub use api::Host;
