//! The support file `desk.toml`: support hours, teams, canned replies and articles.

use serde::{Deserialize, Serialize};

use super::LocalizedText;
use crate::SortedMap;
use crate::ids::StepId;

/// A site's support file.
///
/// Times of day are `"10:00-18:00"`, dates `"2026-12-29"`, all in the zone of the file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SupportFile {
    /// An IANA time zone, such as `Asia/Tokyo`.
    pub zone: String,
    /// The holidays, on which support is closed.
    #[serde(default)]
    pub holidays: Holidays,
    /// The hours from Monday to Friday, unless `week` has a day of its own.
    #[serde(default)]
    pub weekdays: Vec<String>,
    /// The hours of single days of the week, by name, such as `saturday` or `fri`.
    #[serde(default, skip_serializing_if = "SortedMap::is_empty")]
    pub week: SortedMap<String, Vec<String>>,
    /// Days, or ranges such as `"2026-12-29 to 2027-01-03"`, on which support is closed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub closed: Vec<String>,
    /// The hours of single dates; they override everything else.
    #[serde(default, skip_serializing_if = "SortedMap::is_empty")]
    pub days: SortedMap<String, Vec<String>>,
    /// The first response goal in minutes of support hours. After it the collector escalates the conversation
    /// to all agents and offers the customer a callback. No escalation when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub goal: Option<u32>,
    /// Whether customers can request a callback, and when it is due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub callback: Option<CallbackPolicy>,
    /// After how many days without an entry the collector deletes a conversation; never when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keep_days: Option<u32>,
    /// Whether the collector assigns a new question to the online agent with the fewest open ones.
    #[serde(default)]
    pub assign: bool,
    /// Teams that answer at certain steps.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub teams: Vec<SupportTeam>,
    /// Labels that the inbox suggests; agents can write others.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<String>,
    /// Canned replies.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replies: Vec<CannedReply>,
    /// Help articles. `tabiji desk publish` fills them in from the folder `faq` beside the file.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub articles: Vec<Article>,
}

/// A team that answers at certain steps. It inherits from the file what it leaves out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SupportTeam {
    /// The team's id, kept when the file changes.
    pub id: String,
    /// The steps whose questions the team answers; a step belongs to at most one team.
    pub steps: Vec<StepId>,
    /// E-mail addresses of the agents to whom the collector assigns; every agent when empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub agents: Vec<String>,
    /// As in [`SupportFile::zone`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// As in [`SupportFile::weekdays`]. A team that has them does not inherit `week`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weekdays: Option<Vec<String>>,
    /// As in [`SupportFile::week`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub week: Option<SortedMap<String, Vec<String>>>,
    /// In addition to the file's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub closed: Vec<String>,
    /// In addition to the file's.
    #[serde(default, skip_serializing_if = "SortedMap::is_empty")]
    pub days: SortedMap<String, Vec<String>>,
    /// As in [`SupportFile::goal`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub goal: Option<u32>,
    /// As in [`SupportFile::callback`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub callback: Option<CallbackPolicy>,
}

/// A help article.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Article {
    /// The file's name.
    pub id: String,
    /// Steps at which it is offered first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<StepId>,
    /// The title, phrased as a question.
    pub title: LocalizedText,
    /// The body, in Markdown.
    pub text: LocalizedText,
}

/// A canned reply.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CannedReply {
    /// The title by which agents find it.
    pub title: String,
    /// The text. The console fills in `{user}`, `{account}`, `{step}` and `{agent}`.
    pub text: LocalizedText,
    /// Steps at which it is offered first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<StepId>,
    /// Quick replies that the customer can send by one press; at most
    /// [`limits::QUICK`](crate::chat::limits::QUICK).
    #[serde(rename = "quick", default, skip_serializing_if = "Vec::is_empty")]
    pub quick_replies: Vec<LocalizedText>,
}

/// Holidays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Holidays {
    /// `"japan"`, `"none"`, or a file with a date at the start of each line, such as the Cabinet Office's.
    Named(String),
    /// Dates.
    Days(Vec<String>),
    /// No holidays.
    #[default]
    None,
}

/// When a requested callback is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CallbackPolicy {
    /// Hours from the request.
    #[serde(default = "a_day")]
    pub hours: u32,
    /// Whether the hours of closed days count as well; they do not by default.
    #[serde(default)]
    pub every_day: bool,
}

fn a_day() -> u32 {
    24
}
