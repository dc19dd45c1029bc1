//! What the widget asks for and reports, on pages of other origins. Chat and uploads have rooms of their own.

pub mod articles;
pub mod clips;
pub mod events;
pub mod progress;
pub mod session;
