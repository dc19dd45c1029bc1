//! Support hours as the widget shows them.

use serde::{Deserialize, Serialize};

use crate::Millis;
use crate::ids::StepId;

/// Support hours as seen at the moment of asking.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SupportHours {
    /// Until when support is open; absent when it is closed.
    #[serde(rename = "until", default, skip_serializing_if = "Option::is_none")]
    pub open_until: Option<Millis>,
    /// When support opens next, after that.
    #[serde(rename = "opens", default, skip_serializing_if = "Option::is_none")]
    pub opens_at: Option<Millis>,
    /// The measured median first response time at this hour, in minutes, rounded up; absent when too few
    /// conversations were measured.
    #[serde(rename = "answers", default, skip_serializing_if = "Option::is_none")]
    pub response_minutes: Option<u32>,
    /// When a callback that is requested now is due; absent when the site offers none.
    #[serde(rename = "call_by", default, skip_serializing_if = "Option::is_none")]
    pub callback_due: Option<Millis>,
    /// Time slots for a callback that the person can choose, each from and to.
    #[serde(rename = "calls", default, skip_serializing_if = "Vec::is_empty")]
    pub callback_windows: Vec<[Millis; 2]>,
}

/// The support hours of a team, for questions at its steps.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TeamHours {
    /// The steps.
    pub steps: Vec<StepId>,
    /// The team's hours.
    pub hours: SupportHours,
}
