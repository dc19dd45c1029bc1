//! When somebody answers.

use serde::{Deserialize, Serialize};

use crate::{Millis, Table};

/// A file of business hours, as it is kept in git and published.
///
/// Times of day are `"10:00-18:00"`, dates `"2026-12-29"`, all in the zone of the file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HoursFile {
    /// An IANA time zone, such as `Asia/Tokyo`.
    pub zone: String,
    /// The days that are holidays.
    #[serde(default)]
    pub holidays: Holidays,
    /// From Monday to Friday, unless a day says otherwise.
    #[serde(default)]
    pub weekdays: Vec<String>,
    /// A day of the week that differs, such as `saturday` or `fri`.
    #[serde(default, skip_serializing_if = "Table::is_empty")]
    pub week: Table<String, Vec<String>>,
    /// Days, or `"2026-12-29 to 2027-01-03"`, on which nobody is there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub closed: Vec<String>,
    /// Days with hours of their own, whatever else is said of them.
    #[serde(default, skip_serializing_if = "Table::is_empty")]
    pub days: Table<String, Vec<String>>,
    /// How soon somebody takes up a question, in minutes of business; then it is told to all agents again,
    /// and the customer is offered a call. Nothing of this when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub goal: Option<u32>,
    /// Whether customers can ask to be called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub callback: Option<Callback>,
}

/// The days that are holidays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Holidays {
    /// `"japan"`, `"none"`, or a file with a date at the start of each line, such as the Cabinet Office's.
    Named(String),
    /// These.
    Days(Vec<String>),
    /// None.
    #[default]
    None,
}

/// How calls are promised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Callback {
    /// Within how many hours.
    #[serde(default = "a_day")]
    pub hours: u32,
    /// Whether days on which nobody is there count as well. They do not, unless it is said.
    #[serde(default)]
    pub every_day: bool,
}

fn a_day() -> u32 {
    24
}

/// How things stand with answers, for somebody who is about to ask.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Desk {
    /// Until when somebody is there; absent when nobody is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Millis>,
    /// When somebody is there again, after that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opens: Option<Millis>,
    /// The measured median time to a first answer at this hour, in minutes, rounded up; absent when too few
    /// were measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answers: Option<u32>,
    /// When somebody can call; empty where nobody does.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub calls: Vec<[Millis; 2]>,
}
