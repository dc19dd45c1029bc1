//! Frames of `tabiji-chat/1` and stored messages, from JSON.

use journey::chat_client::{Destination, Outgoing};
use protocol::chat::{
    Attachment, Author, CallbackRequest, ClipMoment, ConversationStatus, ConversationSummary, Log, LogEntry,
    LogEntryBody, Message, NackReason, ServerFrame, Side, SupportHours, TeamHours, Welcome,
};
use protocol::ids::{ConversationId, EventId, StepId};
use protocol::widget::{Block, RenderedArticle, Span};

use crate::wire::{Json, Read};

impl Read for u64 {
    fn read(json: &Json) -> Option<Self> {
        i64::read(json).map(i64::unsigned_abs)
    }
}

impl Read for ConversationId {
    fn read(json: &Json) -> Option<Self> {
        EventId::read(json).map(Self)
    }
}

impl Read for StepId {
    fn read(json: &Json) -> Option<Self> {
        String::read(json).map(Self)
    }
}

impl Read for [i64; 2] {
    fn read(json: &Json) -> Option<Self> {
        let mut both = Vec::<i64>::read(json)?.into_iter();
        Some([both.next()?, both.next()?])
    }
}

impl Read for Side {
    fn read(json: &Json) -> Option<Self> {
        Some(match String::read(json)?.as_str() {
            "visitor" => Self::Visitor,
            "agent" => Self::Agent,
            _ => Self::System,
        })
    }
}

impl Read for Author {
    fn read(json: &Json) -> Option<Self> {
        let side = json.get("side")?;
        Some(Self { side, id: json.or_default("id"), name: json.or_default("name") })
    }
}

impl Read for ClipMoment {
    fn read(json: &Json) -> Option<Self> {
        Some(Self { clip: json.get("clip")?, from: json.or_default("from") })
    }
}

impl Read for Attachment {
    fn read(json: &Json) -> Option<Self> {
        let kind = json.or_default("kind");
        Some(Self { id: json.get("id")?, name: json.or_default("name"), size: json.or_default("size"), kind })
    }
}

impl Read for Message {
    fn read(json: &Json) -> Option<Self> {
        Some(Self {
            text: json.or_default("text"),
            clip: json.get("clip"),
            step: json.get("step"),
            file: json.get("file"),
            quick_replies: json.or_default("quick"),
        })
    }
}

impl Read for CallbackRequest {
    fn read(json: &Json) -> Option<Self> {
        Some(Self { phone: json.get("phone")?, windows: json.or_default("windows"), step: None })
    }
}

impl Read for SupportHours {
    fn read(json: &Json) -> Option<Self> {
        Some(Self {
            open_until: json.get("until"),
            opens_at: json.get("opens"),
            response_minutes: json.get("answers"),
            callback_due: json.get("call_by"),
            callback_windows: json.or_default("calls"),
        })
    }
}

impl Read for TeamHours {
    fn read(json: &Json) -> Option<Self> {
        Some(Self { steps: json.or_default("steps"), hours: json.get("hours")? })
    }
}

impl Read for ConversationSummary {
    fn read(json: &Json) -> Option<Self> {
        let standing = match json.get::<String>("standing")?.as_str() {
            "resolved" => ConversationStatus::Resolved,
            "snoozed" => ConversationStatus::Snoozed,
            _ => ConversationStatus::Open,
        };
        let (seq, read, seen) = (json.get("seq")?, json.get("read")?, json.get("seen")?);
        Some(Self { id: json.get("c")?, seq, read, unread: 0, peer_read: seen, status: standing })
    }
}

/// What an entry says; kinds that no customer sees, or that are newer than this widget, take a place and say nothing.
fn said(json: &Json) -> Option<LogEntryBody> {
    let body = json.field("body");
    Some(match json.get::<String>("kind")?.as_str() {
        "message" => LogEntryBody::Message(Message::read(&body)?),
        "callback" => LogEntryBody::Callback(CallbackRequest::read(&body)?),
        "claimed" => LogEntryBody::Claimed,
        "handed" => LogEntryBody::Assigned { agent: body.get("agent")? },
        "escalated" => LogEntryBody::Escalated,
        "called" => LogEntryBody::Called,
        "resolved" => LogEntryBody::Resolved,
        "reopened" => LogEntryBody::Reopened,
        "rated" => LogEntryBody::Rated { score: 0, comment: String::new() },
        _ => LogEntryBody::Released,
    })
}

