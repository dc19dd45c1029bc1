//! The protocol's words to and from the JSON that the browser parses and prints.
//!
//! A generic parser costs a browser about 40 kB of code (see `docs/decisions/0001-bytes.md`); reading the few
//! types that the widget needs from what `JSON.parse` made costs a tenth. That both say the same is
//! kept by `tests`, which compare with the protocol's own form.

mod decode;
mod read;
#[cfg(test)]
mod tests;
mod write;

pub use read::{Json, Read};
pub use write::{Sender, event, object, plain, print, progress_query, sender, session_request};
