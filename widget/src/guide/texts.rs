//! Texts of the guide; the build makes them from the locale files.

include!(concat!(env!("OUT_DIR"), "/guide.rs"));
