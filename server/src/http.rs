//! What every room needs of HTTP: bodies within their limits, refusals with their tags, origins and CORS.
//! It knows no site by itself, no person and no handler.

mod body;
mod cors;
pub mod origin;
mod refusal;

pub use body::{Document, NoBody, ReadBody, Text, read, read_chunk};
pub use cors::cors;
pub use refusal::Refusal;
