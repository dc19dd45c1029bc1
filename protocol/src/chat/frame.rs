//! What a customer's client is told.

use serde::{Deserialize, Serialize};

use super::{Author, ConversationId, Line, Log, Side};
use crate::{EventId, Hours, Millis, TeamHours};

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
    /// Answers after that.
    #[serde(default)]
    pub unread: u64,
    /// The last line that the other side has read.
    pub seen: u64,
    /// Where it stands.
    pub standing: Standing,
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
    /// The list of conversations changed: agents ask for it anew.
    Changed,
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
    /// When somebody answers; absent where no hours are published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<Hours>,
    /// The same of teams, for questions at their steps.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub teams: Vec<TeamHours>,
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
    /// That is no telephone number, or no time at which somebody calls.
    BadCall,
    /// The file that it names is not whole, or not theirs.
    NoFile,
}

#[cfg(test)]
mod tests {
    use super::super::{Ask, Hello, Message};
    use super::*;
    use crate::Said;

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
