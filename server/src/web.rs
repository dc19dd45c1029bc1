//! What is the same for everybody: the embedded files of widget and console, and health. Why old files stay:
//! `docs/decisions/0012-parts.md`.

pub mod assets;
pub mod health;
