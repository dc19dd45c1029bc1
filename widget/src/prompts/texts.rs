//! Texts of the prompts; the build makes them from the locale files.

include!(concat!(env!("OUT_DIR"), "/prompts.rs"));
