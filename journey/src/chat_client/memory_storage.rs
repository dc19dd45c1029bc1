//! A device's storage in memory, for the client's tests and models.

use std::cell::RefCell;
use std::rc::Rc;

use protocol::ids::EventId;

use super::outbox::{OutboxStorage, Outgoing};

/// Messages in memory. Clones share them, as tabs share their device's storage.
#[derive(Clone, Default)]
pub struct MemoryStorage(Rc<RefCell<Vec<Outgoing>>>);

impl OutboxStorage for MemoryStorage {
    fn load(&self) -> Option<Vec<Outgoing>> {
        Some(self.0.borrow().clone())
    }

    fn put(&self, message: &Outgoing) -> bool {
        self.delete(message.id);
        self.0.borrow_mut().push(message.clone());
        true
    }

    fn delete(&self, id: EventId) {
        self.0.borrow_mut().retain(|one| one.id != id);
    }
}
