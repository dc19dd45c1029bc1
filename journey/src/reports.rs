//! The arithmetic of reports. Small counts get no rate.
//!
//! Reasons: `docs/decisions/0003-funnel.md` and `docs/decisions/0008-clips.md`.

pub mod clips;
pub mod funnel;
pub mod help;
pub mod surveys;

use protocol::ids::{AccountId, UserId};

/// A person of an account.
pub type Who = (AccountId, UserId);
