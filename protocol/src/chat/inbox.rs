//! Conversations as customer success sees them.

use serde::{Deserialize, Serialize};

use super::{Author, Blocker, CallAsked, Context, ConversationId, Line, Said, Standing};
use crate::{AccountId, CannedReply, EventId, Handoff, Millis, StepId};

/// A conversation as customer success sees it in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Conversation {
    /// The conversation.
    pub c: ConversationId,
    /// The customer company.
    pub account_id: AccountId,
    /// Its name, when there is one.
    pub account: String,
    /// The person, by name when there is one.
    pub user: String,
    /// The title of the step that they were at.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub step: String,
    /// What they were doing when they wrote last.
    pub context: Context,
    /// Where it stands.
    pub thread: Thread,
    /// The last lines of the public and the internal log.
    pub heads: [u64; 2],
    /// The last line that the customer has read.
    pub visitor_read: u64,
    /// The last line that an agent has read.
    pub agent_read: u64,
    /// By when the customer is promised to be called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call_due: Option<Millis>,
    /// Whether nobody hears the person any more.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub barred: bool,
    /// When it began.
    pub created: Millis,
    /// Counts up with each change in the site.
    pub rev: u64,
}

/// What a conversation's lines come to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Thread {
    /// Where it stands.
    #[serde(default)]
    pub standing: Standing,
    /// Until when it sleeps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Millis>,
    /// The agent who has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<Author>,
    /// Since when the customer waits for an answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiting: Option<Millis>,
    /// When the first question was asked, and when a person answered it. How much of that counts depends on
    /// the hours that were in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<[Millis; 2]>,
    /// Whether it waited longer than the site's goal, and nobody has taken it up since.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub escalated: bool,
    /// The call that the customer waits for, and since when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call: Option<(Millis, CallAsked)>,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<String>,
    /// Whom it waits for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blocked: Option<Blocker>,
    /// When something was last said in public.
    #[serde(default)]
    pub last: Millis,
    /// The beginning of what was said last.
    #[serde(default)]
    pub excerpt: String,
    /// How the customer found it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<u8>,
}

/// A conversation with its lines.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InboxThread {
    /// What it comes to.
    pub conversation: Conversation,
    /// The last lines of both logs, by time.
    pub lines: Vec<Line>,
    /// What sales heard from them; none where there is no sheet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handoff: Option<Handoff>,
    /// When the step that they were at was done, as telemetry has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step_done: Option<Millis>,
    /// How long the first answer took, in milliseconds of business.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_response: Option<Millis>,
}

/// What an agent can point at and say in a press.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Pointers {
    /// Steps with a guide: one press shows the control.
    pub steps: Vec<(StepId, String)>,
    /// Clips with their length in seconds: one press plays them.
    pub clips: Vec<(String, String, u32)>,
    /// Answers that are given often.
    #[serde(default)]
    pub replies: Vec<CannedReply>,
    /// What conversations can be about.
    #[serde(default)]
    pub labels: Vec<String>,
    /// Agents who are there, to hand a conversation to.
    #[serde(default)]
    pub agents: Vec<Author>,
}

/// What an agent does; the answer is an [`Tell::Ack`] or [`Tell::Nack`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AgentSays {
    /// Its id, made when it was pressed.
    pub mid: EventId,
    /// What.
    #[serde(flatten)]
    pub said: Said,
}
