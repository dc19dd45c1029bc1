//! How a widget begins, and how it learns that the account moved on elsewhere.

use serde::{Deserialize, Serialize};

use super::GuidePosition;
use crate::chat::{SupportHours, TeamHours};
use crate::files::Flow;
use crate::ids::{AccountId, ClaimedIdentity, SiteKey, UserId};
use crate::stored::Progress;
use crate::{Millis, SortedMap};

/// The body of `POST /v1/session`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SessionRequest {
    /// The site's public key.
    pub site: SiteKey,
    /// The identity token that the host's backend signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// The identity that an unverified visitor claims; ignored beside a token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub who: Option<ClaimedIdentity>,
    /// The language to answer in, as a BCP 47 tag.
    #[serde(default)]
    pub locale: String,
    /// The flow's name; the site's newest flow when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flow: Option<String>,
}

/// The answer: what the checklist needs, and what the widget's lazily loaded parts read.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WidgetSession {
    /// What the checklist needs.
    #[serde(flatten)]
    pub session: ChecklistSession,
    /// The person's position in a guide, reached on any device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guide: Option<GuidePosition>,
    /// Ids of the survey questions that the person answered or declined on any device.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answered: Vec<String>,
    /// When the person answered or declined the last of them, by the clock of the device on which they did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_at: Option<Millis>,
    /// The name of the history that the collector tells. It is another one after a backup was restored: then what a
    /// client knows may be missing here, and sending the same ids again is always safe.
    #[serde(default)]
    pub epoch: String,
    /// The state of live chat; absent when the site has none.
    #[serde(rename = "talk", default, skip_serializing_if = "Option::is_none")]
    pub chat: Option<ChatSummary>,
}

/// What the checklist needs of a session.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ChecklistSession {
    /// The person; a device id when unverified.
    pub user: UserId,
    /// The account whose progress this is.
    pub account: AccountId,
    /// The person's display name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Whether a token of the host's backend vouched for person and account.
    pub verified: bool,
    /// The customer's expectation, in their own words, from the handoff sheet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expectation: Option<String>,
    /// The flow in the person's language; absent when the site has published none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flow: Option<Flow<String>>,
    /// The account's progress.
    pub progress: Progress,
    /// Display names of the people who contributed, by id.
    #[serde(default, skip_serializing_if = "SortedMap::is_empty")]
    pub people: SortedMap<UserId, String>,
    /// The revision of `progress`; the widget asks for newer ones with it.
    pub revision: i64,
    /// The collector's clock.
    pub server_time: Millis,
    /// What the collector accepts.
    pub limits: BatchLimits,
}

/// The state of live chat before the widget connects.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ChatSummary {
    /// Whether a conversation is open; the widget then connects at once.
    pub open: bool,
    /// How many entries the person has not read.
    pub unread: u64,
    /// Whether the site has help articles.
    #[serde(default)]
    pub help: bool,
    /// The site's support hours; absent when none are published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<SupportHours>,
    /// The support hours of teams, for questions at their steps.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub teams: Vec<TeamHours>,
}

/// What the collector accepts in one batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BatchLimits {
    /// Events.
    pub events: usize,
    /// Bytes of the request.
    pub bytes: usize,
}

/// The body of `POST /v1/progress`. The collector holds the request until the account moves past `since`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ProgressQuery {
    /// Who asks, as in [`SessionRequest`].
    #[serde(flatten)]
    pub session: SessionRequest,
    /// The revision that the widget has.
    pub since: i64,
}

/// The answer: the newest progress. A 204 without a body means that nothing moved.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ProgressReply {
    /// The account's progress.
    pub progress: Progress,
    /// Display names of the people who contributed, by id.
    #[serde(default, skip_serializing_if = "SortedMap::is_empty")]
    pub people: SortedMap<UserId, String>,
    /// Its revision.
    pub revision: i64,
}
