//! What limits requests before they cost anything: a place to be read in, and each site's own budget.

use std::num::NonZeroU32;
use std::sync::Arc;

use governor::{DefaultKeyedRateLimiter, Quota};
use store::SiteId;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::http::{Bottleneck, Refusal};

/// How many requests may be read at the same time; the rest is turned away before its body.
pub struct Intake(Arc<Semaphore>);

impl Intake {
    /// Room for so many requests.
    pub fn new(open_requests: usize) -> Self {
        Self(Arc::new(Semaphore::new(open_requests)))
    }

    /// Takes one place, which is free again when the permit is dropped.
    ///
    /// # Errors
    /// `Busy` at once when all are taken.
    pub fn enter(&self) -> Result<OwnedSemaphorePermit, Refusal> {
        Arc::clone(&self.0).try_acquire_owned().map_err(|_| Refusal::Busy(Bottleneck::Requests))
    }
}

/// Requests per second of each site, so that a flood of one is not noticed by the others.
pub struct RequestBudget(DefaultKeyedRateLimiter<SiteId>);

impl RequestBudget {
    /// So many requests per second for each site, with as many again in a burst.
    pub fn new(per_second: NonZeroU32) -> Self {
        Self(DefaultKeyedRateLimiter::keyed(Quota::per_second(per_second)))
    }

    /// Spends one request of a site.
    ///
    /// # Errors
    /// `TooFast` with the seconds to wait.
    pub fn spend(&self, site: SiteId) -> Result<(), Refusal> {
        self.0.check_key(&site).map_err(|_| Refusal::TooFast(1))
    }
}
