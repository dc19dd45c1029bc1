//! Support hours: when support is open, how much of a wait counts, and when a callback is due.
//!
//! A [`Calendar`] is one published support file. A [`History`] has every published version with the moment it came
//! into force, so a change of hours alters nothing that was measured before.

mod inheritance;
mod japan;
mod parse;
mod response_time;
mod team_schedules;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use protocol::Millis;
use protocol::files::CallbackPolicy;

pub use japan::is_holiday;
pub use response_time::{FirstResponse, median_minutes};
pub use team_schedules::TeamSchedules;

/// How many days ahead the next opening is searched.
const HORIZON: usize = 400;
/// The longest time slot for a callback, in minutes.
const SLOT: i64 = 120;
/// The shortest notice for a callback, in minutes.
const NOTICE: i64 = 30;
/// The most time slots that are offered.
const SLOTS: usize = 8;

const WEEK: [(Weekday, &str); 7] = [
    (Weekday::Monday, "monday"),
    (Weekday::Tuesday, "tuesday"),
    (Weekday::Wednesday, "wednesday"),
    (Weekday::Thursday, "thursday"),
    (Weekday::Friday, "friday"),
    (Weekday::Saturday, "saturday"),
    (Weekday::Sunday, "sunday"),
];

/// A range of minutes of a day, without its end.
type Window = [i64; 2];

/// The support hours of one published support file.
#[derive(Clone, Debug)]
pub struct Calendar {
    zone: TimeZone,
    week: [Vec<Window>; 7],
    days: BTreeMap<Date, Vec<Window>>,
    japan: bool,
    holidays: BTreeSet<Date>,
    callback: Option<CallbackPolicy>,
    goal: Option<Millis>,
}

impl Calendar {
    /// Returns whether support is never open.
    pub fn is_empty(&self) -> bool {
        self.week.iter().chain(self.days.values()).all(Vec::is_empty)
    }

    /// Returns the first response goal in milliseconds of support hours.
    pub fn goal(&self) -> Option<Millis> {
        self.goal
    }

    /// Returns until when support is open, if it is open at `at`. For support that never closes it is about a week
    /// ahead.
    pub fn open_until(&self, at: Millis) -> Option<Millis> {
        let mut until = None;
        for [from, closes] in self.open(self.day(at), WEEK.len() + 1) {
            // Ranges that touch are one.
            if from <= until.unwrap_or(at) && until.unwrap_or(at) < closes {
                until = Some(closes);
            }
        }
        until
    }

    /// Returns when support opens next.
    pub fn next_opening(&self, at: Millis) -> Option<Millis> {
        let after = self.open_until(at).unwrap_or(at);
        self.open(self.day(after), HORIZON).map(|[from, _]| from).find(|from| *from > after)
    }

    /// Returns how many milliseconds between two instants are support hours.
    pub fn business(&self, from: Millis, to: Millis) -> Millis {
        if from >= to {
            return 0;
        }
        let days = (self.day(to) - self.day(from)).get_days().unsigned_abs() as usize + 1;
        self.open(self.day(from), days).map(|[opens, closes]| (closes.min(to) - opens.max(from)).max(0)).sum()
    }

    /// Returns when this many milliseconds of support hours will have passed since an instant.
    pub fn after(&self, from: Millis, mut left: Millis) -> Option<Millis> {
        for [opens, closes] in self.open(self.day(from), HORIZON) {
            let begins = opens.max(from);
            if closes - begins >= left.max(1) {
                return Some(begins + left);
            }
            left -= (closes - begins).max(0);
        }
        None
    }

    /// Returns when a callback that is requested at `at` is due; `None` when the site offers none.
    pub fn call_due(&self, at: Millis) -> Option<Millis> {
        let callback = self.callback?;
        let mut left = i64::from(callback.hours) * 3_600_000;
        if callback.every_day || self.is_empty() {
            return Some(at + left);
        }
        let mut now = at;
        for day in self.day(at).series(1.day()).take(HORIZON) {
            let midnight = self.instant(day, 24 * 60);
            if self.windows(day).is_empty() {
                now = midnight;
            } else if midnight - now >= left {
                // A callback is never due while support is closed.
                let closes = self.open(day, 1).map(|[_, closes]| closes);
                let due = now + left;
                let before = || closes.take_while(|closes| *closes <= due).last();
                return self.open_until(due).map(|_| due).or_else(before).or(Some(due));
            } else {
                left -= midnight - now;
                now = midnight;
            }
        }
        None
    }

