//! The customer's side of a conversation, pure: what a client knows, shows and sends next.
//!
//! The widget runs this code in the browser; the model test of the collector runs the same code over real
//! sockets that lose, double and reorder frames. Clock, ids and storage are passed in. A caller gives it every
//! frame ([`ChatClient::receive`]), sends what [`ChatClient::due`] returns, and calls `due` again at
//! [`ChatClient::wakes_at`]. The rules are those of docs/decisions/0009-chat.md.
//!
//! Plain loops stand here where a chain of iterators could: each chain is compiled once more for its types, and a browser
//! downloads it.

pub mod availability;
mod conversation;
mod memory_storage;
mod outbox;
mod receive;
pub mod text;
mod thread;

#[cfg(test)]
mod tests;

use protocol::Millis;
use protocol::chat::{
    CallbackRequest, ClientFrame, Envelope, Log, LogEntry, LogEntryBody, RequestCallback, ResumePoint,
    SendMessage, Side, SupportHours, TeamHours, VisitorContext,
};
use protocol::ids::{EventId, StepId};

pub use conversation::Conversation;
pub use memory_storage::MemoryStorage;
pub use outbox::{Destination, Outbox, OutboxStorage, Outgoing};
pub use receive::Received;
pub use thread::{Delivery, FollowUp, Row};

/// An answer of the last fifteen minutes is part of a conversation that goes on.
const ANSWERING: Millis = 15 * 60 * 1000;

/// How the client is connected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Link {
    /// Not connected: what is written waits.
    #[default]
    Waiting,
    /// Connected over a socket.
    Open,
    /// Connected over an event stream with posts beside it.
    Slow,
    /// The collector refused the identity token.
    Refused,
}

/// The earlier of two times that may be absent.
fn earliest(one: Option<Millis>, other: Option<Millis>) -> Option<Millis> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

/// One person's conversations and outbox.
pub struct ChatClient {
    /// What was written and is not acknowledged.
    pub outbox: Outbox,
    conversations: Vec<Conversation>,
    epoch: String,
    hours: Option<SupportHours>,
    teams: Vec<TeamHours>,
    link: Link,
    in_flight: Option<EventId>,
    paused_until: Option<Millis>,
    gap_due: Option<Millis>,
    typing: Option<(String, Millis)>,
    busy: bool,
}

impl ChatClient {
    /// Starts with what `storage` has of this person; hours as the session reported them.
    pub fn new(storage: Box<dyn OutboxStorage>, hours: Option<SupportHours>, teams: Vec<TeamHours>) -> Self {
        Self {
            outbox: Outbox::new(storage),
            conversations: Vec::new(),
            epoch: String::new(),
            hours,
            teams,
            link: Link::Waiting,
            in_flight: None,
            paused_until: None,
            gap_due: None,
            typing: None,
            busy: false,
        }
    }

    /// The collector's database that everything known here belongs to.
    pub fn epoch(&self) -> &str {
        &self.epoch
    }

    /// Where each log stands, for the next hello.
    pub fn resume(&self) -> Vec<ResumePoint> {
        let mut known = Vec::new();
        for one in &self.conversations {
            if !one.entries.is_empty() {
                known.push(ResumePoint { conversation: one.head.id, log: Log::Public, seq: one.last() });
            }
        }
        known
    }

    /// All conversations, the newest last.
    pub fn conversations(&self) -> &[Conversation] {
        &self.conversations
    }

    /// The conversation that is shown: the newest.
    pub fn current(&self) -> Option<&Conversation> {
        self.conversations.last()
    }

    /// How the client is connected.
    pub fn link(&self) -> Link {
        self.link
    }

    /// Whether the collector said that it cannot store messages now.
    pub fn is_busy(&self) -> bool {
        self.busy && self.link != Link::Waiting
    }

    /// The name of the agent who is typing.
    pub fn typing(&self) -> Option<&str> {
        self.typing.as_ref().map(|(name, _)| name.as_str())
    }

