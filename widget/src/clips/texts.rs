//! Texts of clips; the build makes them from the locale files.

include!(concat!(env!("OUT_DIR"), "/clips.rs"));
