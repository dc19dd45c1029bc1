//! What a frame of the collector changes.

use protocol::Millis;
use protocol::chat::{
    Author, ConversationStatus, ConversationSummary, LogEntry, NackReason, ServerFrame, Side, Welcome,
};
use protocol::ids::{ConversationId, EventId};

use super::outbox::MISSING;
use super::{ChatClient, Conversation, Row};

/// Milliseconds that a missing entry may take to arrive by itself before it is requested.
pub(super) const GAP_PATIENCE: Millis = 250;
/// Milliseconds after which an agent who stopped sending typing notices counts as not typing.
const TYPING_LASTS: Millis = 6_000;

/// What a received frame means to the caller beyond the client's own state.
#[derive(Debug, Default)]
pub struct Received {
    /// The conversation that has entries more, and how many: those whose turn it is now.
    pub fresh: Option<(ConversationId, usize)>,
    /// Whether the client's knowledge is too old, so that the caller has to say hello again.
    pub reconnect: bool,
}

impl ChatClient {
    /// Takes a frame of the collector.
    pub fn receive(&mut self, frame: ServerFrame, now: Millis) -> Received {
        let mut received = Received::default();
        match frame {
            ServerFrame::Welcome(welcome) => self.welcome(welcome),
            ServerFrame::Event(entry) => received.fresh = Some((entry.conversation, self.append(entry, now))),
            ServerFrame::Ack { id, .. } => {
                self.landed(id);
                self.busy = false;
                self.outbox.acknowledge(id);
            }
            ServerFrame::Nack { id, reason, retry_after } => {
                self.landed(id);
                self.busy = reason == NackReason::Busy;
                match retry_after {
                    Some(seconds) => self.paused_until = Some(now + seconds as Millis * 1000),
                    None => self.outbox.fail(id, code_name(reason)),
                }
                // What is known of that conversation is out of date.
                received.reconnect = reason == NackReason::NotFound;
            }
            ServerFrame::Cursor { conversation, side, read } => {
                if let Some(one) = self.find(conversation) {
                    match side {
                        Side::Visitor => one.head.read = read,
                        _ => one.head.peer_read = read,
                    }
                }
            }
            ServerFrame::Gap { conversation, head, .. } => {
                if let Some(one) = self.find(conversation) {
                    one.behind(head);
                }
                self.await_missing(now);
            }
            ServerFrame::Typing { conversation, on, author } => {
                self.note_typing(conversation, on, author, now)
            }
            _ => {}
        }
        received
    }

    fn find(&mut self, conversation: ConversationId) -> Option<&mut Conversation> {
        self.conversations.iter_mut().find(|one| one.head.id == conversation)
    }

    fn welcome(&mut self, welcome: Welcome) {
        (self.hours, self.teams) = (welcome.hours, welcome.teams);
        let same = self.epoch == welcome.epoch;
        self.epoch = welcome.epoch;
        let mut before = std::mem::take(&mut self.conversations);
        for head in welcome.conversations {
            let known = before.iter_mut().find(|one| same && one.head.id == head.id);
            self.conversations.push(known.map_or_else(|| Conversation::new(head), |one| one.moved_to(head)));
        }
        if !same {
            self.offer(&before);
        }
        self.in_flight = None;
    }

    /// The collector's database is another one than the one that had all this, and may lack what the person said: that
    /// is theirs to send again, unless it comes back as an entry.
    fn offer(&mut self, before: &[Conversation]) {
        self.outbox.doubt();
        for one in before {
            for entry in &one.entries {
                let row = Row::Entry(entry);
                if row.is_mine() && row.is_speech() {
                    self.outbox.add(entry.id, entry.body.clone(), one.head.id.0, entry.at);
                    self.outbox.fail(entry.id, MISSING);
                }
            }
        }
    }

    fn append(&mut self, entry: LogEntry, now: Millis) -> usize {
        let (c, seq) = (entry.conversation, entry.seq);
        let at = self.conversations.iter().position(|one| one.head.id == c);
        // The conversation with the newest entry is the last; what is repeated is not new.
        match at {
            Some(at) if self.conversations.get(at).is_some_and(|one| seq > one.head.seq) => {
                let one = self.conversations.remove(at);
                self.conversations.push(one);
            }
            Some(_) => {}
            None => self.conversations.push(Conversation::new(unknown(c))),
        }
        let Some(one) = self.conversations.iter_mut().find(|one| one.head.id == c) else { return 0 };
        let fresh = one.append(entry);
        for entry in one.newest(fresh) {
            self.outbox.remove(entry.id);
            if self.in_flight == Some(entry.id) {
                self.in_flight = None;
            }
            if entry.author.side == Side::Agent {
                self.typing = None;
            }
        }
        self.await_missing(now);
        fresh
    }

    fn landed(&mut self, id: EventId) {
        if self.in_flight == Some(id) {
            self.in_flight = None;
        }
    }

    /// What is missing mostly arrives by itself in a moment.
    fn await_missing(&mut self, now: Millis) {
        if self.conversations.iter().any(|one| one.missing().is_some()) {
            self.gap_due.get_or_insert(now + GAP_PATIENCE);
        }
    }

    fn note_typing(&mut self, conversation: ConversationId, on: bool, author: Author, now: Millis) {
        let here = self.current().is_some_and(|one| one.head.id == conversation);
        if here && author.side == Side::Agent {
            self.typing = on.then_some((author.name, now + TYPING_LASTS));
        }
    }
}

/// A conversation of which only an entry is known.
pub(super) fn unknown(conversation: ConversationId) -> ConversationSummary {
    ConversationSummary {
        id: conversation,
        seq: 0,
        read: 0,
        unread: 0,
        peer_read: 0,
        status: ConversationStatus::Open,
    }
}

/// A reason as it stands on the wire; texts are found by it.
fn code_name(code: NackReason) -> &'static str {
    match code {
        NackReason::TooLarge => "too_large",
        NackReason::Empty => "empty",
        NackReason::TooFast => "too_fast",
        NackReason::Busy => "busy",
        NackReason::IdConflict => "mid_conflict",
        NackReason::NotFound => "not_found",
        NackReason::BadCall => "bad_call",
        NackReason::NoFile => "no_file",
    }
}
