//! When support answers, in words and in the person's own time zone.

use journey::chat_client::availability::{Availability, availability};
use protocol::Millis;
use protocol::chat::SupportHours;

use super::bridge::{day, time};
use super::texts::Texts;
use crate::i18n::{concat, fill};

/// A moment: the time, with the day unless it is today.
pub fn moment(at: Millis, locale: &str) -> String {
    let (at, day) = (at as f64, day(at as f64, locale));
    let space = if day.is_empty() { "" } else { " " };
    concat(&[&day, space, &time(at, locale)])
}

/// A time for a call: the day, from and to.
pub fn span([from, to]: [Millis; 2], locale: &str, texts: &Texts) -> String {
    let day = Some(day(from as f64, locale)).filter(|day| !day.is_empty());
    let day = day.unwrap_or_else(|| texts.today.to_owned());
    concat(&[&day, " ", &time(from as f64, locale), "–", &time(to as f64, locale)])
}

/// What to expect of an answer at `now` by the collector's clock; empty where nothing is known.
pub fn promise(hours: Option<&SupportHours>, now: Millis, locale: &str, texts: &Texts) -> String {
    let with = |text, name, value: String| fill(text, &[(name, &value)]);
    match availability(hours, now) {
        Availability::Unknown => String::new(),
        Availability::AnswersInMinutes(n) => with(texts.answers, "n", n.to_string()),
        Availability::AnswersInHours(n) => with(texts.answers_hours, "n", n.to_string()),
        Availability::OpenUntil(at) => with(texts.there, "time", moment(at, locale)),
        Availability::Open => texts.here.to_owned(),
        Availability::ClosedUntil(at) => with(texts.away, "time", moment(at, locale)),
    }
}
