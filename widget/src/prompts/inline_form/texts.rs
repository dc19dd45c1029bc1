//! Texts of forms; the build makes them from the locale files.

include!(concat!(env!("OUT_DIR"), "/inline_form.rs"));
