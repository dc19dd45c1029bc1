//! Values as people read them.

pub mod datetime;
