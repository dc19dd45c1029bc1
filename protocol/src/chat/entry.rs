//! The entries of a conversation's logs.

use serde::{Deserialize, Serialize};

use super::Attachment;
use crate::Millis;
use crate::ids::{ConversationId, EventId, StepId};

/// One of a conversation's two logs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Log {
    /// The public log; customer and customer success see it.
    #[default]
    #[serde(rename = "pub")]
    Public,
    /// The internal log; only customer success sees it.
    #[serde(rename = "int")]
    Internal,
}

/// The side of a conversation that an author is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// The customer.
    Visitor,
    /// Customer success.
    Agent,
    /// The collector itself; its entries never count as an answer.
    System,
}

/// The author of an entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Author {
    /// The author's side.
    pub side: Side,
    /// User id or e-mail address. The collector leaves out agents' addresses when it answers a customer.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub id: String,
    /// The display name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
}

/// The content of an entry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "kind", content = "body", rename_all = "snake_case")]
pub enum LogEntryBody {
    /// A message, in the public log.
    Message(Message),
    /// A note among agents, in the internal log.
    Note(Message),
    /// An agent assigned the conversation to themselves.
    Claimed,
    /// The conversation lost its agent: they gave it back, or they went offline.
    Released,
    /// The conversation was assigned to an agent.
    #[serde(rename = "handed")]
    Assigned {
        /// The agent.
        agent: Author,
    },
    /// Nobody took the conversation up within the site's goal.
    Escalated,
    /// The customer requests a callback.
    Callback(CallbackRequest),
    /// An agent has called.
    Called,
    /// The labels of the conversation; internal. Each list replaces the one before.
    Labelled {
        /// At most [`limits::LABELS`](super::limits::LABELS), each of at most
        /// [`limits::LABEL`](super::limits::LABEL) characters.
        labels: Vec<String>,
    },
    /// Who has to act before the conversation can go on; internal.
    #[serde(rename = "blocked")]
    WaitingOn {
        /// Absent when it waits for nobody.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        on: Option<WaitingOn>,
    },
    /// The person of the conversation was blocked, or unblocked; internal.
    #[serde(rename = "barred")]
    Blocked {
        /// Whether they are blocked from now on.
        on: bool,
    },
    /// The conversation is resolved.
    Resolved,
    /// The conversation is open again.
    Reopened,
    /// An agent snoozed the conversation; internal.
    Snoozed {
        /// When it opens again.
        until: Millis,
    },
    /// The customer's rating (CSAT), 1 to 5.
    Rated {
        /// The rating.
        score: u8,
        /// The customer's comment.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        comment: String,
    },
}

impl LogEntryBody {
    /// Returns the log that entries of this kind belong to.
    pub fn log(&self) -> Log {
        match self {
            Self::Note(_)
            | Self::Snoozed { .. }
            | Self::Labelled { .. }
            | Self::WaitingOn { .. }
            | Self::Blocked { .. } => Log::Internal,
            _ => Log::Public,
        }
    }
}

/// The text of a message with what is attached to it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Message {
    /// Plain text; clients never interpret it as markup.
    pub text: String,
    /// A moment of a clip that answers the question.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clip: Option<ClipMoment>,
    /// A step; the client offers to show its control.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<StepId>,
    /// With `step`: the stop of its guide, from 1, at which the client begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stop: Option<u32>,
    /// An attachment that its author has uploaded before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<Attachment>,
    /// Quick replies that the customer can send by one press; agents offer them.
    #[serde(rename = "quick", default, skip_serializing_if = "Vec::is_empty")]
    pub quick_replies: Vec<String>,
}

/// A customer's request to be called.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CallbackRequest {
    /// The number to call.
    pub phone: String,
    /// Time slots that suit the customer, each from and to; any time when empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub windows: Vec<[Millis; 2]>,
    /// The step at which they asked. Its team's support hours decide when the call is due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<StepId>,
}

/// Who has to act before a conversation can go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum WaitingOn {
    /// Our side: a fix, a colleague's answer.
    Us,
    /// The customer: a document, a decision.
    Customer,
}

/// A moment of a clip: "this clip, at 1:12".
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ClipMoment {
    /// The clip's id.
    pub clip: String,
    /// Seconds from its start.
    #[serde(default)]
    pub from: u32,
}

/// One entry of a log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LogEntry {
    /// The conversation.
    #[serde(rename = "c")]
    pub conversation: ConversationId,
    /// The log.
    pub log: Log,
    /// The entry's number in that log, from 1 and without a gap.
    pub seq: u64,
    /// The id that the author's client gave it; the idempotency key.
    #[serde(rename = "mid")]
    pub id: EventId,
    /// The author.
    pub author: Author,
    /// The address of the author's picture, below the collector's. Only customers are sent it; it is never stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<String>,
    /// When the collector took it, by the collector's clock.
    pub at: Millis,
    /// The content.
    #[serde(flatten)]
    pub body: LogEntryBody,
}

/// What a customer was doing when they wrote, so that agents need not ask.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct VisitorContext {
    /// The page's path.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub page: String,
    /// The open step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<StepId>,
    /// How long the step had been open, in milliseconds.
    #[serde(rename = "stuck", default, skip_serializing_if = "Option::is_none")]
    pub step_open_for: Option<Millis>,
    /// The last validation error that a field of the page showed.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub error: String,
    /// The clip that they watched last, and how far.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clip: Option<ClipMoment>,
    /// The article that they read before they wrote.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub article: String,
    /// The widget's locale, as a BCP 47 tag.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub locale: String,
}
