//! Frames from a customer's client to the collector.

use serde::{Deserialize, Serialize};

use super::{Log, Message, VisitorContext};
use crate::Millis;
use crate::ids::{ClaimedIdentity, ConversationId, EventId, SiteKey};

/// A frame from client to collector.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "t", rename_all = "snake_case")]
pub enum ClientFrame {
    /// The first frame: identity, and how far the client's logs reach.
    Hello(Hello),
    /// Appends a message.
    Send(SendMessage),
    /// Marks everything up to an entry as read.
    Read {
        /// The conversation.
        #[serde(rename = "c")]
        conversation: ConversationId,
        /// The entry's number in the public log.
        seq: u64,
    },
    /// The customer types, or stopped typing.
    Typing {
        /// The conversation.
        #[serde(rename = "c")]
        conversation: ConversationId,
        /// Whether they type.
        on: bool,
    },
    /// Requests entries that are missing.
    Sync {
        /// The conversation.
        #[serde(rename = "c")]
        conversation: ConversationId,
        /// The log.
        #[serde(default)]
        log: Log,
        /// The first missing entry.
        from: u64,
        /// The last missing entry.
        to: u64,
    },
    /// A fresh identity token, sent before the old one expires.
    Token {
        /// The token.
        #[serde(rename = "tok")]
        token: String,
    },
    /// Rates the conversation (CSAT).
    Csat {
        /// The entry's id.
        #[serde(rename = "mid")]
        id: EventId,
        /// The conversation.
        #[serde(rename = "c")]
        conversation: ConversationId,
        /// 1 to 5.
        score: u8,
        /// The customer's comment.
        #[serde(default)]
        comment: String,
    },
    /// Requests a callback.
    Callback(RequestCallback),
    /// A heartbeat.
    Ping,
}

/// See [`ClientFrame::Hello`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Hello {
    /// The protocol's version: 1.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 1)))]
    #[serde(rename = "v")]
    pub version: u32,
    /// The site's public key.
    pub site: SiteKey,
    /// The identity token that the host's backend signed.
    #[serde(rename = "tok", default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// The identity that an unverified visitor claims; ignored beside a token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub who: Option<ClaimedIdentity>,
    /// How far the client's logs reach.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resume: Vec<ResumePoint>,
    /// The `epoch` of the last [`Welcome`](super::Welcome).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub epoch: String,
}

/// How far a client's copy of a log reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ResumePoint {
    /// The conversation.
    #[serde(rename = "c")]
    pub conversation: ConversationId,
    /// The log.
    #[serde(default)]
    pub log: Log,
    /// The last entry that the client has.
    pub seq: u64,
}

/// What every entry that a customer sends comes in.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Envelope {
    /// The entry's id, made when the customer pressed send.
    #[serde(rename = "mid")]
    pub id: EventId,
    /// The conversation, once there is one.
    #[serde(rename = "c", default, skip_serializing_if = "Option::is_none")]
    pub conversation: Option<ConversationId>,
    /// The client's key for a conversation that does not exist yet; frames with the same key open one
    /// conversation between them.
    #[serde(rename = "ck", default, skip_serializing_if = "Option::is_none")]
    pub conversation_key: Option<EventId>,
    /// What the customer was doing.
    #[serde(rename = "ctx", default, skip_serializing_if = "Option::is_none")]
    pub context: Option<VisitorContext>,
}

/// See [`ClientFrame::Send`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SendMessage {
    /// Which entry it is, and where it goes.
    #[serde(flatten)]
    pub envelope: Envelope,
    /// The message.
    pub body: Message,
}

/// See [`ClientFrame::Callback`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RequestCallback {
    /// Which entry it is, and where it goes.
    #[serde(flatten)]
    pub envelope: Envelope,
    /// The number to call.
    pub phone: String,
    /// Time slots that suit the customer, each from and to.
    #[serde(default)]
    pub windows: Vec<[Millis; 2]>,
}

/// The body of `POST /v1/chat/send`, for networks that let no WebSocket through.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ChatPost {
    /// The identity; its `resume` is ignored.
    pub hello: Hello,
    /// The frames, in order.
    pub frames: Vec<ClientFrame>,
}
