//! The one connection that writes, behind a lock with two priorities. SQLite has one writer at a time, and
//! waiting here is fairer than its polling. A connection forgets its cached pages whenever another one writes, so
//! there is only one (docs/decisions/0005-intake.md).

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;

/// The lock: high priority for the journal's writer, whose callers wait for an answer, low for the projector.
#[derive(Clone)]
pub(crate) struct PriorityWriteLock(Arc<Shared>);

struct Shared {
    connection: Mutex<Connection>,
    high_waits: AtomicBool,
}

impl PriorityWriteLock {
    pub(crate) fn new(connection: Connection) -> Self {
        Self(Arc::new(Shared { connection: Mutex::new(connection), high_waits: AtomicBool::new(false) }))
    }

    /// Locks it for the journal's writer.
    pub(crate) fn high(&self) -> MutexGuard<'_, Connection> {
        self.0.high_waits.store(true, Ordering::Relaxed);
        let guard = self.low();
        self.0.high_waits.store(false, Ordering::Relaxed);
        guard
    }

    /// Locks it for the projector, which asks [`Self::high_waits`] and makes room.
    pub(crate) fn low(&self) -> MutexGuard<'_, Connection> {
        // A panic has rolled its transaction back.
        self.0.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the journal's writer waits.
    pub(crate) fn high_waits(&self) -> bool {
        self.0.high_waits.load(Ordering::Relaxed)
    }
}
