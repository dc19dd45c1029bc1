//! How far a site's integration is.

use serde::{Deserialize, Serialize};

use super::intake::{IntakeReport, QuarantineReason};
use crate::Millis;
use crate::files::FlowRef;
use crate::ids::{AccountId, UserId};

/// What works of a site's integration, and what was refused.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct IntegrationReport {
    /// The site's name, for commands.
    pub site: String,
    /// How browsers reach the collector.
    pub collector: String,
    /// The origins whose pages may embed the widget.
    pub origins: Vec<String>,
    /// The pages where the widget was seen, by origin.
    pub pages: Vec<SeenPage>,
    /// The person whose token was accepted last.
    pub person: Option<SeenPerson>,
    /// The newest flow.
    pub flow: Option<FlowRef>,
    /// The fact that was reported last.
    pub fact: Option<SeenFact>,
    /// How many operators see this site.
    pub operators: u64,
    /// Refused requests, the newest first.
    pub refused: Vec<RefusedRequest>,
    /// How much of the events of the last days has arrived.
    #[serde(default)]
    pub intake: IntakeReport,
    /// Why records are quarantined, the most frequent reason first.
    #[serde(default)]
    pub quarantine: Vec<QuarantineReason>,
}

/// An origin from which the widget asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SeenPage {
    /// The origin.
    pub origin: String,
    /// When the widget asked last; a running widget is noted every few seconds.
    pub at: Millis,
}

/// A person whose token was accepted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SeenPerson {
    /// The person; empty when they were erased since.
    pub user: UserId,
    /// Their account.
    pub account: AccountId,
    /// When.
    pub at: Millis,
}

/// A fact of the host's backend.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SeenFact {
    /// Its name.
    pub name: String,
    /// The account that it is about.
    pub account: AccountId,
    /// When it arrived.
    pub at: Millis,
}

/// Requests that were refused for one reason.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RefusedRequest {
    /// The refusal's tag.
    pub tag: String,
    /// The origin of the page; none when no page sent it.
    pub origin: Option<String>,
    /// The sentence that the newest one was answered with.
    pub message: String,
    /// The command that helps.
    pub remedy: Option<String>,
    /// When the newest one came.
    pub at: Millis,
    /// How many came, at least.
    pub count: u64,
}
