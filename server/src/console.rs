//! What the console asks: [`auth`] for the way in, [`inbox`] for conversations, [`reports`] for everything that is
//! counted. Reasons: `docs/decisions/0014-console.md`.

pub mod auth;
pub mod inbox;
pub mod integration;
mod live;
mod locale_query;
pub mod quarantine;
pub mod reports;

pub use locale_query::LocaleQuery;
