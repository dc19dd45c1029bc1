//! What a customer's client says.

use serde::{Deserialize, Serialize};

use super::{Context, ConversationId, Known, Log, Message};
use crate::{EventId, Millis, SiteKey, Who};

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
    /// Asks to be called.
    Callback(CallMe),
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

/// See [`Ask::Callback`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CallMe {
    /// Its id.
    pub mid: EventId,
    /// The conversation, when there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub c: Option<ConversationId>,
    /// As in [`Send::ck`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ck: Option<EventId>,
    /// The number to call.
    pub phone: String,
    /// When it suits them: from and to.
    #[serde(default)]
    pub windows: Vec<[Millis; 2]>,
    /// What the person was doing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ctx: Option<Context>,
}

/// The body of `POST /v1/chat/send`, for those whose network lets no socket through.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ChatPost {
    /// Who; its `resume` says nothing here.
    pub hello: Hello,
    /// What.
    pub frames: Vec<Ask>,
}
