//! What the guests of a site may leave behind in a day. Anybody can invent guests, so all of them share one budget,
//! which is counted in the store; people with a token, and the host's backend, are not counted.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use protocol::ids::AccountId;
use protocol::{DAY, Millis};
use store::{GuestUse, SiteId, Store};

use crate::clock::Clock;
use crate::http::Refusal;

/// How long what was used may wait to be written: this much of a budget's use is forgotten by a crash.
const WRITE_AFTER: Duration = Duration::from_secs(1);
/// The longest wait that a client is asked for, in seconds; then it asks whether it is another day.
const LONGEST_WAIT: u64 = 60 * 60;
/// Accounts of guests that are remembered of each site, so that the store is not asked for them again.
const MAX_REMEMBERED: usize = 100_000;

/// The budgets of all sites; cheap to clone.
#[derive(Clone)]
pub struct GuestBudgets(Arc<Inner>);

struct Inner {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    most: GuestUse,
    sites: Mutex<HashMap<SiteId, Today>>,
    hasher: RandomState,
    is_writing: AtomicBool,
}

/// What one site's guests used today.
struct Today {
    /// Days since 1970, in UTC.
    day: i64,
    used: GuestUse,
    /// Whether the store has `used`.
    is_written: bool,
    /// Accounts that the store has.
    known: HashSet<u64>,
}

impl GuestBudgets {
    /// Budgets of `most` a day for each site.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>, most: GuestUse) -> Self {
        let (sites, hasher, is_writing) = Default::default();
        Self(Arc::new(Inner { store, clock, most, sites, hasher, is_writing }))
    }

    /// Spends what guests are about to use.
    ///
    /// # Errors
    /// `GuestBudget` when today's rest is less than that; nothing is spent then. When the store does not answer.
    pub async fn spend(&self, site: SiteId, used: GuestUse) -> Result<(), Refusal> {
        self.begin_day(site).await?;
        let mut sites = self.sites();
        let Some(today) = sites.get_mut(&site) else { return Ok(()) };
        let sum = today.used + used;
        if !sum.fits(self.0.most) {
            return Err(Refusal::GuestBudget(self.wait()));
        }
        (today.used, today.is_written) = (sum, false);
        drop(sites);
        self.write_soon();
        Ok(())
    }

    /// Gives back what was spent on something that was not kept, or was there before: it is sent again.
    pub fn give_back(&self, site: SiteId, used: GuestUse) {
        if let Some(today) = self.sites().get_mut(&site) {
            (today.used, today.is_written) = (today.used - used, false);
        }
        self.write_soon();
    }

    /// Spends what is about to be written about a guest's account, which is one more account when the store has none.
    ///
    /// # Errors
    /// As [`Self::spend`].
    pub async fn spend_for(&self, site: SiteId, account: &AccountId, used: GuestUse) -> Result<(), Refusal> {
        self.begin_day(site).await?;
        let hash = self.0.hasher.hash_one(account.as_str());
        let is_known = self.sites().get(&site).is_some_and(|today| today.known.contains(&hash));
        let is_new = !is_known && self.0.store.account(site, account).await?.seen.is_none();
        self.spend(site, GuestUse { accounts: is_new.into(), ..used }).await?;
        if !is_known && let Some(today) = self.sites().get_mut(&site) {
            if today.known.len() >= MAX_REMEMBERED {
                today.known.clear();
            }
            today.known.insert(hash);
        }
        Ok(())
    }

    /// Writes down what was used.
    ///
    /// # Errors
    /// When the store does not answer; what is not written is written the next time.
    pub async fn write(&self) -> Result<(), Refusal> {
        let unwritten: Vec<(SiteId, i64, GuestUse)> = self
            .sites()
            .iter_mut()
            .filter(|(_, today)| !today.is_written)
            .map(|(site, today)| {
                today.is_written = true;
                (*site, today.day, today.used)
            })
            .collect();
        let mut written = Ok(());
        for (site, day, used) in unwritten {
            if let Err(error) = self.0.store.set_guest_use(site, day, used).await {
                if let Some(today) = self.sites().get_mut(&site) {
                    today.is_written = false;
                }
                written = Err(error.into());
            }
        }
        written
    }

    /// Returns the largest share of each part of today's budget that the guests of one site have used.
    pub(crate) fn fullest(&self) -> [(&'static str, f64); 6] {
        let day = self.day();
        let today = self.sites();
        let most = self.0.most.parts();
        most.map(|(part, most)| {
            let used = today.values().filter(|today| today.day == day).flat_map(|today| today.used.parts());
            let used = used.filter(|(name, _)| *name == part).map(|(_, used)| used).max().unwrap_or_default();
            (part, used as f64 / most.max(1) as f64)
        })
    }

    /// Writes what is used within a second, once.
    fn write_soon(&self) {
        if self.0.is_writing.swap(true, Ordering::Relaxed) {
            return;
        }
        let this = self.clone();
        tokio::spawn(async move {
            tokio::time::sleep(WRITE_AFTER).await;
            this.0.is_writing.store(false, Ordering::Relaxed);
            if let Err(error) = this.write().await {
                tracing::warn!(?error, "what guests used was not written; the next time writes it");
            }
        });
    }

    /// Reads what was used today, when it is not known yet.
    async fn begin_day(&self, site: SiteId) -> Result<(), Refusal> {
        let day = self.day();
        if self.sites().get(&site).is_some_and(|today| today.day == day) {
            return Ok(());
        }
        let used = self.0.store.guest_use(site, day).await?;
        let mut sites = self.sites();
        if sites.get(&site).is_none_or(|today| today.day != day) {
            let today = Today { day, used, is_written: true, known: HashSet::new() };
            sites.insert(site, today);
        }
        Ok(())
    }

    fn day(&self) -> i64 {
        self.0.clock.now().div_euclid(DAY)
    }

    /// Seconds until tomorrow, or until asking again is worth it.
    fn wait(&self) -> u64 {
        let left: Millis = DAY - self.0.clock.now().rem_euclid(DAY);
        (left.unsigned_abs() / 1000 + 1).min(LONGEST_WAIT)
    }

    fn sites(&self) -> MutexGuard<'_, HashMap<SiteId, Today>> {
        self.0.sites.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
