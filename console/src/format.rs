//! Values as people read them, one function for each kind of value. Reasons:
//! `docs/decisions/0014-console.md`.

mod datetime;
mod number;

pub use datetime::{moment, recent, time, time_with_seconds};
pub use number::{bytes, clock, duration, estimate, percent};
