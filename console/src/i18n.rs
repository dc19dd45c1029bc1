//! Texts in the person's language; the build makes them from `locales/*/console.json`.

pub use texts::fill;

include!(concat!(env!("OUT_DIR"), "/console.rs"));
