//! What people may have back: erasure in every table and in the journal, and what stays of old events. [`tables`] lists
//! every table that has something of people in it. Decision: docs/decisions/0018-erasure.md.

mod erasure;
mod retention;
pub(crate) mod tables;
#[cfg(test)]
mod tests;

use async_trait::async_trait;
use protocol::Millis;
use protocol::ids::{AccountId, UserId};
use store::text::WithoutNul;
use store::{Erased, PersonalData, SiteId, Thinned};

use crate::SqliteStore;
use crate::error::Result;
pub(crate) use erasure::Subject;

#[async_trait]
impl PersonalData for SqliteStore {
    async fn erase_user(&self, site: SiteId, user: &UserId) -> Result<Erased> {
        let user = user.clone().without_nul();
        // The account of a guest who claimed none is named after them.
        let own = AccountId(user.0.clone()).unverified();
        let mut erased = self.erase(site, Subject::Account(own)).await?;
        erased.add(self.erase(site, Subject::User(user)).await?);
        Ok(erased)
    }

    async fn erase_account(&self, site: SiteId, account: &AccountId) -> Result<Erased> {
        self.erase(site, Subject::Account(account.clone().without_nul())).await
    }

    async fn thin_events(&self, before: Millis) -> Result<Thinned> {
        self.thin(before).await
    }

    async fn delete_dated(&self, bodies_before: Millis, files_before: Option<Millis>) -> Result<u64> {
        self.write(move |db| retention::delete_dated(db, bodies_before, files_before)).await
    }
}
