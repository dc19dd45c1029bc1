//! `tabiji-chat/1`: what customers and customer success say to each other.
//!
//! A conversation has two append-only logs, a public and an internal one, each numbered by itself and
//! without a gap: private notes leave no hole in what the customer counts. What is sent has an id that its
//! author made, so every retry is harmless, and an acknowledgement means that it is on disk.

use serde::{Deserialize, Serialize};

use crate::{EventId, Millis, SiteKey, StepId, Who};

/// Limits of the protocol.
pub mod chat_limits {
    /// Characters of a message.
    pub const TEXT: usize = 4000;
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
    /// An agent gave it back to the queue.
    Released,
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
            Self::Note(_) | Self::Snoozed { .. } => Log::Int,
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
    /// The language that the widget speaks.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub locale: String,
}

/// How far a log is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// The conversation.
    pub c: ConversationId,
    /// Which log.
    #[serde(default)]
    pub log: Log,
    /// The last line.
    pub seq: u64,
}

/// Where a conversation stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Standing {
    /// Somebody waits for an answer, or could.
    #[default]
    Open,
    /// It comes back later.
    Snoozed,
    /// It is answered.
    Resolved,
}

/// What a customer's widget knows of a conversation before its lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// The conversation.
    pub c: ConversationId,
    /// The last line of the public log.
    pub seq: u64,
    /// The last line that this side has read.
    pub read: u64,
    /// The last line that the other side has read.
    pub seen: u64,
    /// Where it stands.
    pub standing: Standing,
}

/// Client to collector.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "t", rename_all = "snake_case")]
pub enum Ask {
    /// The first frame: who is there, and what is known already.
    Hello(Hello),
    /// Says something.
    Send(Send),
    /// Everything up to a line was read.
    Read {
        /// The conversation.
        c: ConversationId,
        /// The line.
        seq: u64,
    },
    /// Somebody types, or stopped.
    Typing {
        /// The conversation.
        c: ConversationId,
        /// Whether they type.
        on: bool,
    },
    /// Asks for lines that did not come.
    Sync {
        /// The conversation.
        c: ConversationId,
        /// Which log.
        #[serde(default)]
        log: Log,
        /// The first line that is missing.
        from: u64,
        /// The last one.
        to: u64,
    },
    /// A fresh identity token, before the old one runs out.
    Token {
        /// The token.
        tok: String,
    },
    /// How the customer found it.
    Csat {
        /// Its id.
        mid: EventId,
        /// The conversation.
        c: ConversationId,
        /// 1 to 5.
        score: u8,
        /// In their own words.
        #[serde(default)]
        comment: String,
    },
    /// Is anybody there?
    Ping,
}

/// See [`Ask::Hello`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Hello {
    /// The protocol's version: 1.
    pub v: u32,
    /// The site's public key.
    pub site: SiteKey,
    /// The identity token of the host's backend.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tok: Option<String>,
    /// The claim of an unverified visitor; ignored beside a token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub who: Option<Who>,
    /// What is known already.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resume: Vec<Known>,
    /// The `epoch` of the last welcome.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub epoch: String,
}

/// See [`Ask::Send`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Send {
    /// Its id, made when send was pressed.
    pub mid: EventId,
    /// The conversation, when there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub c: Option<ConversationId>,
    /// The client's own key for a conversation that is not there yet; the same key is the same one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ck: Option<EventId>,
    /// What.
    pub body: Message,
    /// What the person was doing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ctx: Option<Context>,
}

/// Collector to client.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "t", rename_all = "snake_case")]
pub enum Tell {
    /// The answer to a hello.
    Welcome(Welcome),
    /// A line of a log.
    Event(Line),
    /// It is on disk.
    Ack {
        /// What was sent.
        mid: EventId,
        /// The conversation.
        c: ConversationId,
        /// Its line.
        seq: u64,
        /// Whether it was there already.
        #[serde(default)]
        dup: bool,
    },
    /// It is not, and why.
    Nack {
        /// What was sent.
        mid: EventId,
        /// Why.
        code: Nack,
        /// Seconds to wait before the same is tried again; absent when that would not help.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after: Option<u64>,
    },
    /// Somebody has read up to a line.
    Cursor {
        /// The conversation.
        c: ConversationId,
        /// Who.
        who: Side,
        /// The line.
        read: u64,
    },
    /// Lines that do not come: fetch the conversation anew from `floor`.
    Gap {
        /// The conversation.
        c: ConversationId,
        /// Which log.
        log: Log,
        /// The first line that is still there.
        floor: u64,
        /// The last one.
        head: u64,
    },
    /// Somebody types, or stopped.
    Typing {
        /// The conversation.
        c: ConversationId,
        /// Whether they type.
        on: bool,
        /// Who; customers are told names only.
        author: Author,
    },
    /// The collector restarts: come back after a while.
    Drain {
        /// Milliseconds.
        reconnect_in: u64,
    },
    /// Somebody is there.
    Pong,
    /// The hello is refused, with the tag of a fault.
    Refused {
        /// The tag.
        tag: String,
        /// What is wrong, and what to do.
        message: String,
    },
}

/// See [`Tell::Welcome`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Welcome {
    /// Names the database: another one means that everything known is void.
    pub epoch: String,
    /// The collector's clock.
    pub srv_time: Millis,
    /// Seconds between two signs of life.
    pub hb: u64,
    /// Characters of a message.
    pub limits: usize,
    /// The person's conversations, the newest last.
    pub heads: Vec<Head>,
}

/// Why something was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Nack {
    /// Longer than a message may be.
    TooLarge,
    /// There is nothing in it.
    Empty,
    /// Too much at once.
    TooFast,
    /// It cannot be written now.
    Busy,
    /// Another text had this id.
    MidConflict,
    /// No such conversation of yours.
    NotFound,
}

/// The body of `POST /v1/chat/send`, for those whose network lets no socket through.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ChatPost {
    /// Who; its `resume` says nothing here.
    pub hello: Hello,
    /// What.
    pub frames: Vec<Ask>,
}

/// A conversation as customer success sees it in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Conversation {
    /// The conversation.
    pub c: ConversationId,
    /// The customer company, by name when there is one.
    pub account: String,
    /// The person, by name when there is one.
    pub user: String,
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
    /// How long the first answer of a person took.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_response: Option<Millis>,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_as_the_contract_writes_them() {
        let hello = r#"{"t":"hello","v":1,"site":"pk_demo","tok":"eyJ","resume":[{"c":"01930000-0000-7000-8000-000000000001","log":"pub","seq":4}],"epoch":"e"}"#;
        assert!(matches!(serde_json::from_str(hello), Ok(Ask::Hello(Hello { v: 1, .. }))));
        let line = Line {
            c: ConversationId::default(),
            log: Log::Pub,
            seq: 1,
            mid: EventId::NIL,
            author: Author { side: Side::Agent, id: String::new(), name: "佐藤".into() },
            at: 5,
            said: Said::Message(Message { text: "はい".into(), ..Message::default() }),
        };
        let text = serde_json::to_string(&Tell::Event(line.clone())).expect("plain data");
        let nil = EventId::NIL;
        let expected = format!(
            r#"{{"t":"event","c":"{nil}","log":"pub","seq":1,"mid":"{nil}","author":{{"side":"agent","name":"佐藤"}},"at":5,"kind":"message","body":{{"text":"はい"}}}}"#
        );
        assert_eq!(text, expected);
        assert_eq!(serde_json::from_str::<Tell>(&text).ok(), Some(Tell::Event(line)));
    }
}
