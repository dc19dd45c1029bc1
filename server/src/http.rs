//! What every room needs of HTTP: bodies within their limits, refusals with their tags, and origins.
//! It knows no site by itself, no person and no handler. Reasons: `docs/decisions/0005-intake.md`.

mod body;
mod event_stream;
pub mod origin;
mod refusal;
mod shown;

pub use body::{Document, Text, read, read_chunk};
pub use event_stream::{SentEvent, event_stream};
pub use refusal::{Bottleneck, Refusal};
pub use shown::shown;
