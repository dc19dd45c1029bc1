//! Texts of what is rare; the build makes them from the locale files.

include!(concat!(env!("OUT_DIR"), "/chat_extras.rs"));
