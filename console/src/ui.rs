//! What the pages share on screen. Reasons: `docs/decisions/0014-console.md`.

pub mod charts;
mod chip;
mod code;
mod icon;
mod keys;
mod load;
mod loaded;
mod number;

pub use chip::RemovableChip;
pub use code::Code;
pub use icon::Icon;
pub use keys::is_composing;
pub use load::Load;
pub use loaded::Loaded;
pub use number::number;
