//! What was read of each site, forgotten when another version is published.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{PoisonError, RwLock};

use store::SiteId;

/// One value for each site.
pub struct Versions<T> {
    known: RwLock<HashMap<SiteId, T>>,
    /// Counts publications, so that what was read before one is not remembered after it.
    published: AtomicU64,
}

impl<T> Default for Versions<T> {
    fn default() -> Self {
        Self { known: RwLock::default(), published: AtomicU64::new(0) }
    }
}

impl<T: Clone> Versions<T> {
    /// Returns what is remembered of a site; otherwise reads it, and remembers it unless something was published
    /// meanwhile.
    ///
    /// # Errors
    /// Whatever reading it gives.
    pub async fn get<E>(&self, site: SiteId, read: impl Future<Output = Result<T, E>>) -> Result<T, E> {
        if let Some(known) = self.known.read().unwrap_or_else(PoisonError::into_inner).get(&site) {
            return Ok(known.clone());
        }
        let before = self.published.load(Ordering::Acquire);
        let value = read.await?;
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if self.published.load(Ordering::Acquire) == before {
            known.insert(site, value.clone());
        }
        Ok(value)
    }

    /// Forgets a site, because another version was published.
    pub fn forget(&self, site: SiteId) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        self.published.fetch_add(1, Ordering::Release);
        known.remove(&site);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_version_is_read_once_and_what_was_read_before_a_publication_is_not_kept() {
        let versions = Versions::default();
        let of = async |value: u32| versions.get(SiteId(1), async { Ok::<_, ()>(value) }).await;
        assert_eq!((of(1).await, of(2).await), (Ok(1), Ok(1)));
        versions.forget(SiteId(1));
        let published_meanwhile = versions.get(SiteId(1), async {
            versions.forget(SiteId(1));
            Ok::<_, ()>(3)
        });
        assert_eq!(published_meanwhile.await, Ok(3));
        assert_eq!(of(4).await, Ok(4), "three was read before the publication");
    }
}
