//! Support: conversations and support hours.
//!
//! Reasons: `docs/decisions/0009-chat.md` and `docs/decisions/0010-desk.md`.

pub mod conversation;
#[cfg(feature = "hours")]
pub mod hours;
