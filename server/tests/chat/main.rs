//! The chat over real sockets.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on fails")]

mod access;
mod collector;
mod desk;
mod doors;
mod files;
mod pictures;
mod security;
mod strangers;
mod streams;
mod talk;
