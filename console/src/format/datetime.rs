//! Moments as people read them, and the console's one clock.

use js_sys::{Date, Object, Reflect};
use protocol::Millis;

/// Now.
pub fn now() -> Millis {
    Date::now() as Millis
}

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

/// The same, without the day when it is today.
pub fn lately(at: Millis, locale: &str) -> String {
    let (then, today) = (Date::new(&(at as f64).into()), Date::new_0());
    if then.to_date_string() == today.to_date_string() { time(at, locale) } else { moment(at, locale) }
}

/// The time of day.
pub fn time(at: Millis, locale: &str) -> String {
    let whole = String::from(Date::new(&(at as f64).into()).to_locale_time_string(locale));
    // "14:05:09" or "2:05:09 PM": seconds say nothing here.
    match whole.match_indices(':').nth(1) {
        Some((seconds, _)) => [&whole[..seconds], whole.get(seconds + 3..).unwrap_or_default()].concat(),
        None => whole,
    }
}
