//! The sites of this collector, remembered for a moment so that not every request asks the store.

use std::sync::{Arc, PoisonError, RwLock};

use axum::http::{HeaderMap, header};
use protocol::Millis;
use protocol::ids::SiteKey;
use store::{Site, Store};

use crate::clock::Clock;
use crate::http::{Refusal, origin};
use crate::secret;

/// How long the list is believed: a site added on the command line works this much later.
const FRESH: Millis = 1_000;

/// All sites, at most a second old.
pub struct Sites {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    known: RwLock<(Millis, Arc<Vec<Arc<Site>>>)>,
}

impl Sites {
    /// The sites of `store`.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>) -> Self {
        Self { store, clock, known: RwLock::new((Millis::MIN, Arc::default())) }
    }

    /// Every site.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn all(&self) -> Result<Arc<Vec<Arc<Site>>>, Refusal> {
        let now = self.clock.now();
        let (read_at, sites) = self.known.read().unwrap_or_else(PoisonError::into_inner).clone();
        if now.saturating_sub(read_at) < FRESH && !sites.is_empty() {
            return Ok(sites);
        }
        let sites = Arc::new(self.store.sites().await?.into_iter().map(Arc::new).collect::<Vec<_>>());
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = (now, Arc::clone(&sites));
        Ok(sites)
    }

    /// The site of a public key that a browser (or a test of one) sent.
    ///
    /// # Errors
    /// `SecretInBrowser`, `UnknownKey`, or `ForeignOrigin` when the page is not on its list.
    pub async fn by_public_key(&self, key: &SiteKey, headers: &HeaderMap) -> Result<Arc<Site>, Refusal> {
        if key.as_str().starts_with("sk_") {
            return Err(Refusal::SecretInBrowser);
        }
        let sites = self.all().await?;
        let site = sites.iter().find(|site| site.public_key == *key).ok_or(Refusal::UnknownKey)?;
        origin::check(site, headers)?;
        Ok(Arc::clone(site))
    }

    /// The site of the secret key in `Authorization: Bearer sk_…`; refused to browsers.
    ///
    /// # Errors
    /// `SecretInBrowser` or `UnknownKey`.
    pub async fn by_secret_key(&self, headers: &HeaderMap) -> Result<Arc<Site>, Refusal> {
        let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let secret = given.and_then(|value| value.strip_prefix("Bearer ")).ok_or(Refusal::UnknownKey)?;
        if origin::from_browser(headers) {
            return Err(Refusal::SecretInBrowser);
        }
        let sites = self.all().await?;
        // Every site is compared, so that the time says nothing about which one fits.
        let fits = |found: Option<Arc<Site>>, site: &Arc<Site>| {
            if secret::matches(secret, &site.secret_hash) { Some(Arc::clone(site)) } else { found }
        };
        sites.iter().fold(None, fits).ok_or(Refusal::UnknownKey)
    }

    /// Whether any site lists this origin.
    pub async fn knows_origin(&self, origin: &str) -> bool {
        let lists = |site: &Arc<Site>| site.origins.iter().any(|known| known == origin);
        self.all().await.is_ok_and(|sites| sites.iter().any(lists))
    }
}
