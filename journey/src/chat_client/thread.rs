//! What a thread shows: entries and what is on its way, how the last message stands, and what can be done next.

use protocol::Millis;
use protocol::chat::{Author, ConversationStatus, LogEntry, LogEntryBody, Message, Side, SupportHours};
use protocol::ids::EventId;

use super::{ChatClient, Link, Outgoing};

/// One row of a thread.
#[derive(Clone, Copy, Debug)]
pub enum Row<'a> {
    /// An entry of the log.
    Entry(&'a LogEntry),
    /// A message on its way.
    Outgoing(&'a Outgoing),
}

impl<'a> Row<'a> {
    /// What it says.
    pub fn body(self) -> &'a LogEntryBody {
        match self {
            Self::Entry(entry) => &entry.body,
            Self::Outgoing(message) => &message.body,
        }
    }

    /// When.
    pub fn at(self) -> Millis {
        match self {
            Self::Entry(entry) => entry.at,
            Self::Outgoing(message) => message.at,
        }
    }

    /// Its id.
    pub fn id(self) -> EventId {
        match self {
            Self::Entry(entry) => entry.id,
            Self::Outgoing(message) => message.id,
        }
    }

    /// Who said it; none for a message on its way.
    pub fn author(self) -> Option<&'a Author> {
        match self {
            Self::Entry(entry) => Some(&entry.author),
            Self::Outgoing(_) => None,
        }
    }

    /// Whether the person said it.
    pub fn is_mine(self) -> bool {
        self.author().is_none_or(|author| author.side == Side::Visitor)
    }

    /// The message, where it is one.
    pub fn message(self) -> Option<&'a Message> {
        if let LogEntryBody::Message(message) = self.body() { Some(message) } else { None }
    }

    /// Whether it is a message or a callback request, not a note about the conversation.
    pub fn is_speech(self) -> bool {
        matches!(self.body(), LogEntryBody::Message(_) | LogEntryBody::Callback(_))
    }
}

/// How the last message of the person stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// It waits for a connection.
    Waiting,
    /// It is on its way.
    Sending,
    /// The collector has it.
    Sent,
    /// An agent has read it.
    Read,
    /// The collector did not accept it, with the reason.
    Failed(String),
}

/// What the person can do below the thread.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FollowUp {
    /// Messages that were not sent.
    pub held: usize,
    /// Whether a rating is asked for.
    pub rate: bool,
    /// Whether a call can be requested.
    pub call: bool,
    /// Answers that can be sent with one press.
    pub quick: Vec<String>,
}

impl ChatClient {
    /// What the thread shows: entries, then what is on its way in the order in which it was written.
    pub fn rows(&self) -> Vec<Row<'_>> {
        let entries = self.current().map_or(&[][..], |one| &one.entries);
        let mut rows = Vec::new();
        for entry in entries {
            rows.push(Row::Entry(entry));
        }
        for message in self.outbox.all() {
            if !entries.iter().any(|entry| entry.id == message.id) {
                rows.push(Row::Outgoing(message));
            }
        }
        rows
    }

    /// How the last message stands, when it is the person's own.
    pub fn delivery(&self, rows: &[Row<'_>]) -> Option<Delivery> {
        let last = rows.iter().rev().find(|row| row.is_speech()).filter(|row| row.is_mine())?;
        let seen = self.current().map_or(0, |one| one.head.peer_read);
        Some(match last {
            Row::Entry(entry) if entry.seq <= seen => Delivery::Read,
            Row::Entry(_) => Delivery::Sent,
            Row::Outgoing(Outgoing { failed: Some(code), .. }) => Delivery::Failed(code.clone()),
            Row::Outgoing(message) if message.acked => Delivery::Sent,
            Row::Outgoing(_) if self.link == Link::Waiting => Delivery::Waiting,
            Row::Outgoing(_) => Delivery::Sending,
        })
    }

    /// What can be done next; `hours` are those in force.
    pub fn follow_up(
        &self,
        rows: &[Row<'_>],
        hours: Option<&SupportHours>,
        now: Millis,
        server_now: Millis,
    ) -> FollowUp {
        let entries = self.current().map_or(&[][..], |one| &one.entries);
        let last =
            |wanted: fn(&LogEntryBody) -> bool| entries.iter().rev().position(|entry| wanted(&entry.body));
        // Counted from the end: a smaller number is later, and none was never.
        let after = |one: Option<usize>, other: Option<usize>| {
            one.is_some_and(|one| other.is_none_or(|other| one < other))
        };
        let resolved = last(|body| matches!(body, LogEntryBody::Resolved));
        let rated = last(|body| matches!(body, LogEntryBody::Rated { .. }));
        let called = last(|body| matches!(body, LogEntryBody::Called));
        let callback = last(|body| matches!(body, LogEntryBody::Callback(_)));
        let is_resolved = self.current().is_some_and(|one| one.head.status == ConversationStatus::Resolved);
        let on_its_way = self.outbox.all().any(|message| matches!(message.body, LogEntryBody::Callback(_)));
        let asked = on_its_way || after(callback, called) && after(callback, resolved);
        let last =
            rows.iter().rev().find(|row| row.is_speech() || matches!(row.body(), LogEntryBody::Resolved));
        let answer = last.filter(|row| row.author().is_some_and(|author| author.side == Side::Agent));
        // What waits may be among the entries that are on their way.
        let arriving = self.current().is_some_and(|one| one.last() < one.head.seq);
        let held = if arriving && self.link != Link::Waiting { 0 } else { self.outbox.held(now).len() };
        FollowUp {
            held,
            rate: is_resolved && after(resolved, rated),
            call: !asked && hours.and_then(|hours| hours.callback_due).is_some_and(|by| by > server_now),
            quick: answer
                .and_then(|row| row.message())
                .map_or_else(Vec::new, |message| message.quick_replies.clone()),
        }
    }
}
