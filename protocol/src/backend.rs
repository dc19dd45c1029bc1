//! Public wire between the host's backend and the collector: facts and account updates.
//!
//! Host backends are written once and run for years: fields are only added, each with a default
//! (`docs/decisions/0015-wire.md`).

mod account;
mod fact;

pub use account::{AccountUpdate, HandoffSheet};
pub use fact::{Fact, FactBatch, FactValue};
