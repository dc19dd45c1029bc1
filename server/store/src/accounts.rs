//! Accounts and their people: projections of the journal, read by account.

use async_trait::async_trait;
use protocol::Millis;
use protocol::backend::AccountUpdate;
use protocol::ids::{AccountId, UserId};
use protocol::stored::Progress;
use protocol::widget::GuidePosition;

use crate::{Result, SiteId};

/// What is known of an account.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AccountRow {
    /// All updates of the host's backend, merged in order of arrival.
    pub known: AccountUpdate,
    /// When the first and the last record about the account happened.
    pub seen: Option<(Millis, Millis)>,
}

/// A person of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The host's id.
    pub user: UserId,
    /// The name to show.
    pub name: String,
}

/// What an account and a person of it are called; none where nobody said it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// The account's name.
    pub account: Option<String>,
    /// The person's name.
    pub person: Option<String>,
}

/// What the journal says of one account.
#[async_trait]
pub trait Accounts: Send + Sync {
    /// Returns the progress of an account in a flow, and the account's revision: a number that grows whenever a
    /// record about the account is projected.
    async fn progress(&self, site: SiteId, account: &AccountId, flow: &str) -> Result<(Progress, i64)>;
    /// Returns what is known of an account.
    async fn account(&self, site: SiteId, account: &AccountId) -> Result<AccountRow>;
    /// Returns the names of these accounts, and of a person of each, in their order.
    async fn names(&self, site: SiteId, of: Vec<(AccountId, Option<UserId>)>) -> Result<Vec<Names>>;
    /// Returns the names of an account's people.
    async fn people(&self, site: SiteId, account: &AccountId) -> Result<Vec<Person>>;
    /// Returns a person's recorded name.
    async fn person(&self, site: SiteId, account: &AccountId, user: &UserId) -> Result<Option<Person>>;
    /// Returns a person's position in a guide; stop 0 when their last tour is over.
    async fn guide_position(
        &self,
        site: SiteId,
        account: &AccountId,
        user: &UserId,
    ) -> Result<Option<GuidePosition>>;
    /// Returns the survey questions that a person answered or declined, and when.
    async fn answered_questions(
        &self,
        site: SiteId,
        account: &AccountId,
        user: &UserId,
    ) -> Result<Vec<(String, Millis)>>;
}
