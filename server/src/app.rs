//! What every handler can reach.

use std::num::NonZeroU32;
use std::ops::Deref;
use std::sync::Arc;

use governor::{DefaultDirectRateLimiter, DefaultKeyedRateLimiter, Quota};
use protocol::files::Flow;
use store::{SiteId, Store};
use tokio::sync::{Semaphore, watch};

use crate::chat::Chat;
use crate::clock::Clock;
use crate::config::Config;
use crate::desk::Desks;
use crate::http::Refusal;
use crate::sites::Sites;

/// The collector's parts; cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// See [`App`].
pub struct Parts {
    /// The journal and its projections.
    pub store: Arc<dyn Store>,
    /// The one clock.
    pub clock: Arc<dyn Clock>,
    /// Who embeds the widget.
    pub sites: Sites,
    /// What the operator chose.
    pub config: Config,
    /// Requests that may be read at the same time; the rest is turned away before its body.
    pub(crate) intake: Semaphore,
    /// Password checks at a time: each takes a core and 19 MiB.
    pub(crate) hashing: Semaphore,
    /// Wrong sign-ins by address.
    pub(crate) tries: crate::console::Tries,
    /// Who talks and listens.
    pub chat: Chat,
    /// When somebody answers.
    pub(crate) desks: Desks,
    stop: watch::Sender<bool>,
    rates: DefaultKeyedRateLimiter<SiteId>,
    refused: DefaultDirectRateLimiter,
}

/// Unreadable bodies whose start is kept, per second.
const REFUSED_PER_SECOND: NonZeroU32 = NonZeroU32::MIN.saturating_add(9);

impl App {
    /// Puts the parts together.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>, config: Config) -> Self {
        let quota = Quota::per_second(config.limits.requests_per_second);
        Self(Arc::new(Parts {
            sites: Sites::new(Arc::clone(&store), Arc::clone(&clock)),
            store,
            clock,
            intake: Semaphore::new(config.limits.open_requests),
            hashing: Semaphore::new(1),
            tries: Default::default(),
            chat: Chat::default(),
            desks: Desks::default(),
            stop: watch::Sender::new(false),
            refused: DefaultDirectRateLimiter::direct(Quota::per_second(REFUSED_PER_SECOND)),
            rates: DefaultKeyedRateLimiter::keyed(quota),
            config,
        }))
    }
}

impl Parts {
    /// Tells whoever is connected that the collector stops.
    pub fn stop(&self) {
        self.stop.send_replace(true);
    }

    /// Waits until the collector is told to stop.
    pub(crate) async fn stopped(&self) {
        // The sender is ours, so this cannot fail.
        let _ = self.stop.subscribe().wait_for(|stopping| *stopping).await;
    }

    /// Whether one more unreadable body may be written down in this second.
    pub(crate) fn may_keep_refused(&self) -> bool {
        self.refused.check().is_ok()
    }

    /// Lets the site's next request pass within its own rate; other sites do not notice.
    ///
    /// # Errors
    /// `TooFast` with the seconds to wait.
    pub fn within_rate(&self, site: SiteId) -> Result<(), Refusal> {
        self.rates.check_key(&site).map_err(|_| Refusal::TooFast(1))
    }

    /// The newest version of a site's flow; of whichever was published last when none is named.
    ///
    /// # Errors
    /// When the store does not answer.
    pub(crate) async fn newest_flow(
        &self,
        site: SiteId,
        name: Option<&str>,
    ) -> Result<Option<Flow>, Refusal> {
        let flows = self.store.flow_versions(site).await?;
        Ok(flows.into_iter().map(|row| row.flow).rfind(|flow| name.is_none_or(|name| flow.name == name)))
    }
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
