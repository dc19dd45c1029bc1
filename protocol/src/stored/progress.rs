//! An account's progress in a flow: the state of the fold in `journey::progress`.

use serde::{Deserialize, Serialize};

use crate::backend::FactValue;
use crate::ids::{EventId, OrderKey, StageId, StepId, UserId};
use crate::{Millis, SortedMap};

/// An account's progress in one flow. Only the fold makes it; nothing edits it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Progress {
    /// The flow version by which it was last evaluated.
    pub version: u32,
    /// The fold includes everything up to this key.
    #[serde(default)]
    pub last: OrderKey,
    /// When the account first did anything in the flow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entered: Option<Millis>,
    /// One entry per step of the flow, by id; steps of earlier versions stay.
    pub steps: SortedMap<StepId, StepProgress>,
    /// The stage the account is in now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<StageId>,
    /// How often each stage was entered.
    #[serde(default, skip_serializing_if = "SortedMap::is_empty")]
    pub visits: SortedMap<StageId, u32>,
    /// The facts as they stand.
    #[serde(default, skip_serializing_if = "SortedMap::is_empty")]
    pub facts: SortedMap<String, FactValue>,
    /// The contributions to each number that a step counts, from 0 up to the present value. Only the
    /// collector receives facts, so only it keeps them.
    #[serde(rename = "raised", default, skip_serializing_if = "SortedMap::is_empty")]
    pub contributions: SortedMap<String, Vec<Contribution>>,
    /// What conditions observed in the host's page, by [`Observation`](crate::widget::Observation) name.
    #[serde(default, skip_serializing_if = "SortedMap::is_empty")]
    pub observed: SortedMap<String, bool>,
    /// The host's own events that conditions count.
    #[serde(default, skip_serializing_if = "SortedMap::is_empty")]
    pub tallies: SortedMap<String, Tally>,
}

/// A person's part of a number, such as two of the five users.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Contribution {
    /// The person; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<UserId>,
    /// The number before.
    pub from: f64,
    /// The number after.
    pub to: f64,
}

/// The latest occurrences of an event that a condition counts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Tally {
    /// The newest occurrences, the oldest first; as many as the largest count needs.
    pub times: Vec<(Millis, EventId)>,
    /// Conditions on this event that were met once, and so stay met: `(times, within_minutes)`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub met: Vec<(u32, u32)>,
}

/// Whether a step is done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum StepStatus {
    /// The step is still to do.
    #[default]
    Open,
    /// The step's condition is true.
    Done,
}

/// What made a step done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum DoneBy {
    /// A fact of the host's backend.
    Fact,
    /// An event in a browser.
    Event,
    /// A person pressed "done".
    Person,
    /// A new version of the flow that requires less.
    Flow,
}

/// An account's progress in one step.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StepProgress {
    /// Open or done.
    pub status: StepStatus,
    /// The number of the attempt, from 1; a re-opened step starts the next one.
    #[serde(default)]
    pub visit: u32,
    /// Whether the condition held at the last evaluation; the status changes only when this does.
    #[serde(default)]
    pub held: bool,
    /// When a person first saw it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown: Option<Millis>,
    /// When it was last done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done_at: Option<Millis>,
    /// What made it done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<DoneBy>,
    /// The person who completed it; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<UserId>,
    /// A person confirmed it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub confirmed: bool,
    /// The snooze, when a person chose to do it later.
    #[serde(rename = "later", default, skip_serializing_if = "Option::is_none")]
    pub snooze: Option<Snooze>,
    /// The delegation, when a person asked a colleague to do it.
    #[serde(rename = "asked", default, skip_serializing_if = "Option::is_none")]
    pub delegation: Option<Delegation>,
}

/// The delegation of a step to a colleague.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Delegation {
    /// The colleague's name, as the asking person wrote it.
    pub to: String,
    /// The person who asked; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<UserId>,
}

/// A snoozed step: who continues, when, and where.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Snooze {
    /// When the widget reminds of it.
    pub until: Millis,
    /// The person who snoozed it; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<UserId>,
    /// Their reason; empty when they gave none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// The path of the page on which they stopped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    /// A selector of the field that had the focus.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
}
