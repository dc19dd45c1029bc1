//! Texts in the person's language; the build makes them from `locales/*/widget.json`.

pub use texts::fill;

include!(concat!(env!("OUT_DIR"), "/widget.rs"));
