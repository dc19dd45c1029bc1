//! The turn to write: SQLite has one writer at a time, and waiting here is fairer than its polling.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Who writes next: the journal's writer, whose callers wait for an answer, or the projector.
#[derive(Clone, Default)]
pub(crate) struct WriteTurn(Arc<Turn>);

#[derive(Default)]
struct Turn {
    lock: Mutex<()>,
    wanted: AtomicBool,
}

impl WriteTurn {
    /// For the journal's writer.
    pub(crate) fn first(&self) -> MutexGuard<'_, ()> {
        self.0.wanted.store(true, Ordering::Relaxed);
        let turn = self.second();
        self.0.wanted.store(false, Ordering::Relaxed);
        turn
    }

    /// For the projector, which must ask [`Self::is_wanted`] and make room.
    pub(crate) fn second(&self) -> MutexGuard<'_, ()> {
        self.0.lock.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the journal's writer waits.
    pub(crate) fn is_wanted(&self) -> bool {
        self.0.wanted.load(Ordering::Relaxed)
    }
}
