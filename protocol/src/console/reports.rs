//! Reports: funnel, surveys, clips, help and snoozed steps.

use serde::{Deserialize, Serialize};

use crate::Millis;
use crate::files::{FlowRef, Scale};
use crate::ids::{AccountId, StageId, StepId};

/// Which of an account's attempts the funnel follows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum FunnelMode {
    /// The first entry and the first completions after it.
    #[default]
    First,
    /// The latest entry and the completions after it.
    Latest,
    /// The entry that led furthest.
    Best,
}

/// The funnel of one flow, as of one moment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FunnelReport {
    /// The flow and its newest version.
    pub flow: FlowRef,
    /// The flow's title in the reader's language.
    pub title: String,
    /// The moment that the report describes.
    pub as_of: Millis,
    /// The followed attempts.
    pub mode: FunnelMode,
    /// Accounts that entered, of those that a token or the backend vouched for. Guests are counted in `guests` alone.
    pub n: u64,
    /// Guests that entered.
    #[serde(default)]
    pub guests: u64,
    /// The days after which an account counts as dropped.
    pub window_days: u32,
    /// Entry first, then every step in order.
    pub steps: Vec<FunnelStep>,
    /// One row per stage: its accounts are those that finished every must-have step up to its end.
    pub stages: Vec<FunnelStep>,
}

/// One bar of the funnel. Of those who have done what comes before it: `converted + dropped + in_progress`. Before a
/// step come the steps that the flow names, before a stage the stages above it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FunnelStep {
    /// The step; absent for entry and for stages.
    pub step: Option<StepId>,
    /// The stage it belongs to; absent for entry.
    pub stage: Option<StageId>,
    /// Its title in the reader's language.
    pub title: String,
    /// Accounts that reached this bar.
    pub converted: u64,
    /// Accounts that could reach it and did not, and whose window is over.
    pub dropped: u64,
    /// Accounts that could reach it and have not, and are within their window.
    pub in_progress: u64,
    /// converted / (converted + dropped); absent under n = 5.
    pub rate: Option<Interval>,
    /// Median time since what comes before it was done, in milliseconds.
    pub median: Option<Millis>,
    /// Guests that reached this bar.
    #[serde(default)]
    pub guests: u64,
}

/// What became of an account at a bar of the funnel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum FunnelFate {
    /// It reached the bar in time.
    #[default]
    Converted,
    /// It has not reached the bar, and its window is open.
    InProgress,
    /// It did not reach the bar, and its window is over.
    Dropped,
}

/// A figure with its 95 % interval; shares are from 0 to 1 (Wilson score, 1927).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Interval {
    /// The figure.
    pub value: f64,
    /// Lower bound.
    pub low: f64,
    /// Upper bound.
    pub high: f64,
}

/// A snoozed step that is still open.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SnoozedStep {
    /// The account.
    pub account: AccountId,
    /// The account's name; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The step's title.
    pub step: String,
    /// When the widget reminds of it.
    pub until: Millis,
    /// The person who snoozed it; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Their reason; may be empty.
    pub reason: String,
    /// Whether a guest snoozed it; guests come last.
    #[serde(default, skip_serializing_if = "is_false")]
    pub guest: bool,
}

fn is_false(flag: &bool) -> bool {
    !flag
}

/// Survey results: the emotion curve, scores and comments.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SurveyReport {
    /// One point per stage, in order.
    pub moods: Vec<StageMood>,
    /// Customer effort score and net promoter score, for the scales that the flow has.
    pub scores: Vec<SurveyScore>,
    /// Comments, the newest first.
    pub comments: Vec<SurveyComment>,
    /// Comments of guests, the newest first.
    #[serde(default)]
    pub guest_comments: Vec<SurveyComment>,
}

/// The mood at the end of a stage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StageMood {
    /// The stage.
    pub stage: StageId,
    /// Its title in the reader's language.
    pub title: String,
    /// The number of answers of 1, 2, 3, 4 and 5.
    pub counts: [u64; 5],
    /// Their mean, from 1 to 5; absent under n = 5.
    pub mean: Option<Interval>,
    /// The number of guests' answers.
    #[serde(default)]
    pub guests: u64,
}

/// A score over all answers to questions of one scale.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SurveyScore {
    /// The scale.
    pub scale: Scale,
    /// The number of answers.
    pub n: u64,
    /// The number of guests' answers.
    #[serde(default)]
    pub guests: u64,
    /// CES: the mean. NPS: % of 9 to 10 less % of 0 to 6. Absent under n = 5.
    pub value: Option<Interval>,
}

/// How a clip was watched.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ClipReport {
    /// The clip's id.
    pub clip: String,
    /// Its title in the reader's language.
    pub title: String,
    /// Its duration in seconds; absent while its video is missing.
    pub seconds: Option<f64>,
    /// People who began to watch.
    pub started: u64,
    /// People who watched at least 95 %.
    pub finished: u64,
    /// People who watched with captions.
    #[serde(default)]
    pub captioned: u64,
    /// Replayed moments, the most replayed first.
    #[serde(rename = "returns", default)]
    pub replays: Vec<ReplayedMoment>,
    /// Implausible viewers, who report more playback than the time between their first report and their last one allows,
    /// by the collector's clock; no other figure counts them.
    #[serde(rename = "hasty")]
    pub implausible: u64,
    /// Retention: for each tenth of the clip, the people who watched any of it.
    #[serde(rename = "kept")]
    pub retention: Vec<u64>,
    /// Its effect on each step that it belongs to.
    pub effects: Vec<ClipEffect>,
    /// Guests who began to watch.
    #[serde(default)]
    pub guests: u64,
}

/// A moment of a clip that people went back to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReplayedMoment {
    /// Seconds from the clip's start.
    pub at: u32,
    /// Seeks back to it.
    pub times: u32,
    /// People who sought back to it.
    pub people: u64,
}

/// How many accounts completed a step within ten minutes: of watching its clip, or of seeing the step
/// without watching.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ClipEffect {
    /// The step's title.
    pub step: String,
    /// Accounts in which a plausible viewer watched.
    pub watched: CompletionShare,
    /// Accounts in which nobody watched.
    pub others: CompletionShare,
}

/// The share of accounts that completed a step in time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CompletionShare {
    /// Accounts.
    pub n: u64,
    /// Accounts among them that completed it in time.
    pub done: u64,
    /// The share; absent under n = 5.
    pub rate: Option<Interval>,
}

/// A comment beside a survey answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SurveyComment {
    /// When.
    pub at: Millis,
    /// The account's name; its id when it has none.
    pub account: String,
    /// The person's name; their id when they have none.
    pub by: String,
    /// The question's scale.
    pub scale: Scale,
    /// The score.
    pub score: u32,
    /// The comment.
    pub text: String,
}

/// A message of the console's live feed: a report of this site changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReportChanged {
    /// The reports include the journal up to this position.
    pub cursor: i64,
}
