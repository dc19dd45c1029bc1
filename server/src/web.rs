//! What is the same for everybody: the embedded files of widget and console, those of releases before
//! (`docs/decisions/0012-parts.md`), and health.

pub mod assets;
pub mod embedded;
pub mod former;
pub mod health;
