//! The state of a conversation: the fold of its entries in `journey::support::conversation`.

use serde::{Deserialize, Serialize};

use crate::Millis;
use crate::chat::{Author, CallbackRequest, ConversationStatus, WaitingOn};

/// What the entries of a conversation amount to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ConversationState {
    /// Its status.
    #[serde(rename = "standing", default)]
    pub status: ConversationStatus,
    /// Until when it is snoozed.
    #[serde(rename = "until", default, skip_serializing_if = "Option::is_none")]
    pub snoozed_until: Option<Millis>,
    /// The assigned agent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<Author>,
    /// Since when the customer has been waiting for an answer.
    #[serde(rename = "waiting", default, skip_serializing_if = "Option::is_none")]
    pub waiting_since: Option<Millis>,
    /// Since when they had been waiting when it was resolved without an answer; reopening goes on with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiting_before: Option<Millis>,
    /// When the first question was asked, and when an agent answered it. The first response time counts only
    /// the support hours between the two.
    #[serde(rename = "first", default, skip_serializing_if = "Option::is_none")]
    pub first_response: Option<[Millis; 2]>,
    /// Whether it waited longer than the site's goal and has not been assigned since.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub escalated: bool,
    /// When the customer requested a callback, and the request.
    #[serde(rename = "call", default, skip_serializing_if = "Option::is_none")]
    pub callback: Option<(Millis, CallbackRequest)>,
    /// Its labels.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<String>,
    /// Who has to act next.
    #[serde(rename = "blocked", default, skip_serializing_if = "Option::is_none")]
    pub waiting_on: Option<WaitingOn>,
    /// When the last public message was written.
    #[serde(rename = "last", default)]
    pub last_message_at: Millis,
    /// The beginning of the last public message; the number of the last callback request.
    #[serde(default)]
    pub excerpt: String,
    /// Who wrote it; absent where that was not kept yet.
    #[serde(rename = "by", default, skip_serializing_if = "Option::is_none")]
    pub last_author: Option<Author>,
    /// The customer's rating (CSAT), 1 to 5.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<u8>,
}
