//! Where an account stands in a flow: the state of the fold in `journey`.

use serde::{Deserialize, Serialize};

use crate::{ElementState, EventId, FactValue, Millis, StageId, StepId, Table, UserId};

/// Orders everything that happened to an account: corrected time, then session number, then id.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Key(pub Millis, pub u32, pub EventId);

/// An account's progress in one flow; made only by folding, never edited.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// The flow version it was last judged by.
    pub version: u32,
    /// Everything before and including this has been folded in.
    #[serde(default)]
    pub last: Key,
    /// When the account first did anything in the flow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entered: Option<Millis>,
    /// One entry per step of the flow, by id; steps of earlier versions stay.
    pub steps: Table<StepId, StepProgress>,
    /// The stage the account is in now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<StageId>,
    /// How often each stage was entered.
    #[serde(default, skip_serializing_if = "Table::is_empty")]
    pub visits: Table<StageId, u32>,
    /// The facts as they stand.
    #[serde(default, skip_serializing_if = "Table::is_empty")]
    pub facts: Table<String, FactValue>,
    /// Who raised each number that a step counts, from 0 up to where it stands; only the collector hears
    /// facts, so only it keeps this.
    #[serde(default, skip_serializing_if = "Table::is_empty")]
    pub raised: Table<String, Vec<Raise>>,
    /// What conditions saw in the host's page, by [`Observed`] name.
    #[serde(default, skip_serializing_if = "Table::is_empty")]
    pub observed: Table<String, bool>,
    /// The host's own events that conditions count.
    #[serde(default, skip_serializing_if = "Table::is_empty")]
    pub tallies: Table<String, Tally>,
}

/// A part of a number, and who brought it: two of the five users.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Raise {
    /// Who it was, when known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<UserId>,
    /// Where the number stood before.
    pub from: f64,
    /// Where it stood after.
    pub to: f64,
}

/// The latest occurrences of an event that a condition counts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Tally {
    /// The newest occurrences, oldest first, as many as the largest count needs.
    pub times: Vec<(Millis, EventId)>,
    /// Conditions on this event that were met once and so stay met: `(times, within_minutes)`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub met: Vec<(u32, u32)>,
}

/// Whether a step is done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Still to do.
    #[default]
    Open,
    /// Its condition is true.
    Done,
}

/// What made a step done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum By {
    /// The host's backend said so.
    Fact,
    /// Something happened in a browser.
    Event,
    /// A person pressed "done".
    Person,
    /// A new version of the flow asks for less.
    Flow,
}

/// One step of an account.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StepProgress {
    /// Open or done.
    pub status: Status,
    /// Which attempt this is, from 1; a re-opened step starts the next one.
    #[serde(default)]
    pub visit: u32,
    /// Whether the condition held when last judged; a step turns only when this turns.
    #[serde(default)]
    pub held: bool,
    /// When somebody first saw it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown: Option<Millis>,
    /// When it was last done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done_at: Option<Millis>,
    /// What made it done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<By>,
    /// Who made it done, when known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<UserId>,
    /// A person said that it is done.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub confirmed: bool,
    /// Somebody promised to do it later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub later: Option<Later>,
    /// A colleague was asked to do it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<Asked>,
}

/// A step in a colleague's hands.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Asked {
    /// What the colleague is called, by whoever asked.
    pub to: String,
    /// Who asked, when known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<UserId>,
}

/// "Later", as a promise: who comes back to a step, when, and where.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Later {
    /// When the widget speaks of it again.
    pub until: Millis,
    /// Who said so, when known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<UserId>,
    /// Why, in their own words; empty when they did not say.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// The path of the page where they stopped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    /// A selector of the field that they were in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
}

/// The name under which a browser reports what a condition saw in the host's page.
pub struct Observed;

impl Observed {
    /// The event name that carries an observation in `data.leaf` and `data.holds`.
    pub const EVENT: &'static str = "tabiji.observed";

    /// The leaf's name for a page address.
    pub fn url(pattern: &str) -> String {
        format!("url:{pattern}")
    }

    /// The leaf's name for a control.
    pub fn element(selector: &str, state: ElementState) -> String {
        format!("element:{}:{selector}", state.as_str())
    }

    /// The leaf's name for a watched clip.
    pub fn video(clip: &str) -> String {
        format!("video:{clip}")
    }
}
