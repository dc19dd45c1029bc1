//! The one connection that writes, and whose turn it is. SQLite has one writer at a time; waiting here is
//! fairer than its polling. A connection forgets the pages that it knows whenever another one writes:
//! that is why there is only one.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;

/// Who writes next: the journal's writer, whose callers wait for an answer, or the projector.
#[derive(Clone)]
pub(crate) struct WriteTurn(Arc<Turn>);

struct Turn {
    connection: Mutex<Connection>,
    wanted: AtomicBool,
}

impl WriteTurn {
    pub(crate) fn new(connection: Connection) -> Self {
        Self(Arc::new(Turn { connection: Mutex::new(connection), wanted: AtomicBool::new(false) }))
    }

    /// For the journal's writer.
    pub(crate) fn first(&self) -> MutexGuard<'_, Connection> {
        self.0.wanted.store(true, Ordering::Relaxed);
        let turn = self.second();
        self.0.wanted.store(false, Ordering::Relaxed);
        turn
    }

    /// For the projector, which must ask [`Self::is_wanted`] and make room.
    pub(crate) fn second(&self) -> MutexGuard<'_, Connection> {
        // A panic has rolled its transaction back.
        self.0.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the journal's writer waits.
    pub(crate) fn is_wanted(&self) -> bool {
        self.0.wanted.load(Ordering::Relaxed)
    }
}
