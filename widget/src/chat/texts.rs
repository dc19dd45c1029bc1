//! Texts of the chat in the person's language; the build makes them from `locales/*/chat.json`.

include!(concat!(env!("OUT_DIR"), "/chat.rs"));
