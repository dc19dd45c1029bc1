//! Connections as clients make them: their shares, their times, who they are behind a proxy, and how they end.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod clients;
mod collector;
mod holders;
mod overload;
mod stopping;
mod times;
