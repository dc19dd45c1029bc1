//! The flow file: whether it is valid, and what one person sees of it. Why steps have the form they have:
//! `docs/decisions/0003-funnel.md`.

#[cfg(feature = "check")]
pub mod check;
mod localize;

pub use localize::localize;
