//! What is handed out row by row, and what the console says of the intake: quarantined records, and how complete the
//! data of a site is.

use async_trait::async_trait;
use protocol::Millis;
use protocol::ids::AccountId;

use crate::projection::Milestone;
use crate::{AccountRow, Position, Record, Result, SiteId};

/// A transition of an account in a flow, with its place among all of the site.
#[derive(Clone, Debug, PartialEq)]
pub struct ExportedStep {
    /// The place.
    pub place: StepPlace,
    /// What happened.
    pub milestone: Milestone,
}

/// Where a transition stands: its flow, its account, and its number there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StepPlace {
    /// The flow.
    pub flow: String,
    /// The account.
    pub account: AccountId,
    /// Counts up from 1.
    pub number: u64,
}

/// Records that are quarantined for one reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuarantineReason {
    /// The reason, as the client was answered.
    pub reason: String,
    /// How many there are.
    pub n: u64,
    /// When the newest one arrived.
    pub last: Millis,
}

/// The reason for which a device drops events before it counts them: the page tracked too many at once.
pub const UNCOUNTED: &str = "rate";

/// How much of what visits counted has arrived.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Arrived {
    /// Events that there were, at least: the highest number of each visit, and those that were dropped uncounted.
    pub tracked: u64,
    /// Events that are stored.
    pub stored: u64,
    /// Events that are quarantined.
    pub quarantined: u64,
    /// Events that may still come: their visit was heard of a short while ago.
    pub pending: u64,
    /// Events that devices dropped, by the reason that they gave.
    pub dropped: Vec<(String, u64)>,
}

/// Reading for exports, and reports of the intake.
#[async_trait]
pub trait Exports: Send + Sync {
    /// Returns accounts of a site after one, in the order of their ids.
    async fn accounts_after(
        &self,
        site: SiteId,
        after: &AccountId,
        limit: usize,
    ) -> Result<Vec<(AccountId, AccountRow)>>;
    /// Returns transitions of a site's accounts after a place, in the order of the places.
    async fn steps_after(&self, site: SiteId, after: &StepPlace, limit: usize) -> Result<Vec<ExportedStep>>;
    /// Returns why records of a site are quarantined, the most frequent reason first; of the newest records, as many as
    /// can be counted while a page waits.
    async fn quarantine_reasons(&self, site: SiteId) -> Result<Vec<QuarantineReason>>;
    /// Returns quarantined records of a site from before a place, the newest first.
    async fn quarantined(&self, site: SiteId, before: Option<Position>, limit: usize) -> Result<Vec<Record>>;
    /// Adds up the visits of a site that were heard of since a time, the newest of them when there are very many; of those heard of since `pending_since`, what is
    /// missing may still come.
    async fn arrived(&self, site: SiteId, since: Millis, pending_since: Millis) -> Result<Arrived>;
    /// Deletes the counts of visits that were not heard of since a time, at most `limit`; returns how many there were.
    async fn delete_visits(&self, before: Millis, limit: u64) -> Result<u64>;
}
