//! What the host's backend may do with its secret key: vouch for facts and accounts, publish flows and the support
//! file, erase a person. Reasons: `docs/decisions/0013-collector.md`.

pub mod accounts;
pub mod facts;
pub mod flows;
mod moment;
pub mod support;
pub mod users;
