//! What limits requests before they cost anything: a place to be read in, and each site's own budgets. Of every place
//! the client's own share is counted first, so one client leaves places for the others.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use governor::{DefaultKeyedRateLimiter, Quota};
use store::SiteId;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::shares::{Share, Shares};
use crate::http::{Bottleneck, Client, Refusal};

/// One client may have this part of the places for pages.
const PART_OF_CLIENT: usize = 8;
/// The guests of one site may have this part of the places for pages.
const PART_OF_GUESTS: usize = 4;

/// How many requests may be read at the same time; the rest is turned away before its body. Host backends have places
/// of their own, which strangers cannot fill.
pub struct Intake {
    pages: Arc<Semaphore>,
    backends: Arc<Semaphore>,
    clients: Shares<Client>,
    guests: Shares<SiteId>,
}

/// A place of a page's request.
pub struct Place {
    _own: Share<Client>,
    _shared: OwnedSemaphorePermit,
}

impl Intake {
    /// Room for so many requests of pages, and for as many of backends.
    pub fn new(open_requests: usize) -> Self {
        let part = |part: usize| open_requests.div_ceil(part);
        Self {
            pages: Arc::new(Semaphore::new(open_requests)),
            backends: Arc::new(Semaphore::new(open_requests)),
            clients: Shares::new(part(PART_OF_CLIENT), usize::MAX),
            guests: Shares::new(part(PART_OF_GUESTS), usize::MAX),
        }
    }

    /// Takes a place for a request of a page.
    ///
    /// # Errors
    /// `Busy` at once when this client has its share of them, or all are taken.
    pub fn enter(&self, client: Client) -> Result<Place, Refusal> {
        let own = self.clients.take(client).ok_or(Refusal::Busy(Bottleneck::Client))?;
        Ok(Place { _own: own, _shared: taken(&self.pages)? })
    }

    /// Takes a place for a request of a backend whose key is known.
    ///
    /// # Errors
    /// `Busy` at once when all are taken.
    pub fn enter_backend(&self) -> Result<OwnedSemaphorePermit, Refusal> {
        taken(&self.backends)
    }

    /// Takes one of the places that the guests of a site may have of those that wait for the disk.
    ///
    /// # Errors
    /// `Busy` at once when they have them all.
    pub fn enter_guest(&self, site: SiteId) -> Result<Share<SiteId>, Refusal> {
        self.guests.take(site).ok_or(Refusal::Busy(Bottleneck::Guests))
    }
}

fn taken(places: &Arc<Semaphore>) -> Result<OwnedSemaphorePermit, Refusal> {
    Arc::clone(places).try_acquire_owned().map_err(|_| Refusal::Busy(Bottleneck::Requests))
}

/// Tries of one client to sign in, per second over a longer time.
const KNOCKS_PER_SECOND: NonZeroU32 = NonZeroU32::MIN;
/// Tries of one client at once.
const KNOCKS_AT_ONCE: NonZeroU32 = NonZeroU32::MIN.saturating_add(29);
/// Tries between two times that quiet clients are forgotten.
const FORGET_EVERY: u64 = 4096;

/// Tries to sign in, or to use a link, of each client.
pub struct Knocks {
    rate: DefaultKeyedRateLimiter<Client>,
    counted: AtomicU64,
}

impl Default for Knocks {
    fn default() -> Self {
        let quota = Quota::per_second(KNOCKS_PER_SECOND).allow_burst(KNOCKS_AT_ONCE);
        Self { rate: DefaultKeyedRateLimiter::keyed(quota), counted: AtomicU64::new(0) }
    }
}

impl Knocks {
    /// Spends a try of a client.
    ///
    /// # Errors
    /// `TooManyTries`.
    pub fn spend(&self, client: Client) -> Result<(), Refusal> {
        if self.counted.fetch_add(1, Ordering::Relaxed) % FORGET_EVERY == FORGET_EVERY - 1 {
            self.rate.retain_recent();
        }
        self.rate.check_key(&client).map_err(|_| Refusal::TooManyTries(1))
    }
}

/// Whose requests share one rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Caller {
    /// Pages that open a socket before anybody says hello, and addresses that were made up.
    Page,
    /// People without a token, and those whose token is refused.
    Guest,
    /// People with a token.
    Verified,
    /// The host's backend.
    Backend,
    /// Bearers of signed addresses.
    Bearer,
}

/// Requests per second of each site and kind of caller, so that a flood of one is not noticed by the others.
pub struct RequestBudget(DefaultKeyedRateLimiter<(SiteId, Caller)>);

impl RequestBudget {
    /// So many requests per second for each, with as many again in a burst.
    pub fn new(per_second: NonZeroU32) -> Self {
        Self(DefaultKeyedRateLimiter::keyed(Quota::per_second(per_second)))
    }

    /// Spends one request of a site.
    ///
    /// # Errors
    /// `TooFast` with the seconds to wait.
    pub fn spend(&self, site: SiteId, caller: Caller) -> Result<(), Refusal> {
        self.0.check_key(&(site, caller)).map_err(|_| Refusal::TooFast(1))
    }
}
