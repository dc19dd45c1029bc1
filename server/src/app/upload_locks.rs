//! One writer for each file that is uploaded.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use protocol::ids::EventId;
use store::SiteId;

/// Files of which a chunk is written now.
#[derive(Default)]
pub struct UploadLocks(Mutex<HashSet<(SiteId, EventId)>>);

/// The right to write a file; dropped, the next writer may have it.
pub struct UploadGuard<'a>(&'a UploadLocks, (SiteId, EventId));

impl UploadLocks {
    /// Locks a file; none while another request writes it.
    pub fn try_lock(&self, site: SiteId, id: EventId) -> Option<UploadGuard<'_>> {
        let is_free = self.0.lock().unwrap_or_else(PoisonError::into_inner).insert((site, id));
        is_free.then(|| UploadGuard(self, (site, id)))
    }
}

impl Drop for UploadGuard<'_> {
    fn drop(&mut self) {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.1);
    }
}
