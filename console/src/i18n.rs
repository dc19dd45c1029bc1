//! Texts in the reader's language; the build turns `locales/*/console.json` into constants.

pub use texts::fill;

include!(concat!(env!("OUT_DIR"), "/console.rs"));
