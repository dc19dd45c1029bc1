//! What was written and is not acknowledged. Every message is stored before it is sent, one record each, so that
//! no tab overwrites another's.

use protocol::Millis;
use protocol::chat::LogEntryBody;
use protocol::ids::{ConversationId, EventId};

/// Milliseconds after which a message is sent only when the person asks for it again.
const HELD_AFTER: Millis = 15 * 60 * 1000;

/// Why a message waits that the collector had, and may have lost.
pub(super) const MISSING: &str = "missing";

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

/// A message, with whether it is stored: what is not is kept until the page goes.
struct Kept {
    message: Outgoing,
    stored: bool,
}

/// The outbox of one person in one tab.
pub struct Outbox {
    storage: Box<dyn OutboxStorage>,
    /// In the order in which they were written.
    messages: Vec<Kept>,
}

impl Outbox {
    pub(super) fn new(storage: Box<dyn OutboxStorage>) -> Self {
        let mut outbox = Self { storage, messages: Vec::new() };
        outbox.reload();
        outbox
    }

    /// Reads what other tabs changed.
    pub fn reload(&mut self) {
        let Some(stored) = self.storage.load() else { return };
        let before = std::mem::take(&mut self.messages);
        for message in stored {
            self.keep(message, true);
        }
        for Kept { message, stored } in before {
            if message.acked || !stored {
                self.keep(message, stored);
            }
        }
    }

    /// Everything, in the order in which it was written.
    pub fn all(&self) -> impl Iterator<Item = &Outgoing> {
        self.messages.iter().map(|kept| &kept.message)
    }

    fn find(&mut self, id: EventId) -> Option<&mut Kept> {
        self.messages.iter_mut().find(|kept| kept.message.id == id)
    }

    /// Puts a message into its place, instead of the one of the same id.
    fn keep(&mut self, message: Outgoing, stored: bool) {
        let id = message.id;
        let place = self.messages.iter().position(|kept| kept.message.id >= id);
        let place = place.unwrap_or(self.messages.len());
        match self.messages.get_mut(place) {
            Some(kept) if kept.message.id == id => *kept = Kept { message, stored },
            _ => self.messages.insert(place, Kept { message, stored }),
        }
    }

    /// Stores a message for sending.
    pub fn add(&mut self, id: EventId, body: LogEntryBody, key: EventId, now: Millis) {
        let message = Outgoing { id, body, key, at: now, to: None, failed: None, acked: false };
        let stored = self.storage.put(&message);
        self.keep(message, stored);
    }

    /// Stores a message as `change` leaves it.
    fn change(&mut self, id: EventId, change: &dyn Fn(&mut Outgoing)) {
        if let Some(kept) = self.messages.iter_mut().find(|kept| kept.message.id == id) {
            change(&mut kept.message);
            kept.stored = self.storage.put(&kept.message);
        }
    }

    /// Fixes where a message goes.
    pub(super) fn aim(&mut self, id: EventId, to: Destination) {
        if self.find(id).is_some_and(|kept| kept.message.to.is_none()) {
            self.change(id, &|message| message.to = Some(to));
        }
    }

    /// The collector has a message.
    pub(super) fn acknowledge(&mut self, id: EventId) {
        self.storage.delete(id);
        if let Some(kept) = self.find(id) {
            kept.message.acked = true;
            kept.stored = true;
        }
    }

    /// The collector may have lost what it acknowledged.
    pub(super) fn doubt(&mut self) {
        for kept in &mut self.messages {
            if std::mem::take(&mut kept.message.acked) {
                kept.message.failed = Some(MISSING.to_owned());
                kept.stored = self.storage.put(&kept.message);
            }
        }
    }

    /// A message came back as an entry, or the person deletes it.
    pub fn remove(&mut self, id: EventId) {
        if let Some(place) = self.messages.iter().position(|kept| kept.message.id == id) {
            self.messages.remove(place);
            self.storage.delete(id);
        }
    }

    /// The collector did not accept a message.
    pub(super) fn fail(&mut self, id: EventId, code: &str) {
        self.change(id, &|message| message.failed = Some(code.to_owned()));
    }

    /// Tries everything again that failed or waited too long.
    pub fn retry(&mut self, now: Millis) {
        for kept in &mut self.messages {
            let message = &mut kept.message;
            if !message.acked {
                // A conversation that is gone takes no message: the next try finds another.
                if message.failed.take().as_deref() == Some("not_found") {
                    message.to = None;
                }
                message.at = now;
                kept.stored = self.storage.put(message);
            }
        }
    }

    /// What is sent next.
    pub(super) fn next(&self, now: Millis) -> Option<&Outgoing> {
        self.all().find(|message| !message.acked && !message.is_held(now))
    }

    /// What waits for the person's decision.
    pub fn held(&self, now: Millis) -> Vec<EventId> {
        let mut held = Vec::new();
        for message in self.all() {
            if message.is_held(now) {
                held.push(message.id);
            }
        }
        held
    }
}
