//! Business hours: when somebody is there, how much of a wait counts, and when a call is due.
//!
//! A [`Calendar`] is one published file. A [`History`] is all that were published, each from when it was:
//! changing the hours changes nothing of what was measured before.

mod japan;
mod promise;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use protocol::{Callback, DeskFile, Holidays, Millis};

pub use japan::is_holiday;
pub use promise::{Wait, median_minutes};

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
    /// Reads a file.
    ///
    /// # Errors
    /// Every mistake, with what would be right.
    pub fn read(file: &DeskFile) -> Result<Self, Vec<String>> {
        let mut wrong = Vec::new();
        let zone = TimeZone::get(&file.zone).unwrap_or_else(|_| {
            wrong.push(format!("zone: {:?} is no IANA time zone such as \"Asia/Tokyo\"", file.zone));
            TimeZone::UTC
        });
        let usual = windows("weekdays", &file.weekdays, &mut wrong);
        let mut week: [Vec<Window>; 7] = Default::default();
        week[..5].fill(usual);
        for (name, texts) in file.week.iter() {
            let day =
                (name.len() >= 3).then(|| WEEK.iter().position(|(_, full)| full.starts_with(name.as_str())));
            match day.flatten() {
                Some(day) => week[day] = windows(&format!("week.{name}"), texts, &mut wrong),
                None => wrong.push(format!("week.{name}: no day of the week; write \"saturday\" or \"sat\"")),
            }
        }
        let mut days = BTreeMap::new();
        for text in &file.closed {
            let (first, last) = text.split_once(" to ").unwrap_or((text, text));
            match (date(first), date(last)) {
                (Some(first), Some(last)) if first <= last && (last - first).get_days() <= HORIZON as i32 => {
                    days.extend(first.series(1.day()).take_while(|day| *day <= last).map(|day| (day, Vec::new())));
                }
                _ => wrong.push(format!(
                    "closed: {text:?} is neither a day such as \"2026-12-29\" nor \"2026-12-29 to 2027-01-03\""
                )),
            }
        }
        for (day, texts) in file.days.iter() {
            let open = windows(&format!("days.{day}"), texts, &mut wrong);
            match date(day) {
                Some(day) => drop(days.insert(day, open)),
                None => wrong.push(format!("days.{day}: no day such as \"2026-12-28\"")),
            }
        }
        let (japan, holidays) = match &file.holidays {
            Holidays::Named(name) if name == "japan" => (true, BTreeSet::new()),
            Holidays::Named(name) if name == "none" => (false, BTreeSet::new()),
            Holidays::None => (false, BTreeSet::new()),
            Holidays::Named(name) => {
                wrong.push(format!(
                    "holidays: {name:?} is neither \"japan\" nor \"none\" nor a file beside this one"
                ));
                (false, BTreeSet::new())
            }
            Holidays::Days(list) => {
                let read = |text: &String| date(text).ok_or_else(|| format!("holidays: {text:?} is no day"));
                let (good, bad): (Vec<_>, Vec<_>) = list.iter().map(read).partition(Result::is_ok);
                wrong.extend(bad.into_iter().filter_map(Result::err));
                (false, good.into_iter().filter_map(Result::ok).collect())
            }
        };
        if file.callback.is_some_and(|callback| callback.hours == 0 || callback.hours > 24 * 14) {
            wrong.push("callback.hours: from 1 to 336".to_owned());
        }
        if file.keep_days == Some(0) {
            wrong.push("keep_days: at least one day".to_owned());
        }
        if file.goal == Some(0) {
            wrong.push("goal: at least one minute".to_owned());
        }
        let goal = file.goal.map(|minutes| i64::from(minutes) * 60_000);
        let calendar = Self { zone, week, days, japan, holidays, callback: file.callback, goal };
        if wrong.is_empty() { Ok(calendar) } else { Err(wrong) }
    }

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

fn date(text: &str) -> Option<Date> {
    text.parse().ok()
}

/// Ranges of a day in order; those that cannot be read are said to be wrong.
fn windows(place: &str, texts: &[String], wrong: &mut Vec<String>) -> Vec<Window> {
    let mut all = Vec::new();
    for text in texts {
        let ends = text.split_once('-').and_then(|(from, to)| Some([minute(from)?, minute(to)?]));
        match ends {
            Some([from, to]) if from < to => all.push([from, to]),
            Some(_) => wrong.push(format!(
                "{place}: {text:?} ends before it begins; what goes on after midnight is the next day's \"00:00-…\""
            )),
            None => wrong.push(format!("{place}: {text:?} is no range such as \"10:00-18:00\"")),
        }
    }
    all.sort_unstable();
    if all.is_sorted_by(|one, next| one[1] <= next[0]) {
        return all;
    }
    wrong.push(format!("{place}: two ranges overlap"));
    Vec::new()
}

/// Minutes since midnight; `24:00` is the end of the day.
fn minute(text: &str) -> Option<i64> {
    let (hour, minute) = text.trim().split_once(':')?;
    let of = |text: &str| (text.len() <= 2).then(|| text.parse::<u8>().ok()).flatten();
    let minutes = i64::from(of(hour)?) * 60 + i64::from(of(minute).filter(|minute| *minute < 60)?);
    (minutes <= 24 * 60).then_some(minutes)
}

#[cfg(test)]
mod tests;
