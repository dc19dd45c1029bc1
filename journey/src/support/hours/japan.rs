//! Japan's public holidays by the law in force since 2022 (国民の祝日に関する法律, Act No. 178 of 1948).
//!
//! The days of the equinoxes are those that the National Astronomical Observatory's formula gives for 1980
//! to 2099; the Cabinet Office announces each in February of the year before. A support file can list its own
//! days for another year or a new law.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

/// Returns whether a day is a holiday, a substitute for one on a Sunday, or a day between two holidays.
pub fn is_holiday(day: Date) -> bool {
    is_named(day) || is_substitute(day) || (is_named_by(day, -1) && is_named_by(day, 1))
}

fn is_named_by(day: Date, days: i64) -> bool {
    day.checked_add(days.days()).is_ok_and(is_named)
}

/// The first day after a Sunday's holiday that is none itself (article 3, paragraph 2).
fn is_substitute(day: Date) -> bool {
    let mut before = day;
    while let Ok(yesterday) = before.yesterday() {
        if !is_named(yesterday) {
            return false;
        }
        if yesterday.weekday() == Weekday::Sunday {
            return true;
        }
        before = yesterday;
    }
    false
}

fn is_named(day: Date) -> bool {
    let monday = |nth| day.weekday() == Weekday::Monday && (day.day() - 1) / 7 + 1 == nth;
    match (day.month(), day.day()) {
        (1, 1) | (2, 11 | 23) | (4, 29) | (5, 3..=5) | (8, 11) | (11, 3 | 23) => true,
        (1 | 10, _) => monday(2),
        (3, of) => of == equinox(day.year(), 20.8431),
        (7, _) => monday(3),
        (9, of) => monday(3) || of == equinox(day.year(), 23.2488),
        _ => false,
    }
}

/// The day of the month on which an equinox falls.
fn equinox(year: i16, in_1980: f64) -> i8 {
    let years = f64::from(year) - 1980.0;
    (in_1980 + 0.242_194 * years - (years / 4.0).floor()).floor() as i8
}
