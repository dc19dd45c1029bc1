//! Texts of the thread; the build makes them from the locale files.

include!(concat!(env!("OUT_DIR"), "/chat_thread.rs"));
