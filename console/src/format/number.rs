//! Numbers with their units.

use protocol::Millis;
use protocol::console::Interval;

use crate::i18n::{Texts, fill};

/// Returns a position in a clip: "1:05".
pub fn clock(seconds: f64) -> String {
    let whole = seconds.round() as u64;
    format!("{}:{:02}", whole / 60, whole % 60)
}

/// Returns the size of a file: "12 KB" or "1.6 MB", at least 1 KB.
pub fn bytes(size: u64) -> String {
    if size < 1024 * 1024 {
        format!("{} KB", (size / 1024).max(1))
    } else {
        format!("{:.1} MB", size as f64 / 1024.0 / 1024.0)
    }
}

/// Returns a share with its 95 % interval: "60 % (23–88)".
pub fn percent(interval: &Interval) -> String {
    let whole = |share: f64| (share * 100.0).round();
    format!("{} % ({}–{})", whole(interval.value), whole(interval.low), whole(interval.high))
}

/// Returns a mean with its 95 % interval: "4.2 (3.8–4.6)".
pub fn estimate(interval: &Interval) -> String {
    format!("{:.1} ({:.1}–{:.1})", interval.value, interval.low, interval.high)
}

/// Returns a length of time in its two largest units: "2 h 5 min".
pub fn duration(texts: &Texts, millis: Millis) -> String {
    let seconds = millis / 1000;
    let units = [
        (texts.days, seconds / 86_400),
        (texts.hours, seconds / 3_600 % 24),
        (texts.minutes, seconds / 60 % 60),
        (texts.seconds, seconds % 60),
    ];
    let first = units.iter().position(|(_, n)| *n > 0).unwrap_or(3);
    let shown = units[first..].iter().take(2).filter(|(_, n)| *n > 0 || seconds == 0);
    shown.map(|(unit, n)| fill(unit, &[("n", &n.to_string())])).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::texts;

    #[test]
    fn values_have_their_units() {
        assert_eq!([clock(0.4), clock(65.0), clock(600.0)], ["0:00", "1:05", "10:00"]);
        assert_eq!([bytes(3), bytes(20_480), bytes(1_677_722)], ["1 KB", "20 KB", "1.6 MB"]);
        let interval = Interval { value: 0.6, low: 0.23, high: 0.88 };
        assert_eq!(percent(&interval), "60 % (23–88)");
        assert_eq!(estimate(&Interval { value: 4.21, low: 3.8, high: 4.6 }), "4.2 (3.8–4.6)");
    }

    #[test]
    fn a_length_of_time_has_its_two_largest_units() {
        let en = texts("en");
        let cases = [
            (0, "0 s"),
            (59_000, "59 s"),
            (7_500_000, "2 h 5 min"),
            (7_200_000, "2 h"),
            (90_000_000, "1 d 1 h"),
        ];
        for (millis, expected) in cases {
            assert_eq!(duration(en, millis), expected);
        }
    }
}
