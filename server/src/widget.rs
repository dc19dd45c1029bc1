//! What the widget asks for and reports, on pages of other origins. Chat and uploads have rooms of their own.
//! Reasons: `docs/decisions/0004-news.md` and `docs/decisions/0005-intake.md`.

pub mod articles;
pub mod clips;
pub mod events;
pub mod progress;
pub mod session;
