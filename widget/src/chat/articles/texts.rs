//! Texts of articles; the build makes them from the locale files.

include!(concat!(env!("OUT_DIR"), "/chat_articles.rs"));
