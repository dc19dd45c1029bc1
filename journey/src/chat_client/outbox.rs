//! What was written and is not acknowledged. Every message is stored before it is sent, one record each, so that
//! no tab overwrites another's.

use protocol::chat::LogEntryBody;
use protocol::ids::{ConversationId, EventId};
use protocol::{Millis, SortedMap};

/// Milliseconds after which a message is sent only when the person asks for it again.
const HELD_AFTER: Millis = 15 * 60 * 1000;

/// Where a message goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Destination {
    /// A conversation that the collector knows.
    Conversation(ConversationId),
    /// The conversation that this key begins.
    Key(EventId),
}

/// A message or a callback request on its way.
#[derive(Clone, Debug, PartialEq)]
pub struct Outgoing {
    /// Its id, made when it was written; ids sort by time.
    pub id: EventId,
    /// A message or a callback request.
    pub body: LogEntryBody,
    /// The key of the conversation that it begins when there is none.
    pub key: EventId,
    /// When it was written, or tried again.
    pub at: Millis,
    /// Where it was sent: the same id must not be sent elsewhere.
    pub to: Option<Destination>,
    /// Why the collector did not accept it.
    pub failed: Option<String>,
    /// The collector has it; it is shown until it comes back as an entry.
    pub acked: bool,
}

impl Outgoing {
    fn is_held(&self, now: Millis) -> bool {
        !self.acked && (self.failed.is_some() || now - self.at >= HELD_AFTER)
    }
}

/// Storage that all tabs of a person share.
pub trait OutboxStorage {
    /// Everything stored for this person; none where storage is refused.
    fn load(&self) -> Option<Vec<Outgoing>>;
    /// Stores a message; returns whether it is stored.
    fn put(&self, message: &Outgoing) -> bool;
    /// Deletes a message.
    fn delete(&self, id: EventId);
}

/// The outbox of one person in one tab.
pub struct Outbox {
    storage: Box<dyn OutboxStorage>,
    /// With whether it is stored: what is not is kept until the page goes.
    messages: SortedMap<EventId, (Outgoing, bool)>,
}

impl Outbox {
    pub(super) fn new(storage: Box<dyn OutboxStorage>) -> Self {
        let mut outbox = Self { storage, messages: SortedMap::default() };
        outbox.reload();
        outbox
    }

    /// Reads what other tabs changed.
    pub fn reload(&mut self) {
        let Some(stored) = self.storage.load() else { return };
        let before = std::mem::take(&mut self.messages);
        for message in stored {
            self.messages.insert(message.id, (message, true));
        }
        for (id, (message, stored)) in before.iter() {
            if message.acked || !stored {
                self.messages.insert(*id, (message.clone(), *stored));
            }
        }
    }

    /// Everything, in the order in which it was written.
    pub fn all(&self) -> impl Iterator<Item = &Outgoing> {
        self.messages.values().map(|(message, _)| message)
    }

    /// Stores a message for sending.
    pub fn add(&mut self, id: EventId, body: LogEntryBody, key: EventId, now: Millis) {
        self.write(Outgoing { id, body, key, at: now, to: None, failed: None, acked: false });
    }

    fn write(&mut self, message: Outgoing) {
        let stored = self.storage.put(&message);
        self.messages.insert(message.id, (message, stored));
    }

    fn change(&mut self, id: EventId, change: impl FnOnce(&mut Outgoing)) {
        if let Some((message, _)) = self.messages.get(&id) {
            let mut message = message.clone();
            change(&mut message);
            self.write(message);
        }
    }

    /// Fixes where a message goes.
    pub(super) fn aim(&mut self, id: EventId, to: Destination) {
        if self.messages.get(&id).is_some_and(|(message, _)| message.to.is_none()) {
            self.change(id, |message| message.to = Some(to));
        }
    }

    /// The collector has a message.
    pub(super) fn acknowledge(&mut self, id: EventId) {
        self.storage.delete(id);
        if let Some((message, stored)) = self.messages.get_mut(&id) {
            message.acked = true;
            *stored = true;
        }
    }

    /// A message came back as an entry, or the person deletes it.
    pub fn remove(&mut self, id: EventId) {
        if self.messages.remove(&id).is_some() {
            self.storage.delete(id);
        }
    }

    /// The collector did not accept a message.
    pub(super) fn fail(&mut self, id: EventId, code: &str) {
        self.change(id, |message| message.failed = Some(code.to_owned()));
    }

    /// Tries everything again that failed or waited too long.
    pub fn retry(&mut self, now: Millis) {
        let waiting: Vec<EventId> = self.all().filter(|one| !one.acked).map(|one| one.id).collect();
        for id in waiting {
            self.change(id, |message| {
                // A conversation that is gone takes no message: the next try finds another.
                if message.failed.take().as_deref() == Some("not_found") {
                    message.to = None;
                }
                message.at = now;
            });
        }
    }

    /// What is sent next.
    pub(super) fn next(&self, now: Millis) -> Option<&Outgoing> {
        self.all().find(|message| !message.acked && !message.is_held(now))
    }

    /// What waits for the person's decision.
    pub fn held(&self, now: Millis) -> Vec<EventId> {
        self.all().filter(|message| message.is_held(now)).map(|message| message.id).collect()
    }
}
