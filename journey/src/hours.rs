//! Business hours: when somebody is there, how much of a wait counts, and when a call is due.
//!
//! A [`Calendar`] is one published file. A [`History`] is all that were published, each from when it was:
//! changing the hours changes nothing of what was measured before.

mod japan;
mod promise;
mod read;
mod staff;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use protocol::{Callback, Millis};

pub use japan::is_holiday;
pub use promise::{Wait, median_minutes};
pub use staff::Staff;

/// How far ahead an opening is looked for, in days.
const HORIZON: usize = 400;
/// Offered times for a call are no longer than this, in minutes.
const SLOT: i64 = 120;
/// Nobody is asked to call sooner than this, in minutes.
const NOTICE: i64 = 30;
/// Times for a call that are offered at once.
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

/// Minutes of a day: from the first until before the second.
type Window = [i64; 2];

/// Business hours that can be reckoned with.
#[derive(Clone, Debug)]
pub struct Calendar {
    zone: TimeZone,
    week: [Vec<Window>; 7],
    days: BTreeMap<Date, Vec<Window>>,
    japan: bool,
    holidays: BTreeSet<Date>,
    callback: Option<Callback>,
    goal: Option<Millis>,
}

impl Calendar {
    /// When nobody is ever there, nothing can be promised.
    pub fn is_empty(&self) -> bool {
        self.week.iter().chain(self.days.values()).all(Vec::is_empty)
    }

    /// How soon a question should be taken up, in milliseconds of business.
    pub fn goal(&self) -> Option<Millis> {
        self.goal
    }

    /// Until when somebody is there, when somebody is there now. Where nobody ever leaves it is a day after the
    /// horizon of a week.
    pub fn open_until(&self, at: Millis) -> Option<Millis> {
        let mut until = None;
        for [from, closes] in self.open(self.day(at), WEEK.len() + 1) {
            // Windows that touch are one.
            if from <= until.unwrap_or(at) && until.unwrap_or(at) < closes {
                until = Some(closes);
            }
        }
        until
    }

    /// When somebody comes back.
    pub fn next_opening(&self, at: Millis) -> Option<Millis> {
        let after = self.open_until(at).unwrap_or(at);
        self.open(self.day(after), HORIZON).map(|[from, _]| from).find(|from| *from > after)
    }

    /// How much of the time between two instants somebody was there, in milliseconds.
    pub fn business(&self, from: Millis, to: Millis) -> Millis {
        if from >= to {
            return 0;
        }
        let days = (self.day(to) - self.day(from)).get_days().unsigned_abs() as usize + 1;
        self.open(self.day(from), days).map(|[opens, closes]| (closes.min(to) - opens.max(from)).max(0)).sum()
    }

    /// By when somebody calls who was asked to; none where nobody calls.
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
                // Nobody is promised a call at a time when nobody is there to call.
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

    /// Times for a call that can be chosen, the next ones first: up to when it is due, and never too few.
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

    /// Hour of the day and day of the week, for comparing like with like.
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

    /// The open times of so many days.
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

    /// A minute of a day; one that a clock skips is the next that there is.
    fn instant(&self, day: Date, minute: i64) -> Millis {
        let time = day.to_datetime(Time::midnight()).saturating_add(minute.minutes());
        self.zone.to_timestamp(time).map_or(Millis::MAX, Timestamp::as_millisecond)
    }
}

/// All that was published, each from when it was.
#[derive(Clone, Debug, Default)]
pub struct History(Vec<(Millis, Calendar)>);

impl History {
    /// Takes what was published, the oldest first.
    pub fn new(versions: Vec<(Millis, Calendar)>) -> Self {
        Self(versions)
    }

    /// What is in force; nothing where nothing was ever published.
    pub fn now(&self) -> Option<&Calendar> {
        self.0.last().map(|(_, calendar)| calendar)
    }

    /// By when somebody calls who was asked to at that time, as it was promised then.
    pub fn call_due(&self, asked: Millis) -> Option<Millis> {
        self.0.iter().rfind(|(since, _)| *since <= asked)?.1.call_due(asked)
    }

    /// How much of the time between two instants counts, in milliseconds: each part by what was in force
    /// then. Before anything was, all of it does.
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
