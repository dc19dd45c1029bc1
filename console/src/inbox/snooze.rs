//! Until when a conversation can be snoozed: never into the night, but to a time when support is there.

use js_sys::Date;
use protocol::Millis;
use protocol::chat::SupportHours;

use crate::i18n::Texts;

/// The hour of the day at which work begins where no support hours say when.
const MORNING: u32 = 10;
/// The day of the week on which it begins, with Sunday as 0.
const MONDAY: u32 = 1;

/// Support that never closes opens next in about so many days, which helps nobody.
const WEEK: u32 = 6;

/// Returns what is offered, with its name: the next opening, tomorrow and Monday, each once.
pub fn choices(texts: &Texts, hours: Option<&SupportHours>, now: Millis) -> Vec<(&'static str, Millis)> {
    let weekday = Date::new(&(now as f64).into()).get_day();
    let to_monday = (MONDAY + 7 - weekday - 1) % 7 + 1;
    let all = [
        hours
            .and_then(|hours| hours.opens_at)
            .filter(|at| *at < morning(now, WEEK))
            .map(|at| (texts.snooze_opening, at)),
        Some((texts.snooze_tomorrow, morning(now, 1))),
        Some((texts.snooze_monday, morning(now, to_monday))),
    ];
    let mut offered: Vec<(&'static str, Millis)> = Vec::new();
    for (name, at) in all.into_iter().flatten() {
        if offered.iter().all(|(_, known)| *known != at) {
            offered.push((name, at));
        }
    }
    offered
}

/// Returns the morning of a later day, in the reader's time zone.
fn morning(now: Millis, days: u32) -> Millis {
    let day = Date::new(&(now as f64).into());
    day.set_date(day.get_date() + days);
    day.set_hours(MORNING);
    day.set_minutes(0);
    day.set_seconds(0);
    day.set_milliseconds(0);
    day.get_time() as Millis
}

/// Reads what a field for day and time holds; none unless it is still to come.
pub fn chosen(value: &str, now: Millis) -> Option<Millis> {
    let at = Date::parse(value);
    (at > now as f64).then_some(at as Millis)
}
