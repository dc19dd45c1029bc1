//! What all handlers share: refusals, bodies and origins.

mod body;
pub mod origin;
mod refusal;

pub use body::{read, read_json, read_limited, read_text};
pub use refusal::Refusal;
