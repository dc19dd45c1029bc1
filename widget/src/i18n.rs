//! Texts in the person's language; the build makes them from `locales/*/widget.json`.

pub use texts::{concat, cut, fill, join, split};

include!(concat!(env!("OUT_DIR"), "/widget.rs"));
