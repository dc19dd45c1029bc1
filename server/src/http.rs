//! What every room needs of HTTP: bodies within their limits, refusals with their tags, and origins.
//! It knows no site by itself, no person and no handler. Reasons: `docs/decisions/0005-intake.md`.

mod body;
mod bottleneck;
mod client;
mod event_stream;
mod extract;
mod guest_ids;
pub mod origin;
mod own_pages;
mod refusal;
mod security_headers;
mod shown;
mod store_error;

pub use body::{Document, Text, Unread, parse, read, read_chunk};
pub use bottleneck::Bottleneck;
pub use client::{Client, FORWARDED_FOR, is_proxy};
pub use event_stream::{SentEvent, event_stream};
pub use extract::{Path, Query};
pub use guest_ids::show_guests;
pub use own_pages::{refuse_foreign, refuse_foreign_writes};
pub use refusal::Refusal;
pub use security_headers::{for_other_origins, secure};
pub use shown::shown;