impl Read for LogEntry {
    fn read(json: &Json) -> Option<Self> {
        Some(Self {
            conversation: json.get("c")?,
            log: Log::Public,
            seq: json.get("seq")?,
            id: json.get("mid")?,
            author: json.get("author")?,
            at: json.get("at")?,
            body: said(json)?,
        })
    }
}

fn nack(code: &str) -> NackReason {
    match code {
        "too_large" => NackReason::TooLarge,
        "empty" => NackReason::Empty,
        "too_fast" => NackReason::TooFast,
        "busy" => NackReason::Busy,
        "mid_conflict" => NackReason::IdConflict,
        "bad_call" => NackReason::BadCall,
        "no_file" => NackReason::NoFile,
        _ => NackReason::NotFound,
    }
}

impl Read for ServerFrame {
    fn read(json: &Json) -> Option<Self> {
        Some(match json.get::<String>("t")?.as_str() {
            "welcome" => Self::Welcome(Welcome {
                epoch: json.or_default("epoch"),
                server_time: 0,
                heartbeat: 0,
                max_chars: 0,
                hours: json.get("hours"),
                teams: json.or_default("teams"),
                conversations: json.or_default("heads"),
            }),
            "event" => Self::Event(LogEntry::read(json)?),
            // The conversation and the number come with the entry itself.
            "ack" => Self::Ack {
                id: json.get("mid")?,
                conversation: ConversationId::default(),
                seq: 0,
                duplicate: false,
            },
            "nack" => Self::Nack {
                id: json.get("mid")?,
                reason: nack(&json.get::<String>("code")?),
                retry_after: json.get("retry_after"),
            },
            "cursor" => {
                Self::Cursor { conversation: json.get("c")?, side: json.get("who")?, read: json.get("read")? }
            }
            "gap" => Self::Gap {
                conversation: json.get("c")?,
                log: Log::Public,
                floor: 1,
                head: json.or_default("head"),
            },
            "typing" => Self::Typing {
                conversation: json.get("c")?,
                on: json.or_default("on"),
                author: json.get("author")?,
            },
            "drain" => Self::Drain { reconnect_in: json.or_default("reconnect_in") },
            _ => return None,
        })
    }
}

impl Read for Outgoing {
    fn read(json: &Json) -> Option<Self> {
        let call = json.get("call").map(LogEntryBody::Callback);
        let destination = |to: Json| {
            let conversation = to.get("c").map(Destination::Conversation);
            conversation.or_else(|| to.get("ck").map(Destination::Key))
        };
        Some(Self {
            id: json.get("mid")?,
            body: call.unwrap_or_else(|| LogEntryBody::Message(Message::read(json).unwrap_or_default())),
            key: json.get("key")?,
            at: json.or_default("at"),
            to: destination(json.field("to")),
            failed: json.get("failed"),
            acked: false,
        })
    }
}

impl Read for Span {
    fn read(json: &Json) -> Option<Self> {
        Some(Self { text: json.get("t")?, strong: json.or_default("b"), link: json.or_default("to") })
    }
}

impl Read for Block {
    fn read(json: &Json) -> Option<Self> {
        (json.get("p").map(Self::Paragraph))
            .or_else(|| json.get("h").map(Self::Heading))
            .or_else(|| json.get("ul").map(Self::BulletedList))
            .or_else(|| json.get("ol").map(Self::NumberedList))
            // A kind that is newer than this widget.
            .or_else(|| Some(Self::Paragraph(Vec::new())))
    }
}

impl Read for RenderedArticle {
    fn read(json: &Json) -> Option<Self> {
        let (title, text) = (json.get("title")?, json.get("text")?);
        Some(Self { id: json.get("id")?, steps: json.or_default("steps"), title, text })
    }
}
