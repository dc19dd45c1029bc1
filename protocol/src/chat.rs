//! `tabiji-chat/1`: what customers and customer success say to each other.
//!
//! A conversation has two append-only logs, a public and an internal one, each numbered by itself and
//! without a gap: private notes leave no hole in what the customer counts. What is sent has an id that its
//! author made, so every retry is harmless, and an acknowledgement means that it is on disk.

use serde::{Deserialize, Serialize};

use crate::{EventId, Millis, StepId};

mod ask;
mod file;
mod frame;
mod inbox;

pub use ask::{Ask, CallMe, ChatPost, Hello, Send};
pub use file::{File, FileAsk, FileAt, FileLink, FileLinkAsk, FilePlace};
pub use frame::{Head, Known, Nack, Standing, Tell, Welcome};
pub use inbox::{AgentSays, Conversation, InboxThread, Pointers, Thread};

/// Limits of the protocol.
pub mod chat_limits {
    /// Characters of a message.
    pub const TEXT: usize = 4000;
    /// Labels of a conversation.
    pub const LABELS: usize = 8;
    /// Characters of a label.
    pub const LABEL: usize = 40;
    /// Characters of a telephone number.
    pub const PHONE: usize = 32;
    /// Times that suit somebody who asks for a call.
    pub const WINDOWS: usize = 8;
    /// Bytes of a file.
    pub const FILE: u64 = 32 * 1024 * 1024;
    /// Characters of a file's name.
    pub const FILE_NAME: usize = 120;
    /// Bytes of a file that one request brings.
    pub const PIECE: u64 = 128 * 1024;
    /// Answers that a message offers to be sent with a press, and characters of one.
    pub const QUICK: usize = 4;
    /// See [`QUICK`].
    pub const QUICK_TEXT: usize = 60;
    /// Bytes of a frame.
    pub const FRAME: usize = 16 * 1024;
    /// Entries that are sent at once to somebody who was away; beyond them they ask for pages.
    pub const PAGE: u64 = 200;
    /// Seconds between two signs of life.
    pub const HEARTBEAT: u64 = 25;
    /// Seconds of silence after which the other side is gone.
    pub const SILENCE: u64 = 70;
}

/// Names a conversation; a name, never a permission.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ConversationId(pub EventId);

/// Which of a conversation's logs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Log {
    /// What both sides see.
    #[default]
    Pub,
    /// What only customer success sees.
    Int,
}

/// Who said something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// The customer.
    Visitor,
    /// Customer success.
    Agent,
    /// The collector itself; nothing that it says is an answer.
    System,
}

/// The author of an entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Author {
    /// Of which side.
    pub side: Side,
    /// User id or e-mail address; customers are never told those of agents.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub id: String,
    /// What to call them.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
}

/// Something that stands in a log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body", rename_all = "snake_case")]
pub enum Said {
    /// A message, in the public log.
    Message(Message),
    /// A note among agents, in the internal log.
    Note(Message),
    /// An agent took it up.
    Claimed,
    /// An agent gave it back to the queue, or went away with it.
    Released,
    /// It was given to an agent.
    Handed {
        /// To whom.
        agent: Author,
    },
    /// Nobody took it up within the site's goal.
    Escalated,
    /// The customer asks to be called.
    Callback(CallAsked),
    /// An agent has called.
    Called,
    /// What it is about; internal, and each list replaces the one before.
    Labelled {
        /// At most [`chat_limits::LABELS`], of at most [`chat_limits::LABEL`] characters.
        labels: Vec<String>,
    },
    /// Whom it waits for; internal.
    Blocked {
        /// Nobody, when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        on: Option<Blocker>,
    },
    /// The question is answered.
    Resolved,
    /// It is not, after all.
    Reopened,
    /// It comes back at a time; internal.
    Snoozed {
        /// When.
        until: Millis,
    },
    /// How the customer found it: 1 to 5.
    Rated {
        /// The score.
        score: u8,
        /// In their own words.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        comment: String,
    },
}

impl Said {
    /// The log that it stands in.
    pub fn log(&self) -> Log {
        match self {
            Self::Note(_) | Self::Snoozed { .. } | Self::Labelled { .. } | Self::Blocked { .. } => Log::Int,
            _ => Log::Pub,
        }
    }
}

/// What somebody wrote.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// Plain text; whoever shows it makes nothing else of it.
    pub text: String,
    /// A moment of a clip that answers the question.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clip: Option<ClipMoment>,
    /// A step whose control is meant: one press shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<StepId>,
    /// A file beside it, which was brought before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<File>,
    /// Answers that the customer can send with a press; agents offer them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub quick: Vec<String>,
}

/// A call that a customer asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallAsked {
    /// The number to call.
    pub phone: String,
    /// When it suits them: from and to. Any time, when empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub windows: Vec<[Millis; 2]>,
    /// The step at which they asked: its team's hours are those that were promised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<StepId>,
}

/// Whom a conversation waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Blocker {
    /// Somebody of ours: a fix, a colleague.
    Us,
    /// The customer: a document, a decision.
    Customer,
}

/// "This clip, at 1:12."
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClipMoment {
    /// The clip's id.
    pub clip: String,
    /// Seconds from its start.
    #[serde(default)]
    pub from: u32,
}

/// One line of a log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// The conversation.
    pub c: ConversationId,
    /// Which log.
    pub log: Log,
    /// Its number in that log, from 1.
    pub seq: u64,
    /// The id that its author gave it.
    pub mid: EventId,
    /// Who.
    pub author: Author,
    /// When, by the collector's clock.
    pub at: Millis,
    /// What.
    #[serde(flatten)]
    pub said: Said,
}

/// What a customer was doing when they wrote: customer success sees it and need not ask.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Context {
    /// The page's path.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub page: String,
    /// The step that was open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<StepId>,
    /// For how long it had been, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stuck: Option<Millis>,
    /// The last thing that a field complained of.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub error: String,
    /// The clip that they watched last, and how far.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clip: Option<ClipMoment>,
    /// The question that they read an answer to before they wrote.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub article: String,
    /// The language that the widget speaks.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub locale: String,
}
