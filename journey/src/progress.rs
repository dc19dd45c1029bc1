//! An account's progress: the fold over its entries, the conditions of steps, and the checklist.
//!
//! Any order and any repetition of the same entries gives the same progress, because [`fold::replay`] sorts
//! them and drops what it has folded already. Reasons: `docs/decisions/0002-fold.md`.

pub mod checklist;
pub mod condition;
pub mod entry;
pub mod fold;
pub mod rules;

pub use checklist::{Checklist, Row, RowState};
pub use entry::{Entry, EntryKind};
pub use fold::{Change, Transition, apply, replay};
pub use rules::Rules;
