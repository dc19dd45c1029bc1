//! Texts in the reader's language; the build turns `locales/*.json` into constants.

pub use texts::fill;

include!(concat!(env!("OUT_DIR"), "/texts.rs"));
