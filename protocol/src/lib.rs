//! What travels between widget, host page, host backend, console and collector, and what is stored.
//!
//! The rooms are sorted by **stability**, because that decides what a change costs
//! (`docs/decisions/0015-wire.md`):
//!
//! | room | spoken by | a change |
//! | --- | --- | --- |
//! | [`ids`], [`SortedMap`], [`Millis`], [`error`] | everything | as the room that uses it |
//! | [`widget`], [`backend`], [`chat`] | shipped widgets and host backends | only additions with a default, for years |
//! | [`files`] | `flow.toml` and `desk.toml` in customers' repositories | only additions with a default |
//! | [`stored`] | JSON in the database, and the widget | additions, or a migration |
//! | [`console`] | the console, which is shipped with its collector | free |
//!
//! The types only say what travels: nothing here reads a clock, decides a rule, talks to a network or knows a
//! browser. Names on the wire stay when a Rust name changes (`#[serde(rename)]`). Rules live in `journey`.

pub mod backend;
pub mod chat;
pub mod console;
pub mod error;
pub mod files;
pub mod ids;
mod sorted_map;
pub mod stored;
pub mod widget;

pub use sorted_map::SortedMap;

/// Milliseconds since 1970-01-01T00:00:00Z; every instant on the wire has this shape.
pub type Millis = i64;

/// A day in [`Millis`].
pub const DAY: Millis = 24 * 60 * 60 * 1000;