    /// Returns the time slots for a callback, the next first: up to when it is due, and at least three.
    pub fn call_slots(&self, at: Millis) -> Vec<[Millis; 2]> {
        let Some(due) = self.call_due(at) else { return Vec::new() };
        let soonest = at + NOTICE * 60_000;
        let mut slots = Vec::new();
        for day in self.day(at).series(1.day()).take(HORIZON) {
            for [from, to] in self.windows(day) {
                let starts = (*from..*to).step_by(SLOT as usize);
                let pieces = starts.map(|start| {
                    [self.instant(day, start), self.instant(day, to.min(&(start + SLOT)).to_owned())]
                });
                slots.extend(
                    pieces.filter(|[_, until]| *until > soonest).map(|[start, until]| [start.max(at), until]),
                );
            }
            if slots.len() >= SLOTS || (slots.len() >= 3 && self.instant(day, 24 * 60) > due) {
                break;
            }
        }
        slots.truncate(SLOTS);
        slots
    }

    /// Returns the hour of the day.
    fn hour(&self, at: Millis) -> i8 {
        self.civil(at).hour()
    }

    fn windows(&self, day: Date) -> &[Window] {
        if let Some(own) = self.days.get(&day) {
            return own;
        }
        if self.holidays.contains(&day) || (self.japan && is_holiday(day)) {
            return &[];
        }
        &self.week[day.weekday().to_monday_zero_offset() as usize]
    }

    /// Returns the open ranges of `days` days.
    fn open(&self, from: Date, days: usize) -> impl Iterator<Item = [Millis; 2]> {
        let days = from.series(1.day()).take(days);
        days.flat_map(move |day| {
            self.windows(day).iter().map(move |window| window.map(|minute| self.instant(day, minute)))
        })
    }

    fn civil(&self, at: Millis) -> DateTime {
        self.zone.to_datetime(Timestamp::from_millisecond(at).unwrap_or_default())
    }

    fn day(&self, at: Millis) -> Date {
        self.civil(at).date()
    }

    /// Returns the instant of a minute of a day; a minute that daylight saving skips is the next that exists.
    fn instant(&self, day: Date, minute: i64) -> Millis {
        let time = day.to_datetime(Time::midnight()).saturating_add(minute.minutes());
        self.zone.to_timestamp(time).map_or(Millis::MAX, Timestamp::as_millisecond)
    }
}

/// Every published calendar with the moment it came into force.
#[derive(Clone, Debug, Default)]
pub struct History(Vec<(Millis, Calendar)>);

impl History {
    /// Takes the published calendars, the oldest first.
    pub fn new(versions: Vec<(Millis, Calendar)>) -> Self {
        Self(versions)
    }

    /// Returns the calendar in force; `None` when none was published.
    pub fn now(&self) -> Option<&Calendar> {
        self.0.last().map(|(_, calendar)| calendar)
    }

    /// Returns when a callback that was requested at `asked` is due, by the calendar of that time.
    pub fn call_due(&self, asked: Millis) -> Option<Millis> {
        self.0.iter().rfind(|(since, _)| *since <= asked)?.1.call_due(asked)
    }

    /// Returns how many milliseconds between two instants are support hours, each part by the calendar in force
    /// then. Before the first calendar all of it counts.
    pub fn business(&self, from: Millis, to: Millis) -> Millis {
        let first = self.0.first().map_or(to, |(since, _)| *since);
        let before = (to.min(first) - from).max(0);
        let ends = self.0.iter().skip(1).map(|(since, _)| *since).chain([Millis::MAX]);
        let parts = self.0.iter().zip(ends);
        before
            + parts
                .map(|((since, calendar), end)| calendar.business(from.max(*since), to.min(end)))
                .sum::<Millis>()
    }
}

#[cfg(test)]
mod tests;
