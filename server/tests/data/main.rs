//! What the collector makes of the data that it is given: whether it counts, how long it stays, who gets it back.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod collector;
mod erasure;
mod exports;
mod guests;
mod pace;
mod retention;
mod values;
