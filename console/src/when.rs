//! Moments as people read them.

use js_sys::{Date, Object, Reflect};
use protocol::Millis;

/// A moment in the reader's time zone.
pub fn moment(at: Millis, locale: &str) -> String {
    let options = Object::new();
    let parts = [
        ("month", "short"),
        ("day", "numeric"),
        ("weekday", "short"),
        ("hour", "2-digit"),
        ("minute", "2-digit"),
    ];
    for (part, form) in parts {
        // Setting a field of a fresh object cannot fail.
        let _ = Reflect::set(&options, &part.into(), &form.into());
    }
    String::from(Date::new(&(at as f64).into()).to_locale_string(locale, &options))
}
