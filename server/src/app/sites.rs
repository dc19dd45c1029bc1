//! The sites of this collector by public key, by secret key and by origin, remembered until they change: no
//! request lists them or hashes a key for each.
//!
//! Sites are added and changed on the command line, by another process. The store's version of its sites is
//! therefore read once a second while there are requests, and for what is not found; the sites only when it moved.

use std::collections::{HashMap, HashSet};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use axum::http::{HeaderMap, header};
use governor::{DefaultDirectRateLimiter, Quota};
use protocol::Millis;
use protocol::ids::SiteKey;
use store::{Site, Store};

use crate::clock::Clock;
use crate::crypto;
use crate::http::{Refusal, origin};

/// How often the version is read, in milliseconds: what is changed on the command line counts this much later.
const CHECK_INTERVAL: Millis = 1_000;
/// How often per second it is read for what was not found: a fresh site works at once, and guessing costs little.
const CHECKS_FOR_MISSING: NonZeroU32 = NonZeroU32::MIN.saturating_add(49);

/// All sites, found by what requests name them by.
pub struct Sites {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    index: RwLock<Arc<Index>>,
    checked_at: AtomicI64,
    missing: DefaultDirectRateLimiter,
}

/// One reading of the store's sites.
struct Index {
    version: i64,
    all: Vec<Arc<Site>>,
    by_public_key: HashMap<SiteKey, Arc<Site>>,
    by_secret_hash: HashMap<[u8; 32], SecretKey>,
    origins: HashSet<String>,
}

/// A secret key that counts.
struct SecretKey {
    site: Arc<Site>,
    /// Until when, for one that was replaced.
    until: Option<Millis>,
}

impl Index {
    fn of(sites: Vec<Site>, version: i64) -> Self {
        let all: Vec<Arc<Site>> = sites.into_iter().map(Arc::new).collect();
        Self {
            version,
            by_public_key: all.iter().map(|site| (site.public_key.clone(), Arc::clone(site))).collect(),
            by_secret_hash: all.iter().flat_map(by_secret_hash).collect(),
            origins: all.iter().flat_map(|site| site.origins.iter().cloned()).collect(),
            all,
        }
    }

    /// The site of a secret key, if the key counts at this moment.
    fn of_secret(&self, hash: &[u8; 32], now: Millis) -> Option<Arc<Site>> {
        let SecretKey { site, until } = self.by_secret_hash.get(hash)?;
        until.is_none_or(|until| now < until).then(|| Arc::clone(site))
    }
}

/// A site's secret key, and the one that this replaced.
fn by_secret_hash(site: &Arc<Site>) -> impl Iterator<Item = ([u8; 32], SecretKey)> {
    let key = |until| SecretKey { site: Arc::clone(site), until };
    let previous = site.previous.secret_hash.map(|(hash, until)| (hash, key(Some(until))));
    previous.into_iter().chain([(site.secret_hash, key(None))])
}

impl Sites {
    /// The sites of `store`.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>) -> Self {
        let index = RwLock::new(Arc::new(Index::of(Vec::new(), i64::MIN)));
        let missing = DefaultDirectRateLimiter::direct(Quota::per_second(CHECKS_FOR_MISSING));
        Self { store, clock, index, checked_at: AtomicI64::new(Millis::MIN), missing }
    }

    /// Returns every site, oldest first.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn all(&self) -> Result<Vec<Arc<Site>>, Refusal> {
        Ok(self.current().await?.all.clone())
    }

    /// Whether any site lists this origin.
    pub async fn knows_origin(&self, origin: &str) -> bool {
        self.find(|index| index.origins.contains(origin).then_some(()))
            .await
            .is_ok_and(|found| found.is_some())
    }

    /// Returns the site of a public key that a page (or a test of one) sent. Whether the page may use it is for the
    /// caller to check.
    ///
    /// # Errors
    /// `SecretInBrowser` or `UnknownKey`.
    pub(crate) async fn of_page(&self, key: &SiteKey) -> Result<Arc<Site>, Refusal> {
        if key.as_str().starts_with("sk_") {
            return Err(Refusal::SecretInBrowser);
        }
        self.by_public_key(key).await?.ok_or(Refusal::UnknownKey)
    }

    /// Returns the site of a public key in an address; something else in the request says what it permits.
    ///
    /// # Errors
    /// `NotFound`.
    pub(crate) async fn of_address(&self, key: &SiteKey) -> Result<Arc<Site>, Refusal> {
        self.by_public_key(key).await?.ok_or(Refusal::NotFound)
    }

    /// Returns the site of the secret key in `Authorization: Bearer sk_…`, which browsers must not have.
    ///
    /// # Errors
    /// `SecretInBrowser` or `UnknownKey`.
    pub(crate) async fn of_backend(&self, headers: &HeaderMap) -> Result<Arc<Site>, Refusal> {
        let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let secret = given.and_then(|value| value.strip_prefix("Bearer ")).ok_or(Refusal::UnknownKey)?;
        if origin::from_browser(headers) {
            return Err(Refusal::SecretInBrowser);
        }
        // Found by its hash: how long that takes says nothing about any other key. One that no longer counts is looked
        // for as one that never was.
        let (hash, now) = (crypto::digest(secret), self.clock.now());
        self.find(|index| index.of_secret(&hash, now)).await?.ok_or(Refusal::UnknownKey)
    }

    async fn by_public_key(&self, key: &SiteKey) -> Result<Option<Arc<Site>>, Refusal> {
        self.find(|index| index.by_public_key.get(key).cloned()).await
    }

    /// Looks something up. A store that is away does not hide what is known, and what is missing may have been added a
    /// moment ago.
    async fn find<T>(&self, look: impl Fn(&Index) -> Option<T>) -> Result<Option<T>, Refusal> {
        let index = match self.current().await {
            Ok(index) => index,
            Err(refusal) => return look(&self.known()).map(Some).ok_or(refusal),
        };
        match look(&index) {
            None if self.missing.check().is_ok() => Ok(look(&*self.read().await?)),
            found => Ok(found),
        }
    }

    fn known(&self) -> Arc<Index> {
        Arc::clone(&self.index.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Returns the index, read again when the store's sites have changed.
    async fn current(&self) -> Result<Arc<Index>, Refusal> {
        let now = self.clock.now();
        let known = self.known();
        // While there is no site at all, an operator is about to add the first one.
        let is_fresh = now.saturating_sub(self.checked_at.load(Ordering::Relaxed)) < CHECK_INTERVAL;
        if is_fresh && !known.all.is_empty() { Ok(known) } else { self.read().await }
    }

    /// Reads the version, and the sites when it moved.
    async fn read(&self) -> Result<Arc<Index>, Refusal> {
        let (now, known) = (self.clock.now(), self.known());
        // The version first: what changes in between is read again at the next check.
        let version = self.store.sites_version().await?;
        let index = if version == known.version {
            known
        } else {
            let read = Arc::new(Index::of(self.store.sites().await?, version));
            *self.index.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&read);
            read
        };
        self.checked_at.store(now, Ordering::Relaxed);
        Ok(index)
    }
}
