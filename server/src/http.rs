//! What all handlers share: refusals, bodies and origins.

mod body;
pub mod origin;
mod refusal;

pub use body::{read, read_json, read_piece, read_text};
pub use refusal::Refusal;
