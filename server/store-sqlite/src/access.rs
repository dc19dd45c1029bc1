//! Who may open the console: operators, one-time links, sessions. Reasons: `docs/decisions/0013-collector.md`.

mod links;
mod operators;
mod pictures;
mod rows;
pub(crate) mod security;
