//! The way into the console: one-time links, passwords, codes of an authenticator, and the sessions of browsers.
//! Decided in `docs/decisions/0011-files.md`, under doors.

pub mod links;
mod password;
pub mod sessions;
pub mod sign_in;
pub mod totp;
