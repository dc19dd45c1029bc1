//! Live reports that follow their site.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use store::SiteId;
use tokio::sync::watch;

/// How many records had been projected when a site moved last, for each site that a live report listens to.
#[derive(Default)]
pub struct Sites(Mutex<HashMap<SiteId, watch::Sender<i64>>>);

impl Sites {
    /// Begins to listen to a site.
    pub fn subscribe(&self, site: SiteId) -> watch::Receiver<i64> {
        self.lock().entry(site).or_default().subscribe()
    }

    /// Something of a site was projected, which makes so many records.
    pub fn moved(&self, site: SiteId, projected: i64) {
        if let Some(sender) = self.lock().get(&site) {
            sender.send_replace(projected);
        }
    }

    /// Something may have been projected of every site.
    pub fn moved_all(&self) {
        self.lock().values().for_each(|sender| sender.send_modify(|_| {}));
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<SiteId, watch::Sender<i64>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
