//! Questions that are held open until their account moves.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use protocol::ids::AccountId;
use store::SiteId;
use tokio::sync::Notify;
use tokio::sync::futures::Notified;

/// Parts of the map, so that those who come and go rarely wait for each other.
const SHARDS: usize = 16;

type Key = (SiteId, AccountId);
type Shard = Mutex<HashMap<Key, Arc<Notify>>>;

/// Who waits for which account.
#[derive(Default)]
pub struct Accounts {
    shards: Arc<[Shard; SHARDS]>,
    hasher: RandomState,
}

/// One question that waits; dropped, it is forgotten.
pub struct Waiting {
    key: Key,
    notify: Arc<Notify>,
    shards: Arc<[Shard; SHARDS]>,
    shard: usize,
}

fn lock(shard: &Shard) -> MutexGuard<'_, HashMap<Key, Arc<Notify>>> {
    shard.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Accounts {
    /// Adds a question.
    pub fn register(&self, site: SiteId, account: &AccountId) -> Waiting {
        let key = (site, account.clone());
        let shard = self.shard(&key);
        let notify = Arc::clone(lock(&self.shards[shard]).entry(key.clone()).or_default());
        Waiting { key, notify, shards: Arc::clone(&self.shards), shard }
    }

    /// Wakes the questions of one account.
    pub fn wake(&self, site: SiteId, account: AccountId) {
        let key = (site, account);
        if let Some(notify) = lock(&self.shards[self.shard(&key)]).get(&key) {
            notify.notify_waiters();
        }
    }

    /// Wakes every question.
    pub fn wake_all(&self) {
        for shard in &*self.shards {
            lock(shard).values().for_each(|notify| notify.notify_waiters());
        }
    }

    fn shard(&self, key: &Key) -> usize {
        (self.hasher.hash_one(key) % SHARDS as u64) as usize
    }
}

impl Waiting {
    /// Waits for news that come after this call, whenever it is awaited.
    pub fn news(&self) -> Notified<'_> {
        self.notify.notified()
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let mut shard = lock(&self.shards[self.shard]);
        // The map and this one; others would have an Arc of their own.
        if Arc::strong_count(&self.notify) == 2 {
            shard.remove(&self.key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn s7_of_five_thousand_held_questions_a_change_wakes_its_own() {
        let accounts = Accounts::default();
        let name = |n: usize| AccountId(format!("acct-{n}"));
        let held: Vec<Waiting> = (0..5_000).map(|n| accounts.register(SiteId(1), &name(n))).collect();
        let mut news: Vec<_> = held.iter().map(|waiting| Box::pin(waiting.news())).collect();
        assert!(news.iter_mut().all(|news| !news.as_mut().enable()), "nothing has happened");
        (0..5_000).step_by(25).for_each(|n| accounts.wake(SiteId(1), name(n)));
        let woken = news.iter_mut().map(|news| news.as_mut().enable()).collect::<Vec<bool>>();
        assert_eq!(woken.iter().filter(|woken| **woken).count(), 200);
        assert!(woken.iter().step_by(25).all(|woken| *woken));
    }

    #[tokio::test]
    async fn news_wake_the_questions_of_their_account_and_no_other() {
        let accounts = Accounts::default();
        let account = |name: &str| AccountId::from(name);
        let (one, same) = (SiteId(1), account("a"));
        let waiting = [accounts.register(one, &same), accounts.register(one, &same)];
        let others = [accounts.register(one, &account("b")), accounts.register(SiteId(2), &same)];
        let (news, quiet) = (waiting.each_ref().map(Waiting::news), others.each_ref().map(Waiting::news));
        accounts.wake(one, same.clone());
        for news in news {
            news.await;
        }
        let mut quiet: Vec<_> = quiet.into_iter().map(Box::pin).collect();
        assert!(quiet.iter_mut().all(|news| !news.as_mut().enable()), "nobody else is woken");
        accounts.wake_all();
        for news in quiet {
            news.await;
        }
        drop((waiting, others));
        assert!(
            accounts.shards.iter().all(|shard| lock(shard).is_empty()),
            "nothing is kept of those that left"
        );
    }
}
