//! Texts in the person's language; the build makes them from `locales/*.json`.

include!(concat!(env!("OUT_DIR"), "/texts.rs"));
