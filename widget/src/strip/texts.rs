//! Texts of the strip; the build makes them from the locale files.

include!(concat!(env!("OUT_DIR"), "/strip.rs"));
