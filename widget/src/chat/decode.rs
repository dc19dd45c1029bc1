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
        let item = |name| i64::read(&json.field(name));
        Some([item("0")?, item("1")?])
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

fn nobody() -> Author {
    Author { side: Side::System, id: String::new(), name: String::new() }
}

impl Read for Author {
    fn read(json: &Json) -> Option<Self> {
        let mut author = nobody();
        json.fill("id", &mut author.id);
        json.fill("name", &mut author.name);
        json.fill("side", &mut author.side).then_some(author)
    }
}

impl Read for ClipMoment {
    fn read(json: &Json) -> Option<Self> {
        Some(Self { clip: json.get("clip")?, from: json.or_default("from") })
    }
}

impl Read for Attachment {
    fn read(json: &Json) -> Option<Self> {
        let mut file = Self::default();
        json.fill("name", &mut file.name);
        json.fill("size", &mut file.size);
        json.fill("kind", &mut file.kind);
        json.fill("id", &mut file.id).then_some(file)
    }
}

impl Read for Message {
    fn read(json: &Json) -> Option<Self> {
        let mut message = Self::default();
        json.fill("text", &mut message.text);
        json.fill("quick", &mut message.quick_replies);
        message.clip = json.get("clip");
        message.step = json.get("step");
        message.stop = json.get("stop");
        message.file = json.get("file");
        Some(message)
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
        let mut team = Self::default();
        json.fill("steps", &mut team.steps);
        json.fill("hours", &mut team.hours).then_some(team)
    }
}

impl Read for ConversationStatus {
    fn read(json: &Json) -> Option<Self> {
        Some(match String::read(json)?.as_str() {
            "resolved" => Self::Resolved,
            "snoozed" => Self::Snoozed,
            _ => Self::Open,
        })
    }
}

impl Read for ConversationSummary {
    fn read(json: &Json) -> Option<Self> {
        let (id, status) = (ConversationId::default(), ConversationStatus::Open);
        let mut head = Self { id, seq: 0, read: 0, unread: 0, peer_read: 0, status };
        let is_whole = json.fill("c", &mut head.id)
            && json.fill("seq", &mut head.seq)
            && json.fill("read", &mut head.read)
            && json.fill("seen", &mut head.peer_read)
            && json.fill("standing", &mut head.status);
        is_whole.then_some(head)
    }
}

/// What an entry says; kinds that no customer sees, or that are newer than this widget, take a place and say nothing.
fn body_of(json: &Json) -> Option<LogEntryBody> {
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
        let mut entry = Self {
            conversation: ConversationId::default(),
            log: Log::Public,
            seq: 0,
            id: EventId::NIL,
            author: nobody(),
            picture: json.get("picture"),
            at: 0,
            body: body_of(json)?,
        };
        let is_whole = json.fill("c", &mut entry.conversation)
            && json.fill("seq", &mut entry.seq)
            && json.fill("mid", &mut entry.id)
            && json.fill("author", &mut entry.author)
            && json.fill("at", &mut entry.at);
        is_whole.then_some(entry)
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

impl Read for Welcome {
    fn read(json: &Json) -> Option<Self> {
        let mut welcome = Self {
            epoch: String::new(),
            server_time: 0,
            heartbeat: 0,
            max_chars: 0,
            hours: None,
            teams: Vec::new(),
            conversations: Vec::new(),
        };
        json.fill("epoch", &mut welcome.epoch);
        welcome.hours = json.get("hours");
        json.fill("teams", &mut welcome.teams);
        json.fill("heads", &mut welcome.conversations);
        Some(welcome)
    }
}

impl Read for ServerFrame {
    fn read(json: &Json) -> Option<Self> {
        let kind: String = json.get("t")?;
        match kind.as_str() {
            "welcome" => return Welcome::read(json).map(Self::Welcome),
            "event" => return LogEntry::read(json).map(Self::Event),
            "drain" => return Some(Self::Drain { reconnect_in: json.or_default("reconnect_in") }),
            _ => {}
        }
        // The rest is about an entry or about a conversation.
        let (mut conversation, mut id) = (ConversationId::default(), EventId::NIL);
        let (of_one, of_entry) = (json.fill("c", &mut conversation), json.fill("mid", &mut id));
        Some(match kind.as_str() {
            // The number comes with the entry itself.
            "ack" if of_entry => Self::Ack { id, conversation, seq: 0, duplicate: false },
            "nack" if of_entry => {
                let reason = nack(&json.get::<String>("code")?);
                Self::Nack { id, reason, retry_after: json.get("retry_after") }
            }
            "cursor" if of_one => {
                Self::Cursor { conversation, side: json.get("who")?, read: json.get("read")? }
            }
            "gap" if of_one => {
                Self::Gap { conversation, log: Log::Public, floor: 1, head: json.or_default("head") }
            }
            "typing" if of_one => {
                Self::Typing { conversation, on: json.or_default("on"), author: json.get("author")? }
            }
            _ => return None,
        })
    }
}

impl Read for Outgoing {
    fn read(json: &Json) -> Option<Self> {
        let body = match json.get("call") {
            Some(call) => LogEntryBody::Callback(call),
            None => LogEntryBody::Message(Message::read(json)?),
        };
        let (id, key) = (EventId::NIL, EventId::NIL);
        let mut message = Self { id, body, key, at: 0, to: None, failed: json.get("failed"), acked: false };
        json.fill("at", &mut message.at);
        let to = json.field("to");
        if let Some(c) = to.get("c") {
            message.to = Some(Destination::Conversation(c));
        } else if let Some(key) = to.get("ck") {
            message.to = Some(Destination::Key(key));
        }
        (json.fill("mid", &mut message.id) && json.fill("key", &mut message.key)).then_some(message)
    }
}

impl Read for Span {
    fn read(json: &Json) -> Option<Self> {
        let mut span = Self::default();
        json.fill("b", &mut span.strong);
        json.fill("to", &mut span.link);
        json.fill("t", &mut span.text).then_some(span)
    }
}

impl Read for Block {
    fn read(json: &Json) -> Option<Self> {
        for (name, block) in [("p", Self::Paragraph as fn(Vec<Span>) -> Self), ("h", Self::Heading)] {
            if let Some(all) = json.get(name) {
                return Some(block(all));
            }
        }
        for (name, block) in
            [("ul", Self::BulletedList as fn(Vec<Vec<Span>>) -> Self), ("ol", Self::NumberedList)]
        {
            if let Some(all) = json.get(name) {
                return Some(block(all));
            }
        }
        // A kind that is newer than this widget.
        Some(Self::Paragraph(Vec::new()))
    }
}

impl Read for RenderedArticle {
    fn read(json: &Json) -> Option<Self> {
        let mut article =
            Self { id: String::new(), steps: Vec::new(), title: String::new(), text: Vec::new() };
        json.fill("steps", &mut article.steps);
        let is_whole = json.fill("id", &mut article.id)
            && json.fill("title", &mut article.title)
            && json.fill("text", &mut article.text);
        is_whole.then_some(article)
    }
}
