//! Parses a support file; every mistake is reported with what would be right.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use protocol::chat::limits as chat_limits;
use protocol::files::{Holidays, SupportFile};

use super::inheritance::{hours_of_team, hours_only};
use super::{Calendar, HORIZON, WEEK, Window};

/// The most teams.
const TEAMS: usize = 32;
/// The most holidays: those of a century. Each team's hours are read together with those of the file, so there are bounds.
const MAX_HOLIDAYS: usize = 2_000;
/// The most days that are closed, each as often as it is named: three years.
const MAX_CLOSED: usize = 1_100;
/// The most dates with hours of their own.
const MAX_DATES: usize = 400;
/// The most ranges of one day.
const MAX_WINDOWS: usize = 12;
/// The most mistakes that are shown; who has more begins with these.
const MAX_WRONG: usize = 50;
/// The placeholders of canned replies.
const REPLY: [&str; 4] = ["user", "account", "step", "agent"];

impl Calendar {
    /// Parses a support file.
    ///
    /// # Errors
    /// The mistakes, with what would be right; of very many the first.
    pub fn parse(file: &SupportFile) -> Result<Self, Vec<String>> {
        let mut wrong = Vec::new();
        if !file.teams.is_empty() {
            teams(file, &mut wrong);
        }
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
        let (mut days, mut closed) = (BTreeMap::new(), 0);
        for text in &file.closed {
            let (first, last) = text.split_once(" to ").unwrap_or((text, text));
            let Some((first, length)) = date(first).zip(date(last)).and_then(range) else {
                wrong.push(format!(
                    "closed: {text:?} is neither a day such as \"2026-12-29\" nor \"2026-12-29 to 2027-01-03\""
                ));
                continue;
            };
            closed += length;
            if closed > MAX_CLOSED {
                wrong.push(format!("closed: more than {MAX_CLOSED} days"));
                break;
            }
            days.extend(first.series(1.day()).take(length).map(|day| (day, Vec::new())));
        }
        too_many("days", file.days.len(), MAX_DATES, &mut wrong);
        for (day, texts) in file.days.iter().take(MAX_DATES) {
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
                too_many("holidays", list.len(), MAX_HOLIDAYS, &mut wrong);
                let read = |text: &String| date(text).ok_or_else(|| format!("holidays: {text:?} is no day"));
                let (good, bad): (Vec<_>, Vec<_>) =
                    list.iter().take(MAX_HOLIDAYS).map(read).partition(Result::is_ok);
                wrong.extend(bad.into_iter().filter_map(Result::err));
                (false, good.into_iter().filter_map(Result::ok).collect())
            }
        };
        if file.callback.is_some_and(|callback| callback.hours == 0 || callback.hours > 24 * 14) {
            wrong.push("callback.hours: from 1 to 336".to_owned());
        }
        for reply in &file.replies {
            let is_long = |text: &String| text.chars().nth(chat_limits::QUICK_TEXT).is_some();
            let has_long = reply.quick_replies.iter().flat_map(|quick| quick.0.values()).any(is_long);
            if reply.quick_replies.len() > chat_limits::QUICK || has_long {
                let (most, long) = (chat_limits::QUICK, chat_limits::QUICK_TEXT);
                wrong.push(format!(
                    "replies: {:?}: at most {most} quick answers of {long} characters",
                    reply.title
                ));
            }
            for name in reply.text.0.values().flat_map(|text| placeholders(text)) {
                if !REPLY.contains(&name) {
                    let known = REPLY.join("}, {");
                    wrong.push(format!("replies: {:?} has {{{name}}}; there are {{{known}}}", reply.title));
                }
            }
        }
        if file.keep_days == Some(0) {
            wrong.push("keep_days: at least one day".to_owned());
        }
        if file.goal == Some(0) {
            wrong.push("goal: at least one minute".to_owned());
        }
        let goal = file.goal.map(|minutes| i64::from(minutes) * 60_000);
        let calendar = Self { zone, week, days, japan, holidays, callback: file.callback, goal };
        wrong.truncate(MAX_WRONG);
        if wrong.is_empty() { Ok(calendar) } else { Err(wrong) }
    }
}

/// Adds a mistake for a list of days that is longer than any company has need of.
fn too_many(place: &str, n: usize, most: usize, wrong: &mut Vec<String>) {
    if n > most {
        wrong.push(format!("{place}: {n} days; at most {most}"));
    }
}

/// Returns the first day of a range with how many it has, unless it ends before it begins or is too long.
fn range((first, last): (Date, Date)) -> Option<(Date, usize)> {
    let days = usize::try_from((last - first).get_days()).ok()?;
    (days <= HORIZON).then_some((first, days + 1))
}

/// Checks teams: a step belongs to at most one team, and each team's hours are valid.
fn teams(file: &SupportFile, wrong: &mut Vec<String>) {
    if file.teams.len() > TEAMS {
        return wrong.push(format!("teams: {} of them; at most {TEAMS}", file.teams.len()));
    }
    let desk = hours_only(file);
    // The file's own mistakes are reported once, not once for each team.
    let known = Calendar::parse(&desk).err().unwrap_or_default();
    let mut ids = BTreeSet::new();
    let mut taken = BTreeSet::new();
    for team in &file.teams {
        let id = &team.id;
        if id.is_empty() || !ids.insert(id) {
            wrong.push(format!("teams: {id:?} is empty or there twice; give each team an id of its own"));
        }
        if team.steps.is_empty() {
            wrong.push(format!("teams.{id}: name the steps at which questions are theirs"));
        }
        for step in team.steps.iter().filter(|step| !taken.insert(*step)) {
            wrong.push(format!(
                "teams.{id}: the step {step:?} is another team's already",
                step = step.as_str()
            ));
        }
        let mistakes = Calendar::parse(&hours_of_team(&desk, team)).err().unwrap_or_default();
        wrong.extend(
            mistakes.into_iter().filter(|it| !known.contains(it)).map(|it| format!("teams.{id}: {it}")),
        );
    }
}

/// Returns the names between braces.
fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).map(|rest| rest.split('}').next().unwrap_or_default())
}

fn date(text: &str) -> Option<Date> {
    text.parse().ok()
}

/// Parses the ranges of a day into order; adds a mistake for each invalid one.
fn windows(place: &str, texts: &[String], wrong: &mut Vec<String>) -> Vec<Window> {
    let mut all = Vec::new();
    if texts.len() > MAX_WINDOWS {
        wrong.push(format!("{place}: {} ranges; at most {MAX_WINDOWS}", texts.len()));
        return all;
    }
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

/// Parses minutes since midnight; `24:00` is the end of the day.
fn minute(text: &str) -> Option<i64> {
    let (hour, minute) = text.trim().split_once(':')?;
    let of = |text: &str| (text.len() <= 2).then(|| text.parse::<u8>().ok()).flatten();
    let minutes = i64::from(of(hour)?) * 60 + i64::from(of(minute).filter(|minute| *minute < 60)?);
    (minutes <= 24 * 60).then_some(minutes)
}
