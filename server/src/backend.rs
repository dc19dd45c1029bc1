//! What the host's backend may do with its secret key: vouch for facts and accounts, publish flows and the support
//! file, export what was collected, erase a person or an account. Reasons: `docs/decisions/0013-collector.md`.

pub mod accounts;
pub mod exports;
pub mod facts;
pub mod flows;
mod moment;
pub mod support;
pub mod users;
