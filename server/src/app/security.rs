//! Notes what happens to access, for administrators to read in the console.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use governor::{DefaultDirectRateLimiter, Quota};
use protocol::console::SecurityKind;
use protocol::{DAY, Millis};
use store::{SecurityEvent, SiteId, Store};

use crate::clock::Clock;

/// How long events are kept, in milliseconds: a year, and a month to read it in.
pub const EVENTS_KEPT: Millis = 400 * DAY;
/// How long a browser is known without a sign-in, in milliseconds.
pub const BROWSERS_KEPT: Millis = 180 * DAY;
/// Pages of an export, and exports that a backend repeats, are noted this often, in milliseconds.
const EXPORTS_EVERY: Millis = 60 * 60 * 1000;
/// What strangers can cause is written this often per minute; the next entry says how often it happened meanwhile.
const FAILURES_PER_MINUTE: NonZeroU32 = NonZeroU32::MIN.saturating_add(19);

/// Writes the security log.
pub struct Security {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    failures: DefaultDirectRateLimiter,
    unwritten: AtomicU64,
    /// When each site's backend exported something last, as noted.
    exports: Mutex<HashMap<SiteId, Millis>>,
}

impl Security {
    /// Notes into `store`.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>) -> Self {
        let failures = DefaultDirectRateLimiter::direct(Quota::per_minute(FAILURES_PER_MINUTE));
        Self { store, clock, failures, unwritten: AtomicU64::new(0), exports: Mutex::default() }
    }

    /// Notes what an operator or a backend did.
    pub async fn note(&self, kind: SecurityKind, by: &str, site: Option<SiteId>, about: &str) {
        self.write(kind, by, site, about, 1).await;
    }

    /// Notes what did not succeed. Anybody can cause that, so a flood is a few entries with a count.
    pub async fn note_failure(&self, kind: SecurityKind, by: &str, site: Option<SiteId>, about: &str) {
        if self.failures.check().is_err() {
            self.unwritten.fetch_add(1, Ordering::Relaxed);
            return;
        }
        let count = 1 + self.unwritten.swap(0, Ordering::Relaxed);
        self.write(kind, by, site, about, count).await;
    }

    /// Notes that a site's backend exported something. An export is many pages, so those of an hour are one entry.
    pub async fn note_export(&self, site: SiteId) {
        if self.is_due(site) && !self.write(SecurityKind::Exported, "backend", Some(site), "", 1).await {
            self.exports().remove(&site);
        }
    }

    /// Whether an export of a site's backend is to be noted, which counts as done then.
    fn is_due(&self, site: SiteId) -> bool {
        let now = self.clock.now();
        let mut exports = self.exports();
        let noted = exports.get(&site).copied();
        let is_due = noted.is_none_or(|noted| !(0..EXPORTS_EVERY).contains(&(now - noted)));
        if is_due {
            exports.insert(site, now);
        }
        is_due
    }

    fn exports(&self) -> MutexGuard<'_, HashMap<SiteId, Millis>> {
        self.exports.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns whether it was written. What happened has happened; it is not undone because it could not be noted.
    async fn write(
        &self,
        kind: SecurityKind,
        by: &str,
        site: Option<SiteId>,
        about: &str,
        count: u64,
    ) -> bool {
        let (by, about, at) = (by.to_owned(), about.to_owned(), self.clock.now());
        let event = SecurityEvent { at, kind, by, site, about, count };
        let written = self.store.add_security_event(event).await;
        if let Err(error) = &written {
            tracing::error!(%error, ?kind, "the security log was not written");
        }
        written.is_ok()
    }
}
