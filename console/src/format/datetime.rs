//! Moments in the reader's language and time zone.

use js_sys::{Date, Object, Reflect};
use protocol::Millis;

/// Returns day and time: "Thu, Nov 26, 02:05 PM".
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
    String::from(date(at).to_locale_string(locale, &options))
}

/// Returns day and time, or only the time when it is today.
pub fn recent(at: Millis, locale: &str) -> String {
    if date(at).to_date_string() == Date::new_0().to_date_string() {
        time(at, locale)
    } else {
        moment(at, locale)
    }
}

/// Returns the time of day: "2:05 PM".
pub fn time(at: Millis, locale: &str) -> String {
    without_seconds(&time_with_seconds(at, locale))
}

/// Returns the time of day with seconds: "2:05:09 PM".
pub fn time_with_seconds(at: Millis, locale: &str) -> String {
    String::from(date(at).to_locale_time_string(locale))
}

fn date(at: Millis) -> Date {
    Date::new(&(at as f64).into())
}

/// Cuts what follows the second colon up to the next word: "14:05:09" or "2:05:09 PM".
fn without_seconds(time: &str) -> String {
    match time.match_indices(':').nth(1) {
        Some((seconds, _)) => [&time[..seconds], time.get(seconds + 3..).unwrap_or_default()].concat(),
        None => time.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_cut_off_in_both_clocks() {
        assert_eq!(without_seconds("14:05:09"), "14:05");
        assert_eq!(without_seconds("2:05:09 PM"), "2:05 PM");
        assert_eq!(without_seconds("14:05"), "14:05");
    }
}
