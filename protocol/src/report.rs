//! What the console reads.

use serde::{Deserialize, Serialize};

use crate::{AccountId, FlowRef, Millis, Scale, StageId, StepId};

/// Which of an account's attempts at a step the funnel follows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// The first entry and the first completions after it.
    #[default]
    First,
    /// The latest entry and what followed it.
    Latest,
    /// Of all entries the one that led furthest.
    Best,
}

/// The funnel of one flow, as of one moment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FunnelReport {
    /// The flow and its newest version.
    pub flow: FlowRef,
    /// The flow's title in the reader's language.
    pub title: String,
    /// The moment the report speaks of.
    pub as_of: Millis,
    /// Which attempts were followed.
    pub mode: Mode,
    /// Accounts that entered.
    pub n: u64,
    /// How long an account has before it counts as dropped, in days.
    pub window_days: u32,
    /// Entry first, then every step in order.
    pub steps: Vec<FunnelStep>,
    /// One row per stage: its accounts are those that finished every must-have step of it.
    pub stages: Vec<FunnelStep>,
}

/// One bar of the funnel. Of those who reached the bar before: `converted + dropped + in_progress`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FunnelStep {
    /// The step; absent for entry and for stages.
    pub step: Option<StepId>,
    /// The stage it belongs to; absent for entry.
    pub stage: Option<StageId>,
    /// Its title in the reader's language.
    pub title: String,
    /// Accounts that got here.
    pub converted: u64,
    /// Accounts that got to the bar before and whose window is over.
    pub dropped: u64,
    /// Accounts that got to the bar before and may still come.
    pub in_progress: u64,
    /// converted / (converted + dropped); absent under n = 5.
    pub rate: Option<Interval>,
    /// Median time from the bar before to this one, in milliseconds.
    pub median: Option<Millis>,
}

/// A figure with its 95 % interval; shares are from 0 to 1 (Wilson score, 1927).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// The figure itself.
    pub value: f64,
    /// Lower bound.
    pub low: f64,
    /// Upper bound.
    pub high: f64,
}

/// An open step that somebody promised to do later.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Postponed {
    /// Whose step it is.
    pub account: AccountId,
    /// What the account is called, when known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The step's title.
    pub step: String,
    /// Until when.
    pub until: Millis,
    /// Who said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Why, in their own words; may be empty.
    pub reason: String,
}

/// What people said of how it feels: the emotion curve, and the scores of the other questions.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Feelings {
    /// One point per stage, in order.
    pub moods: Vec<Mood>,
    /// Customer effort score and net promoter score, where they were asked.
    pub scores: Vec<Score>,
    /// What people wrote, the newest first.
    pub comments: Vec<Comment>,
}

/// How people felt at a stage's end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mood {
    /// The stage.
    pub stage: StageId,
    /// Its title in the reader's language.
    pub title: String,
    /// Answers of 1, 2, 3, 4 and 5.
    pub counts: [u64; 5],
    /// Their mean, from 1 to 5; absent under n = 5.
    pub mean: Option<Interval>,
}

/// A score over all answers to questions of one scale.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// Which.
    pub scale: Scale,
    /// How many answered.
    pub n: u64,
    /// CES: the mean. NPS: % of 9 to 10 less % of 0 to 6. Absent under n = 5.
    pub value: Option<Interval>,
}

/// What became of a clip.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClipReport {
    /// The clip's id.
    pub clip: String,
    /// Its title in the reader's language.
    pub title: String,
    /// How long it is; none while its film is missing.
    pub seconds: Option<f64>,
    /// Who began to watch.
    pub started: u64,
    /// Who watched at least 95 %.
    pub finished: u64,
    /// Who had captions.
    #[serde(default)]
    pub captioned: u64,
    /// Moments that people went back to, the most often first.
    #[serde(default)]
    pub returns: Vec<ClipReturn>,
    /// Who claims to have watched faster than anybody can; counted nowhere else.
    pub hasty: u64,
    /// For each tenth of the clip, how many watched any of it.
    pub kept: Vec<u64>,
    /// What it did for each step that it belongs to.
    pub effects: Vec<ClipEffect>,
}

/// A moment of a clip that was looked at again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClipReturn {
    /// Seconds from the clip's start.
    pub at: u32,
    /// How many jumps back led there.
    pub times: u32,
    /// Of how many people.
    pub people: u64,
}

/// Whether a step was done within ten minutes: of watching, or of seeing the step without watching.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClipEffect {
    /// The step's title.
    pub step: String,
    /// Accounts in which somebody watched.
    pub watched: InTime,
    /// The others.
    pub others: InTime,
}

/// How many of how many did it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InTime {
    /// Accounts.
    pub n: u64,
    /// Of them, those that did it in time.
    pub done: u64,
    /// The share; absent under n = 5.
    pub rate: Option<Interval>,
}

/// What somebody wrote beside an answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Comment {
    /// When.
    pub at: Millis,
    /// The account, by name when there is one.
    pub account: String,
    /// The person, by name when there is one.
    pub by: String,
    /// How it was answered.
    pub scale: Scale,
    /// The answer.
    pub score: u32,
    /// In their own words.
    pub text: String,
}

/// One line of the console's live feed: something of this site changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveNote {
    /// Everything up to this place in the journal is in the reports.
    pub cursor: i64,
}

/// Who solves it themselves: what became of the times at which help was offered before a person.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct HelpReport {
    /// From when on it is counted.
    pub since: Millis,
    /// Times at which help was offered; once a day for each person.
    pub offered: u64,
    /// Of them, those at which an article was read.
    pub read: u64,
    /// Those at which somebody said that it helped.
    pub helped: u64,
    /// Those after which the step was done within a day.
    pub moved: u64,
    /// Nobody was asked within a day, and it helped or the step was done.
    pub solved: u64,
    /// A person was asked within a day.
    pub wrote: u64,
    /// Neither.
    pub left: u64,
    /// The day is not over.
    pub open: u64,
    /// Solved of those whose day is over or who wrote.
    pub rate: Option<Interval>,
    /// What was read, the most read first.
    pub articles: Vec<ArticleReport>,
}

/// What became of an article.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ArticleReport {
    /// Its file's name.
    pub article: String,
    /// Its question, in the reader's language; its name when it is not published any more.
    pub title: String,
    /// Times at which it was read.
    pub read: u64,
    /// Those at which it was said to have helped.
    pub helped: u64,
    /// Those after which a person was asked all the same.
    pub wrote: u64,
}
