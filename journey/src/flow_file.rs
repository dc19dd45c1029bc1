//! The flow file: whether it is valid, and what one person sees of it.

#[cfg(feature = "check")]
pub mod check;
mod localize;

pub use localize::localize;
