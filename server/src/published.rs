//! What sites have published: the newest versions of flows and of the support file, read once and remembered until
//! another version is published here.
//!
//! Why promises are measured and not written into the file: `docs/decisions/0010-desk.md`.

mod flows;
mod support;
mod versions;

pub use flows::Flows;
pub use support::{SupportConfig, SupportConfigs};
