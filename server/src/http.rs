//! What all handlers share: refusals, bodies and origins.

mod body;
pub mod origin;
mod refusal;

pub use body::{Document, NoBody, ReadBody, Text, read, read_piece};
pub use refusal::Refusal;
