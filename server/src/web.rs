//! What is the same for everybody: the embedded files of widget and console, and health.

pub mod assets;
pub mod health;
