//! The inbox: conversations as customer success sees them.

use serde::{Deserialize, Serialize};

use crate::Millis;
use crate::backend::HandoffSheet;
use crate::chat::{Author, ClipMoment, LogEntry, LogEntryBody, SupportHours, VisitorContext};
use crate::files::CannedReply;
use crate::ids::{AccountId, ConversationId, EventId, StepId, UserId};
use crate::stored::ConversationState;

/// A conversation in the inbox's list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Conversation {
    /// The conversation.
    #[serde(rename = "c")]
    pub id: ConversationId,
    /// The customer company.
    pub account_id: AccountId,
    /// The company's name, when it has one.
    pub account: String,
    /// The person.
    #[serde(default)]
    pub user_id: UserId,
    /// The person's name; their id when they have none.
    pub user: String,
    /// The title of the step at which they wrote.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub step: String,
    /// What they were doing when they last wrote.
    pub context: VisitorContext,
    /// Its state.
    #[serde(rename = "thread")]
    pub state: ConversationState,
    /// The numbers of the last entries of the public and the internal log.
    #[serde(rename = "heads")]
    pub last_entries: [u64; 2],
    /// The last entry that the customer has read.
    pub visitor_read: u64,
    /// The last entry that an agent has read.
    pub agent_read: u64,
    /// When the wait for an answer passes the site's goal; absent when nobody waits or there is no goal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer_due: Option<Millis>,
    /// When the requested callback is due.
    #[serde(rename = "call_due", default, skip_serializing_if = "Option::is_none")]
    pub callback_due: Option<Millis>,
    /// Whether the person is blocked.
    #[serde(rename = "barred", default, skip_serializing_if = "std::ops::Not::not")]
    pub blocked: bool,
    /// When it was opened.
    pub created: Millis,
    /// The site's revision at its last change; it counts up with each change of a conversation.
    #[serde(rename = "rev")]
    pub revision: u64,
}

/// An open conversation with its entries.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ConversationDetail {
    /// The conversation.
    pub conversation: Conversation,
    /// The last entries of both logs, by time.
    #[serde(rename = "lines")]
    pub entries: Vec<LogEntry>,
    /// The account's handoff sheet; absent when it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handoff: Option<HandoffSheet>,
    /// When the step at which they wrote was completed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step_done: Option<Millis>,
    /// How many of the must-have steps are done, and how many there are; absent without a flow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub progress: Option<[u32; 2]>,
    /// The steps that were completed since the question was asked, in the order of the flow.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub done_since: Vec<DoneStep>,
    /// The first response time in milliseconds of support hours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_response: Option<Millis>,
}

impl ConversationDetail {
    /// A conversation with its entries, of which nothing else is known yet.
    pub fn of(conversation: Conversation, entries: Vec<LogEntry>) -> Self {
        Self {
            conversation,
            entries,
            handoff: None,
            step_done: None,
            progress: None,
            done_since: Vec::new(),
            first_response: None,
        }
    }
}

/// A step that was completed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DoneStep {
    /// Its title in the agent's language.
    pub title: String,
    /// When.
    pub at: Millis,
    /// The name of the person who completed it; empty when unknown.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub by: String,
}

/// What an agent's composer offers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ComposerOptions {
    /// Steps with a guide, by id and title; a message can point at one.
    pub steps: Vec<(StepId, String)>,
    /// The controls of the host's page that a message can point at: each guide, and each of its stops.
    #[serde(default)]
    pub places: Vec<PlaceChoice>,
    /// Clips, by id, title and duration in seconds; a message can attach one.
    pub clips: Vec<(String, String, u32)>,
    /// Canned replies.
    #[serde(default)]
    pub replies: Vec<CannedReply>,
    /// Labels that the support file suggests.
    #[serde(default)]
    pub labels: Vec<String>,
    /// Agents who are online and can be assigned.
    #[serde(default)]
    pub agents: Vec<Author>,
    /// The pictures of this site's agents: the agent's id, and an address below the collector's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pictures: Vec<(String, String)>,
    /// The site's support hours now; absent when it has published none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<SupportHours>,
}

/// A conversation that a search found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SearchHit {
    /// The conversation.
    #[serde(rename = "c")]
    pub conversation: ConversationId,
    /// The newest passage with the words: some of what stands before and after them.
    pub text: String,
}

/// A moment of a clip that an agent can attach: its start, a chapter, or a line of its transcript.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ClipChoice {
    /// The moment.
    pub at: ClipMoment,
    /// The clip's title.
    pub title: String,
    /// The chapter, or what is said; empty for the start.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// The address of the clip's picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub poster: Option<String>,
}

/// A control of the host's page that an agent can point at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PlaceChoice {
    /// The step whose guide leads there.
    pub step: StepId,
    /// The step's title.
    pub title: String,
    /// The stop of the guide, from 1; absent for the guide from where the customer stands in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stop: Option<u32>,
    /// What the guide says at this stop.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
}

/// An agent's action. The reply is a [`ServerFrame::Ack`](crate::chat::ServerFrame::Ack) or a
/// [`ServerFrame::Nack`](crate::chat::ServerFrame::Nack).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AgentAction {
    /// The entry's id, made when the agent pressed the button.
    #[serde(rename = "mid")]
    pub id: EventId,
    /// The content.
    #[serde(flatten)]
    pub body: LogEntryBody,
}
