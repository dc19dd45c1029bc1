//! Frames from the collector to a client.

use serde::{Deserialize, Serialize};

use super::{Author, Log, LogEntry, Side, SupportHours, TeamHours};
use crate::Millis;
use crate::ids::{ConversationId, EventId};

/// A frame from collector to client.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "t", rename_all = "snake_case")]
pub enum ServerFrame {
    /// The answer to a hello.
    Welcome(Welcome),
    /// An entry of a log.
    Event(LogEntry),
    /// The entry is on disk.
    Ack {
        /// The entry's id.
        #[serde(rename = "mid")]
        id: EventId,
        /// The conversation.
        #[serde(rename = "c")]
        conversation: ConversationId,
        /// The entry's number.
        seq: u64,
        /// Whether an earlier request had stored it already.
        #[serde(rename = "dup", default)]
        duplicate: bool,
    },
    /// The entry was not stored.
    Nack {
        /// The entry's id.
        #[serde(rename = "mid")]
        id: EventId,
        /// The reason.
        #[serde(rename = "code")]
        reason: NackReason,
        /// Seconds to wait before the client retries; absent when a retry cannot help.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after: Option<u64>,
    },
    /// A side has read everything up to an entry.
    Cursor {
        /// The conversation.
        #[serde(rename = "c")]
        conversation: ConversationId,
        /// The side that read.
        #[serde(rename = "who")]
        side: Side,
        /// The entry's number.
        read: u64,
    },
    /// The requested entries no longer exist; the client fetches the log from `floor` on.
    Gap {
        /// The conversation.
        #[serde(rename = "c")]
        conversation: ConversationId,
        /// The log.
        log: Log,
        /// The first entry that exists.
        floor: u64,
        /// The last entry.
        head: u64,
    },
    /// An author types, or stopped typing.
    Typing {
        /// The conversation.
        #[serde(rename = "c")]
        conversation: ConversationId,
        /// Whether they type.
        on: bool,
        /// The author; customers receive the name only.
        author: Author,
    },
    /// The collector restarts; the client reconnects after a while.
    Drain {
        /// Milliseconds to wait.
        reconnect_in: u64,
    },
    /// The list of conversations changed; agents fetch it again.
    Changed,
    /// The answer to a ping.
    Pong,
    /// The hello was refused, with the tag of an [`ErrorBody`](crate::error::ErrorBody).
    Refused {
        /// The tag.
        tag: String,
        /// What is wrong, and what to do.
        message: String,
    },
}

/// See [`ServerFrame::Welcome`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Welcome {
    /// Identifies the database; a client that sees another one drops its copy of the logs.
    pub epoch: String,
    /// The collector's clock.
    #[serde(rename = "srv_time")]
    pub server_time: Millis,
    /// Seconds between two heartbeats.
    #[serde(rename = "hb")]
    pub heartbeat: u64,
    /// The most characters of a message.
    #[serde(rename = "limits")]
    pub max_chars: usize,
    /// The site's support hours; absent when none are published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<SupportHours>,
    /// The support hours of teams, for questions at their steps.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub teams: Vec<TeamHours>,
    /// The person's conversations, the newest last.
    #[serde(rename = "heads")]
    pub conversations: Vec<ConversationSummary>,
}

/// What a widget knows of a conversation before it has its entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ConversationSummary {
    /// The conversation.
    #[serde(rename = "c")]
    pub id: ConversationId,
    /// The last entry of the public log.
    pub seq: u64,
    /// The last entry that this side has read.
    pub read: u64,
    /// How many answers came after that.
    #[serde(default)]
    pub unread: u64,
    /// The last entry that the other side has read.
    #[serde(rename = "seen")]
    pub peer_read: u64,
    /// Its status.
    #[serde(rename = "standing")]
    pub status: ConversationStatus,
}

/// The status of a conversation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum ConversationStatus {
    /// The customer waits for an answer, or may write again.
    #[default]
    Open,
    /// An agent snoozed it until a time.
    Snoozed,
    /// It is resolved.
    Resolved,
}

/// Why the collector did not store an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum NackReason {
    /// The message is longer than [`limits::TEXT`](super::limits::TEXT).
    TooLarge,
    /// The message has neither text nor attachment.
    Empty,
    /// The client sends faster than its rate allows.
    TooFast,
    /// The store cannot write at the moment.
    Busy,
    /// Another text was stored under this id.
    #[serde(rename = "mid_conflict")]
    IdConflict,
    /// The person has no such conversation.
    NotFound,
    /// The telephone number is implausible, or a time slot lies outside support hours.
    BadCall,
    /// The attachment is incomplete, or another person uploaded it.
    NoFile,
}

#[cfg(test)]
mod tests {
    use super::super::{ClientFrame, Hello, LogEntryBody, Message};
    use super::*;

    #[test]
    fn frames_are_as_the_contract_writes_them() {
        let hello = r#"{"t":"hello","v":1,"site":"pk_demo","tok":"eyJ","resume":[{"c":"01930000-0000-7000-8000-000000000001","log":"pub","seq":4}],"epoch":"e"}"#;
        assert!(matches!(serde_json::from_str(hello), Ok(ClientFrame::Hello(Hello { version: 1, .. }))));
        let entry = LogEntry {
            conversation: ConversationId::default(),
            log: Log::Public,
            seq: 1,
            id: EventId::NIL,
            author: Author { side: Side::Agent, id: String::new(), name: "佐藤".into() },
            picture: None,
            at: 5,
            body: LogEntryBody::Message(Message { text: "はい".into(), ..Message::default() }),
        };
        let text = serde_json::to_string(&ServerFrame::Event(entry.clone())).expect("plain data");
        let nil = EventId::NIL;
        let expected = format!(
            r#"{{"t":"event","c":"{nil}","log":"pub","seq":1,"mid":"{nil}","author":{{"side":"agent","name":"佐藤"}},"at":5,"kind":"message","body":{{"text":"はい"}}}}"#
        );
        assert_eq!(text, expected);
        assert_eq!(serde_json::from_str::<ServerFrame>(&text).ok(), Some(ServerFrame::Event(entry)));
    }

    #[test]
    fn renamed_entries_keep_their_kind_on_the_wire() {
        let agent = Author { side: Side::Agent, id: "a@example.com".into(), name: String::new() };
        for (body, kind) in [
            (LogEntryBody::Assigned { agent }, r#""kind":"handed""#),
            (LogEntryBody::WaitingOn { on: None }, r#""kind":"blocked""#),
        ] {
            let text = serde_json::to_string(&body).expect("plain data");
            assert!(text.contains(kind), "{text}");
            assert_eq!(serde_json::from_str::<LogEntryBody>(&text).ok(), Some(body));
        }
    }
}
