//! The way into the console: one-time links, passwords, codes of an authenticator, and the sessions of browsers.
//! How operators are added and what they see: `docs/operations.md`.

pub mod links;
mod password;
pub mod picture;
pub mod profile;
pub mod security_log;
pub mod sessions;
pub mod sign_in;
pub mod totp;
