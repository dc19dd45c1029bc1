//! The journal: append-only, the one source of every projection.

use async_trait::async_trait;
use protocol::Millis;
use protocol::ids::{AccountId, EventId, UserId};
use sha2::{Digest, Sha256};
use tokio::sync::broadcast;

use crate::{Mark, Position, Result, SiteId};

/// Where a record came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A browser: the body is an `Event`.
    Event,
    /// The host's backend: the body is a `Fact`.
    Fact,
    /// The host's backend: the body is an `AccountUpdate`.
    Account,
    /// An identity token: the body is a person's name.
    Person,
    /// A product team: the body names the flow that was published.
    Flow,
}

/// A record to be journalled.
#[derive(Clone, Debug, PartialEq)]
pub struct NewRecord {
    /// The site that it belongs to.
    pub site: SiteId,
    /// Unique within the site and source.
    pub id: EventId,
    /// Where it came from.
    pub source: Source,
    /// The collector's clock on arrival.
    pub received: Millis,
    /// When it happened, by the client's clock as corrected.
    pub at: Millis,
    /// The account that it is about.
    pub account: Option<AccountId>,
    /// The person that it is about.
    pub user: Option<UserId>,
    /// Why it stays out of every report; none for a good record.
    pub quarantine: Option<String>,
    /// JSON, byte for byte as it came.
    pub body: Box<str>,
}

/// Why a record is quarantined whose id another one has.
pub const ID_CONFLICT: &str = "id_conflict";

impl NewRecord {
    /// The start of its body's SHA-256, which differs between a repetition and something else under the same id. It stands
    /// in stores.
    pub fn fingerprint(&self) -> i64 {
        i64::from_be_bytes(self.digest())
    }

    /// Returns the record as it is kept beside another one of its id: quarantined, under an id of its own that is the
    /// same each time it comes.
    #[must_use]
    pub fn in_conflict(&self) -> Self {
        let [a, b, c, d, e, f, ..] = *self.id.0.as_bytes();
        let mut end = [0; 10];
        end[..8].copy_from_slice(&self.digest::<8>());
        let id = EventId::new(u64::from_be_bytes([0, 0, a, b, c, d, e, f]), end);
        Self { id, quarantine: Some(ID_CONFLICT.to_owned()), ..self.clone() }
    }

    fn digest<const N: usize>(&self) -> [u8; N] {
        let digest = Sha256::digest(self.body.as_bytes());
        std::array::from_fn(|at| digest[at])
    }
}

/// A record as it stands in the journal.
#[derive(Clone, Debug)]
pub struct Record {
    /// Its place.
    pub position: Position,
    /// What was written.
    pub record: NewRecord,
}

/// Whether a record was new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// It is on disk, for the first time.
    Stored,
    /// It has been on disk since before.
    Duplicate,
    /// Something else has been on disk under its id since before. It is kept beside that, quarantined for
    /// [`ID_CONFLICT`].
    Conflict,
}

/// The start of a request body that could not be read at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RejectedBody {
    /// When it arrived.
    pub received: Millis,
    /// The tag that was answered.
    pub tag: String,
    /// At most the first KiB, as text.
    pub prefix: String,
}

/// A record was projected: sent to everyone who listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectionUpdate {
    /// The site.
    pub site: SiteId,
    /// The account that changed; none when the whole site did.
    pub account: Option<AccountId>,
    /// The record's place in the journal.
    pub position: Position,
}

/// How much a store has to do, and how much room.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StoreLoad {
    /// Writes that wait for the disk.
    pub writes_waiting: u64,
    /// Writes that may wait; one more is answered `Busy`.
    pub writes_waiting_max: u64,
    /// The database's size without its log.
    pub database_bytes: u64,
    /// The size of the database's log.
    pub wal_bytes: u64,
    /// Room that the disk has left for this process; 0 when the system does not say.
    pub disk_free_bytes: u64,
}

/// A durable journal, and the projector that follows it.
#[async_trait]
pub trait Journal: Send + Sync {
    /// Journals records; returns, in their order, once all of them are on disk.
    async fn append(&self, records: Vec<NewRecord>) -> Result<Vec<Written>>;
    /// Returns at most `limit` records of a site after a mark, in the order of the journal; fewer only at its end.
    async fn records(&self, site: SiteId, after: &Mark, limit: usize) -> Result<Vec<Record>>;
    /// Returns the mark of the journal's end.
    async fn head(&self) -> Result<Mark>;
    /// Returns the mark up to which everything is projected.
    async fn cursor(&self) -> Result<Mark>;
    /// Returns a channel of projected changes. A receiver that lags behind reads the store instead.
    fn subscribe(&self) -> broadcast::Receiver<ProjectionUpdate>;
    /// Deletes the projections and makes them again from the journal; `progress` is called with the numbers of
    /// records that are done and that there are.
    async fn rebuild(&self, progress: Box<dyn FnMut(i64, i64) + Send>) -> Result<()>;
    /// Returns a digest of every projected row that does not depend on the order of arrival.
    async fn checksum(&self) -> Result<String>;
    /// Returns how much it has to do now, and how much room. No query is made.
    async fn load(&self) -> StoreLoad;
    /// Checks that something can be written to disk now.
    async fn can_write(&self) -> Result<()>;
    /// Waits until the disk can no longer be trusted, since it failed to sync; returns the reason. Nothing is written
    /// after that, and the process has to end.
    async fn broken(&self) -> String;
    /// Checks the database for damage; the inner error says what is damaged.
    async fn verify(&self) -> Result<std::result::Result<(), String>>;
    /// Keeps the start of a body that could not be read; only the newest few hundred are kept.
    async fn record_rejected_body(&self, body: RejectedBody) -> Result<()>;
    /// Returns the rejected bodies that are kept, the newest first.
    async fn rejected_bodies(&self) -> Result<Vec<RejectedBody>>;
}
