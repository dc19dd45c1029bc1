//! Rules of clips: how far a person watched, which file and which captions they get, and where something is said. They
//! know no browser. Reasons: `docs/decisions/0008-clips.md`.

pub mod choice;
pub mod script;
mod seen;
pub mod viewing;

pub use seen::Seen;
