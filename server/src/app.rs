//! What lives as long as the collector and is shared by its requests: the store, the clock, what sites have
//! published, who is connected, and the limits. Nothing here knows a handler, so that every room may know this one.
//! Reasons: `docs/decisions/0013-collector.md`.

mod connections;
pub mod guests;
pub mod hub;
pub mod integration;
pub mod limits;
pub mod login_throttle;
pub mod metrics;
mod password_checks;
pub mod person_limits;
pub mod security;
pub mod shares;
pub mod sites;
mod upload_locks;
mod uploads;

use std::num::NonZeroU32;
use std::ops::Deref;
use std::sync::Arc;

use governor::{DefaultDirectRateLimiter, Quota};
use guests::GuestBudgets;
use integration::Integration;
use store::Store;
use tokio::sync::watch;

pub use connections::Connections;
use limits::{Intake, Knocks, RequestBudget};
use metrics::Metrics;
pub use password_checks::PasswordChecks;
use security::Security;
use sites::Sites;
pub use uploads::Uploads;

use crate::clock::Clock;
use crate::config::Config;
use crate::published::{Flows, SupportConfigs};
use crate::updates::Updates;

/// Rejected bodies whose start is written down, per second.
const REJECTED_PER_SECOND: NonZeroU32 = NonZeroU32::MIN.saturating_add(9);

/// The collector's parts; cheap to clone.
#[derive(Clone)]
pub struct App(Arc<AppInner>);

/// The parts of an [`App`]. Each owns what it needs; nothing here forwards to them.
pub struct AppInner {
    /// The journal and its projections.
    pub store: Arc<dyn Store>,
    /// The one clock.
    pub clock: Arc<dyn Clock>,
    /// What the operator chose.
    pub config: Config,
    /// The products that embed the widget.
    pub sites: Sites,
    /// How far embedding it is.
    pub integration: Integration,
    /// The flows that they have published.
    pub flows: Flows,
    /// When their customer success answers.
    pub support: SupportConfigs,
    /// News of what was projected.
    pub updates: Arc<Updates>,
    /// What happens to access.
    pub security: Security,
    /// Conversations: connections, limits, presence.
    pub chat: Connections,
    pub(crate) uploads: Uploads,
    /// What guests may leave behind.
    pub guests: GuestBudgets,
    pub(crate) metrics: Metrics,
    pub(crate) intake: Intake,
    pub(crate) budget: RequestBudget,
    pub(crate) knocks: Knocks,
    pub(crate) passwords: PasswordChecks,
    stop: watch::Sender<bool>,
    /// Why a file is not known to be on disk.
    unsynced: watch::Sender<Option<String>>,
    rejected: DefaultDirectRateLimiter,
}

impl App {
    /// Puts the parts together.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>, config: Config) -> Self {
        Self(Arc::new(AppInner {
            sites: Sites::new(Arc::clone(&store), Arc::clone(&clock)),
            integration: Integration::new(Arc::clone(&store), Arc::clone(&clock)),
            flows: Flows::new(Arc::clone(&store)),
            support: SupportConfigs::new(Arc::clone(&store), Arc::clone(&clock)),
            updates: Arc::new(Updates::new(Arc::clone(&store))),
            security: Security::new(Arc::clone(&store), Arc::clone(&clock)),
            chat: Connections::new(config.limits.handshakes_per_address),
            uploads: Uploads::default(),
            guests: GuestBudgets::new(Arc::clone(&store), Arc::clone(&clock), config.limits.guests),
            metrics: Metrics::default(),
            intake: Intake::new(config.limits.open_requests),
            budget: RequestBudget::new(config.limits.requests_per_second),
            knocks: Knocks::default(),
            passwords: PasswordChecks::default(),
            stop: watch::Sender::new(false),
            unsynced: watch::Sender::new(None),
            rejected: DefaultDirectRateLimiter::direct(Quota::per_second(REJECTED_PER_SECOND)),
            store,
            clock,
            config,
        }))
    }
}

impl AppInner {
    /// Tells every open connection that the collector stops.
    pub fn stop(&self) {
        self.stop.send_replace(true);
    }

    /// Whether [`Self::stop`] was called.
    pub(crate) fn is_stopping(&self) -> bool {
        *self.stop.borrow()
    }

    /// Waits until [`Self::stop`] is called.
    pub(crate) async fn stopped(&self) {
        // The sender lives as long as this, so waiting cannot fail.
        let _ = self.stop.subscribe().wait_for(|stopping| *stopping).await;
    }

    /// Notes that a file was not synced: the collector ends.
    pub(crate) fn lose_disk(&self, why: String) {
        self.unsynced.send_replace(Some(why));
    }

    /// Waits until the disk can no longer be trusted, since it failed to sync; returns the reason.
    pub(crate) async fn disk_lost(&self) -> String {
        let mut unsynced = self.unsynced.subscribe();
        tokio::select! {
            why = self.store.broken() => why,
            why = unsynced.wait_for(Option::is_some) => why.ok().and_then(|why| why.clone()).unwrap_or_default(),
        }
    }

    /// Whether one more rejected body may be written down in this second.
    pub(crate) fn allow_rejected_body(&self) -> bool {
        self.rejected.check().is_ok()
    }
}

impl Deref for App {
    type Target = AppInner;

    fn deref(&self) -> &AppInner {
        &self.0
    }
}
