//! The trait that every database implements.

use std::sync::Arc;

use async_trait::async_trait;
use journey::clips::Viewer;
use journey::funnel::Path;
use protocol::{
    AccountId, Comment, Film, FlowRef, GuidePlace, Millis, Progress, SiteKey, StepId, Table, UserId, Watched,
};
use tokio::sync::broadcast;

use crate::{
    AccessStore, AccountRow, Answers, ChatStore, FileStore, FlowRow, Helping, NewRecord, NewSite, Person,
    Promise, Published, Record, Refused, Site, SiteId, Touched, Written,
};

/// Why a store did not answer.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Too much is waiting to be written; nothing of this call was. Try again later.
    #[error("the write queue is full")]
    Busy,
    /// A unique name is taken.
    #[error("{0} exists already")]
    Exists(String),
    /// The database refused; nothing of this call was kept.
    #[error("database: {0}")]
    Database(String),
}

/// Answers of a store.
pub type Result<T> = std::result::Result<T, StoreError>;

/// A durable journal with its projections.
#[async_trait]
pub trait Store: AccessStore + ChatStore + FileStore + Send + Sync {
    /// Adds a site.
    async fn add_site(&self, site: NewSite) -> Result<SiteId>;
    /// Every site, oldest first.
    async fn sites(&self) -> Result<Vec<Site>>;
    /// The site of this public key.
    async fn site(&self, key: &SiteKey) -> Result<Option<Site>>;

    /// Journals records; returns, in their order, when all of them are on disk.
    async fn append(&self, records: Vec<NewRecord>) -> Result<Vec<Written>>;
    /// Records of a site after `after`, at most `limit`, in the order of the journal.
    async fn records(&self, site: SiteId, after: i64, limit: usize) -> Result<Vec<Record>>;
    /// Remembers the start of a body that could not be read; old ones make room.
    async fn refuse(&self, refused: Refused) -> Result<()>;
    /// The newest refused bodies.
    async fn refused(&self) -> Result<Vec<Refused>>;

    /// Publishes a flow as its next version; the same file twice is one version.
    async fn publish(&self, site: SiteId, row: FlowRow) -> Result<Published>;
    /// Every version of every flow of a site, oldest first.
    async fn flows(&self, site: SiteId) -> Result<Vec<FlowRow>>;

    /// Where an account stands in a flow, and the journal place that moved it last.
    async fn progress(&self, site: SiteId, account: &AccountId, flow: &str) -> Result<(Progress, i64)>;
    /// What is known of an account.
    async fn account(&self, site: SiteId, account: &AccountId) -> Result<AccountRow>;
    /// Names of the people of an account.
    async fn people(&self, site: SiteId, account: &AccountId) -> Result<Vec<Person>>;
    /// A person's recorded name.
    async fn person(&self, site: SiteId, account: &AccountId, user: &UserId) -> Result<Option<Person>>;
    /// Where a person stands in a guide, or where the last one ended (stop 0).
    async fn guide(&self, site: SiteId, account: &AccountId, user: &UserId) -> Result<Option<GuidePlace>>;
    /// Ids of the questions that a person answered or turned down.
    async fn answered(&self, site: SiteId, account: &AccountId, user: &UserId) -> Result<Vec<String>>;
    /// How often each question of a flow was answered in which way.
    async fn answers(&self, site: SiteId, flow: &str) -> Result<Vec<Answers>>;
    /// What people wrote beside their answers, the newest first.
    async fn comments(&self, site: SiteId, flow: &str) -> Result<Vec<Comment>>;
    /// How help was used since a time, by people whom a token vouches for, by person and time; when each of them
    /// wrote to somebody, and when steps of a flow were done.
    async fn helping(&self, site: SiteId, flow: &str, since: Millis) -> Result<Helping>;
    /// Open steps of a flow that somebody promised to do later, the next first.
    async fn postponed(&self, site: SiteId, flow: &str) -> Result<Vec<Promise>>;
    /// Remembers what a clip is made of, in the place of what it was made of before.
    async fn keep_film(&self, site: SiteId, film: Film) -> Result<()>;
    /// What a site's clips are made of.
    async fn films(&self, site: SiteId) -> Result<Vec<Film>>;
    /// How far a person watched each clip.
    async fn watched(
        &self,
        site: SiteId,
        account: &AccountId,
        user: &UserId,
    ) -> Result<Table<String, Watched>>;
    /// Everybody who watched a clip.
    async fn viewers(&self, site: SiteId, clip: &str) -> Result<Vec<Viewer>>;
    /// Of the accounts that saw an open step: how many there are, and how many did it within ten minutes of
    /// watching the clip; then the same for those that did not watch before, from when the step was seen.
    async fn helped(
        &self,
        site: SiteId,
        flow: &str,
        step: &StepId,
        clip: &str,
        now: Millis,
    ) -> Result<[(u64, u64); 2]>;
    /// Every account's path through the flow; steps in the order of this version.
    async fn paths(&self, site: SiteId, flow: &FlowRef) -> Result<Arc<Vec<Path>>>;

    /// News of what was projected. A receiver that lags must look for itself.
    fn subscribe(&self) -> broadcast::Receiver<Touched>;
    /// The journal place up to which everything is projected.
    async fn cursor(&self) -> Result<i64>;
    /// Whether something can be written to disk now.
    async fn can_write(&self) -> Result<()>;
    /// The journal's last place.
    async fn head(&self) -> Result<i64>;
    /// Throws the projections away and makes them anew; `progress` hears `(done, all)`.
    async fn rebuild(&self, progress: Box<dyn FnMut(i64, i64) + Send>) -> Result<()>;
    /// A digest of every projected row, equal for equal projections.
    async fn checksum(&self) -> Result<String>;
    /// Whether the database is whole; what is wrong when not.
    async fn verify(&self) -> Result<std::result::Result<(), String>>;
}
