//! The rules of the journey, pure.
//!
//! A customer's journey is a fold over what happened: [`fold`] takes events and facts and gives
//! progress and stage transitions. The widget runs it to show the checklist at once, the collector
//! runs the very same code to tell customer success the truth. Time is always a parameter, nothing
//! here has randomness or I/O, and any order and any repetition of the same input gives the same
//! progress, because [`fold::replay`] puts it in order and drops what it has seen.

pub mod chat;
pub mod checklist;
pub mod condition;
pub mod entry;
pub mod fold;
pub mod rules;

#[cfg(feature = "check")]
pub mod check;
#[cfg(feature = "funnel")]
pub mod clips;
#[cfg(feature = "funnel")]
pub mod feelings;
#[cfg(feature = "funnel")]
pub mod funnel;
#[cfg(feature = "funnel")]
pub mod help;
#[cfg(feature = "hours")]
pub mod hours;

pub use checklist::{Checklist, Row, RowState};
pub use entry::{Entry, What};
pub use fold::{Transition, Turn, apply, replay};
pub use rules::Rules;
