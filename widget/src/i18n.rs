//! Texts in the person's language; the build makes them from `locales/*.json`.

pub use texts::fill;

include!(concat!(env!("OUT_DIR"), "/texts.rs"));
