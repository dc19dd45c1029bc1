//! The desk: when somebody answers, and with what.

use serde::{Deserialize, Serialize};

use crate::{Millis, StepId, Table, Texts};

/// How a site's customer success works: a file that is kept in git and published.
///
/// Times of day are `"10:00-18:00"`, dates `"2026-12-29"`, all in the zone of the file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeskFile {
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
    /// For how many days a conversation is kept in which nothing is said any more; for good when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keep_days: Option<u32>,
    /// Whether a question goes by itself to whoever is there and has the fewest.
    #[serde(default)]
    pub assign: bool,
    /// Teams with hours of their own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub teams: Vec<Team>,
    /// What conversations can be about; agents can write others.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<String>,
    /// Answers that are given often.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replies: Vec<CannedReply>,
    /// What customers can read before they ask: the files of the folder `faq` beside this one, put in when
    /// it is published.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub articles: Vec<Article>,
}

/// Some of customer success who answer at certain steps. What a team leaves out is as the desk has it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Team {
    /// Names it, and keeps doing so when the file changes.
    pub id: String,
    /// Questions at these steps are theirs; no two teams have the same step.
    pub steps: Vec<StepId>,
    /// E-mail addresses of those to whom questions go by themselves; everybody when empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub agents: Vec<String>,
    /// As in [`DeskFile::zone`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// As in [`DeskFile::weekdays`]; whoever has their own has their own week, too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weekdays: Option<Vec<String>>,
    /// As in [`DeskFile::week`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub week: Option<Table<String, Vec<String>>>,
    /// Beside those of the desk.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub closed: Vec<String>,
    /// Beside those of the desk.
    #[serde(default, skip_serializing_if = "Table::is_empty")]
    pub days: Table<String, Vec<String>>,
    /// As in [`DeskFile::goal`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub goal: Option<u32>,
    /// As in [`DeskFile::callback`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub callback: Option<Callback>,
}

impl DeskFile {
    /// What the file says of hours, without what is long.
    pub fn hours_only(&self) -> Self {
        Self {
            zone: self.zone.clone(),
            holidays: self.holidays.clone(),
            weekdays: self.weekdays.clone(),
            week: self.week.clone(),
            closed: self.closed.clone(),
            days: self.days.clone(),
            goal: self.goal,
            callback: self.callback,
            ..Self::default()
        }
    }

    /// The hours of a team.
    pub fn of_team(&self, team: &Team) -> Self {
        let mut desk = self.hours_only();
        desk.zone = team.zone.clone().unwrap_or(desk.zone);
        if let Some(weekdays) = &team.weekdays {
            (desk.weekdays, desk.week) = (weekdays.clone(), Table::default());
        }
        desk.week = team.week.clone().unwrap_or(desk.week);
        desk.closed.extend(team.closed.iter().cloned());
        let days = desk.days.iter().chain(team.days.iter());
        desk.days = days.map(|(day, hours)| (day.clone(), hours.clone())).collect();
        desk.goal = team.goal.or(desk.goal);
        desk.callback = team.callback.or(desk.callback);
        desk
    }
}

/// A question that is asked often, and its answer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Article {
    /// The file's name.
    pub id: String,
    /// Steps at which it is offered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<StepId>,
    /// The question.
    pub title: Texts,
    /// The answer, in Markdown.
    pub text: Texts,
}

/// The answer to `POST /v1/help`, whose body is a [`crate::SessionRequest`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct HelpReply {
    /// Every article, in the person's language.
    pub articles: Vec<HelpArticle>,
}

/// An article as it is shown.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct HelpArticle {
    /// The file's name.
    pub id: String,
    /// Steps at which it is offered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<StepId>,
    /// The question.
    pub title: String,
    /// The answer.
    pub text: Vec<Block>,
}

/// A piece of an article: never HTML.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Block {
    /// A paragraph.
    P(Vec<Span>),
    /// A heading within the article.
    H(Vec<Span>),
    /// A list.
    Ul(Vec<Vec<Span>>),
    /// A list in an order.
    Ol(Vec<Vec<Span>>),
}

/// Words within a block.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Span {
    /// The words.
    pub t: String,
    /// Whether they are stressed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub b: bool,
    /// Where they lead: https, http or mailto, or a step as `step:users`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub to: String,
}

/// An answer that is given often.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CannedReply {
    /// What agents find it by.
    pub title: String,
    /// The answer in the customer's language. `{user}`, `{account}`, `{step}` and `{agent}` are filled in.
    pub text: Texts,
    /// Steps at which it is offered first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<StepId>,
    /// Answers to it that the customer can send with a press: at most [`crate::chat_limits::QUICK`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub quick: Vec<Texts>,
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

/// The hours of a team, for questions at its steps.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamHours {
    /// The steps.
    pub steps: Vec<StepId>,
    /// When somebody of them answers.
    pub hours: Hours,
}

/// How things stand with answers, for somebody who is about to ask.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hours {
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
    /// By when somebody calls who is asked to now; absent where nobody does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call_by: Option<Millis>,
    /// Times for a call that can be chosen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub calls: Vec<[Millis; 2]>,
}