    /// Whether an agent answers just now, whatever the hours say.
    pub fn is_answered(&self, now: Millis) -> bool {
        let newest = self.current().and_then(|one| one.entries.last());
        let by_agent = |entry: &LogEntry| entry.author.side == Side::Agent && now - entry.at < ANSWERING;
        self.typing().is_some() || newest.is_some_and(by_agent)
    }

    /// Support hours for a question at a step: those of its team, else the site's.
    pub fn hours(&self, step: Option<&StepId>) -> Option<&SupportHours> {
        let team = step.and_then(|step| self.teams.iter().find(|team| team.steps.contains(step)));
        team.map(|team| &team.hours).or(self.hours.as_ref())
    }

    /// Agents' messages in the current conversation that the person has not read.
    pub fn unread(&self) -> usize {
        self.current().map_or(0, Conversation::unread)
    }

    /// Notes how the client is connected. `too_large` says that the collector closed the connection because of
    /// the frame in flight: it would do so again.
    pub fn set_link(&mut self, link: Link, too_large: bool) {
        self.link = link;
        if too_large && let Some(id) = self.in_flight {
            self.outbox.fail(id, "too_large");
        }
        if link == Link::Waiting {
            self.in_flight = None;
        }
    }

    /// Frames to send now; `context` says what the person is doing.
    pub fn due(&mut self, now: Millis, context: &dyn Fn() -> VisitorContext) -> Vec<ClientFrame> {
        let past = |at: &Option<Millis>| at.is_some_and(|at| at <= now);
        if past(&self.paused_until) {
            self.paused_until = None;
        }
        if past(&self.typing.as_ref().map(|(_, until)| *until)) {
            self.typing = None;
        }
        let mut frames = Vec::new();
        if past(&self.gap_due) {
            self.gap_due = None;
            for one in &self.conversations {
                if let Some((from, to)) = one.missing() {
                    frames.push(ClientFrame::Sync { conversation: one.head.id, log: Log::Public, from, to });
                }
            }
        }
        if let Some(message) = self.next_message(now, context) {
            frames.push(message);
        }
        frames
    }

    /// Sends one message at a time, which keeps their order.
    fn next_message(&mut self, now: Millis, context: &dyn Fn() -> VisitorContext) -> Option<ClientFrame> {
        let connected = matches!(self.link, Link::Open | Link::Slow);
        if !connected || self.in_flight.is_some() || self.paused_until.is_some() {
            return None;
        }
        let next = self.outbox.next(now)?;
        let current = self.current().map(|one| Destination::Conversation(one.head.id));
        let to = next.to.or(current).unwrap_or(Destination::Key(next.key));
        let (id, body) = (next.id, next.body.clone());
        self.outbox.aim(id, to);
        self.in_flight = Some(id);
        let (conversation, conversation_key) = match to {
            Destination::Conversation(conversation) => (Some(conversation), None),
            Destination::Key(key) => (None, Some(key)),
        };
        let envelope = Envelope { id, conversation, conversation_key, context: Some(context()) };
        match body {
            LogEntryBody::Message(body) => Some(ClientFrame::Send(SendMessage { envelope, body })),
            LogEntryBody::Callback(CallbackRequest { phone, windows, .. }) => {
                Some(ClientFrame::Callback(RequestCallback { envelope, phone, windows }))
            }
            _ => None,
        }
    }

    /// When `due` has something to do again.
    pub fn wakes_at(&self) -> Option<Millis> {
        let typing = self.typing.as_ref().map(|(_, until)| *until);
        earliest(earliest(self.paused_until, self.gap_due), typing)
    }

    /// Marks everything shown as read; returns the frame that says so when that is news.
    pub fn read(&mut self) -> Option<ClientFrame> {
        let one = self.conversations.last_mut()?;
        let last = one.last();
        if one.head.read >= last {
            return None;
        }
        one.head.read = last;
        Some(ClientFrame::Read { conversation: one.head.id, seq: last })
    }
}
