//! News of what was projected, handed to those that wait for it: held questions by (site, account), live reports by
//! site. A piece of news costs what waits for it, not what is open; why widgets hold a question open at all:
//! `docs/decisions/0004-news.md`.

mod accounts;
mod sites;

use std::sync::{Arc, Mutex, PoisonError, Weak};

use protocol::ids::AccountId;
use store::{Mark, ProjectionUpdate, SiteId, Store};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::watch;

use accounts::Accounts;
pub use accounts::Waiting;
use sites::Sites;

/// Everybody who waits for news.
pub struct Updates {
    store: Arc<dyn Store>,
    accounts: Accounts,
    sites: Sites,
    /// The store's news until the first request waits for some.
    source: Mutex<Option<Receiver<ProjectionUpdate>>>,
}

impl Updates {
    /// The news of a store.
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self {
            accounts: Accounts::default(),
            sites: Sites::default(),
            source: Mutex::new(Some(store.subscribe())),
            store,
        }
    }

    /// Begins to wait for news of an account. What is projected from now on is not missed.
    pub fn of_account(self: &Arc<Self>, site: SiteId, account: &AccountId) -> Waiting {
        self.start();
        self.accounts.register(site, account)
    }

    /// Begins to listen to a site: how many records had been projected, of all sites, when it moved last.
    pub fn of_site(self: &Arc<Self>, site: SiteId) -> watch::Receiver<i64> {
        self.start();
        self.sites.subscribe(site)
    }

    /// Starts to hand news out, once.
    fn start(self: &Arc<Self>) {
        let source = self.source.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(source) = source {
            tokio::spawn(hand_out(source, Arc::clone(&self.store), Arc::downgrade(self)));
        }
    }
}

/// Hands out news until the store or the collector is gone.
async fn hand_out(mut source: Receiver<ProjectionUpdate>, store: Arc<dyn Store>, to: Weak<Updates>) {
    // The news of what comes after this are waiting in `source` already.
    let mut projected = store.cursor().await.unwrap_or_else(|error| {
        tracing::warn!(%error, "the cursor was not read; live reports count from the next update on");
        Mark::start()
    });
    drop(store);
    loop {
        let news = source.recv().await;
        let Some(updates) = to.upgrade() else { return };
        match news {
            Ok(ProjectionUpdate { site, account, position }) => {
                projected.advance(position);
                if let Some(account) = account {
                    updates.accounts.wake(site, account);
                }
                updates.sites.moved(site, projected.records());
            }
            // Too slow, so some news are lost: everybody looks for themselves.
            Err(RecvError::Lagged(_)) => {
                updates.accounts.wake_all();
                updates.sites.moved_all();
            }
            Err(RecvError::Closed) => return,
        }
    }
}
