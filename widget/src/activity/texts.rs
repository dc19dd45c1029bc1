//! Texts of what runs behind; the build makes them from the locale files.

include!(concat!(env!("OUT_DIR"), "/activity.rs"));
