//! Texts that all rooms of the chat share; the build makes them from the locale files.

include!(concat!(env!("OUT_DIR"), "/chat.rs"));
