//! Projects the journal round by round.
//!
//! Each round reads a stretch of the journal and writes its rows together with the cursor in one transaction. A
//! publication ends a stretch: its accounts are folded again some at a time. The journal's writer has priority, so
//! rounds are short and make room while it is busy (docs/decisions/0005-intake.md).

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use protocol::ids::AccountId;
use rusqlite::{Connection, TransactionBehavior, params};
use store::projection::{Changes, SiteRules, gather};
use store::{Position, ProjectionUpdate, Record, SiteId, Source, StoreError};
use tokio::sync::broadcast;

use super::{account, cursor, intake, progress};
use crate::disk::Disk;
use crate::error::{Result, failed};
use crate::journal::{self, PriorityWriteLock};

/// Records in one round, and in one while the journal's writer waits.
const ROUND: usize = 512;
const SHORT_ROUND: usize = 64;
/// Accounts that are folded by a published flow in one round.
const ADOPTED: usize = 64;
/// The writer gets this many times as long as a round kept it waiting, so projection cannot starve ingestion.
const ROOM: u32 = 9;
const MAX_ROOM: Duration = Duration::from_millis(200);
/// Records after which the log is copied into the database.
const CHECKPOINT: usize = 4096;
/// Updates that a slow receiver may be behind before it must read the store itself.
const UPDATES: usize = 4096;

/// Called with the numbers of records that are projected and that there are.
pub(crate) type Report = Box<dyn FnMut(i64, i64) + Send>;

pub(crate) struct ProjectorWorker {
    /// Reads the journal and copies the log while others write.
    reader: Connection,
    lock: PriorityWriteLock,
    disk: Disk,
    stopping: Arc<AtomicBool>,
    /// Rules by site; dropped when the site publishes.
    rules: BTreeMap<SiteId, SiteRules>,
    /// Records since the last checkpoint.
    logged: usize,
    updates: broadcast::Sender<ProjectionUpdate>,
}

/// What a round did.
#[derive(Default)]
struct BatchResult {
    /// Whether the round read to the end of the journal.
    reached_end: bool,
    /// What changed, in the order of the journal.
    updates: Vec<ProjectionUpdate>,
    /// How long the journal's writer had to wait for it, if it had to.
    kept_waiting: Option<Duration>,
}

/// Changed accounts with their places; no account stands for the whole site.
type Touched = BTreeMap<(SiteId, Option<AccountId>), i64>;

impl ProjectorWorker {
    pub(crate) fn new(reader: Connection, lock: PriorityWriteLock, disk: Disk) -> Self {
        let (updates, _) = broadcast::channel(UPDATES);
        Self { reader, lock, disk, stopping: Arc::default(), rules: BTreeMap::new(), logged: 0, updates }
    }

    /// The channel of what was projected.
    pub(crate) fn updates(&self) -> broadcast::Sender<ProjectionUpdate> {
        self.updates.clone()
    }

    /// Set to stop between two rounds.
    pub(crate) fn stopping(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.stopping)
    }

    /// Deletes all projections and projects the journal from its beginning.
    pub(crate) fn rebuild(&mut self, report: &mut Report) -> Result<()> {
        let all = journal::head(&self.reader).map_err(failed)?;
        self.rules.clear();
        self.delete_all().map_err(|error| self.failed(error))?;
        self.catch_up(&mut |done| report(done, all))
    }

    fn failed(&self, error: rusqlite::Error) -> StoreError {
        failed(self.disk.noted(error))
    }

    fn delete_all(&self) -> rusqlite::Result<()> {
        let mut connection = self.lock.low();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute_batch(
            "DELETE FROM entry; DELETE FROM progress; DELETE FROM milestone; DELETE FROM account;
             DELETE FROM person; DELETE FROM guiding; DELETE FROM postponed; DELETE FROM answer;
             DELETE FROM watched; DELETE FROM helping; DELETE FROM quarantined; DELETE FROM visit; DELETE FROM dropped; UPDATE projected SET seq = 0, account = NULL",
        )?;
        transaction.commit()
    }

    /// Projects until the end of the journal; calls `report` with the last place after each round.
    pub(crate) fn catch_up(&mut self, report: &mut dyn FnMut(i64)) -> Result<()> {
        let mut size = ROUND;
        while !self.stopping.load(Ordering::Relaxed) {
            self.disk.ensure_trusted()?;
            let round = self.round(size).map_err(|error| self.failed(error))?;
            if let Some(last) = round.updates.last() {
                report(last.position.seq);
            }
            for update in round.updates {
                // Sending fails only when nobody listens.
                let _ = self.updates.send(update);
            }
            if self.logged >= CHECKPOINT {
                self.checkpoint().map_err(|error| self.failed(error))?;
            }
            // What comes now is worth a round of its own only together with what comes next.
            if round.reached_end {
                break;
            }
            if let Some(kept) = round.kept_waiting {
                thread::sleep((kept * ROOM).min(MAX_ROOM));
            }
            size = if round.kept_waiting.is_some() { SHORT_ROUND } else { ROUND };
        }
        Ok(())
    }

    /// Copies the log into the database while others write. Alone it might never reach the end of the log, so the
    /// journal's writer copies the rest itself when the log grows large.
    fn checkpoint(&mut self) -> rusqlite::Result<()> {
        self.logged = 0;
        self.reader.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))
    }

    /// Projects one stretch of the journal.
    fn round(&mut self, size: usize) -> rusqlite::Result<BatchResult> {
        let place = cursor(&self.reader)?;
        let (records, reached_end) = self.stretch(place, size)?;
        let Some(last) = records.last() else {
            return Ok(BatchResult { reached_end, ..BatchResult::default() });
        };
        let changes = gather(&records);
        let mut connection = self.lock.low();
        let begun = Instant::now();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        // Another process may have begun a rebuild since: then this stretch is no longer the next one.
        if cursor(&transaction)? != place {
            // It may have passed a publication, too.
            self.rules.clear();
            return Ok(BatchResult::default());
        }
        let touched = if is_publication(last) {
            self.rules.remove(&last.record.site);
            adopt(&mut self.rules, &transaction, last)?
        } else {
            write(&mut self.rules, &transaction, changes)?;
            transaction.execute("UPDATE projected SET seq = ?1", [last.position.seq])?;
            touched(&records)
        };
        transaction.commit()?;
        self.logged += records.len().max(touched.len());
        let kept_waiting = self.lock.high_waits().then(|| begun.elapsed());
        drop(connection);
        Ok(BatchResult { updates: updates(touched), reached_end, kept_waiting })
    }

    /// Reads the next records, up to a publication or that publication alone, and whether they are the last ones.
    fn stretch(&self, place: i64, size: usize) -> rusqlite::Result<(Vec<Record>, bool)> {
        let mut records = journal::after(&self.reader, None, place, size)?;
        let reached_end = records.len() < size && !records.iter().any(is_publication);
        // They come in whole segments.
        records.truncate(size);
        if let Some(publication) = records.iter().position(is_publication) {
            records.truncate(publication.max(1));
        }
        Ok((records, reached_end))
    }
}

fn is_publication(record: &Record) -> bool {
    record.record.source == Source::Flow
}

/// Writes what a stretch says of each account.
fn write(rules: &mut BTreeMap<SiteId, SiteRules>, db: &Connection, changes: Changes) -> rusqlite::Result<()> {
    for unreadable in changes.unreadable {
        let seq = unreadable.position.seq;
        tracing::error!(seq, error = unreadable.why, "a record that cannot be read counts for nothing");
    }
    intake::write(db, &changes.visits, &changes.quarantined)?;
    for ((site, id), changes) in changes.accounts {
        let fresh = account::write(db, site, &id, changes)?;
        if !fresh.is_empty() {
            progress::advance(db, site, &id, progress::rules_of(rules, db, site)?, &fresh)?;
        }
    }
    Ok(())
}

fn touched(records: &[Record]) -> Touched {
    let place = |record: &Record| ((record.record.site, record.record.account.clone()), record.position.seq);
    records.iter().map(place).collect()
}

fn updates(touched: Touched) -> Vec<ProjectionUpdate> {
    let update = |((site, account), seq)| ProjectionUpdate { site, account, position: Position::single(seq) };
    let mut updates: Vec<ProjectionUpdate> = touched.into_iter().map(update).collect();
    updates.sort_by_key(|update| update.position.seq);
    updates
}

/// Folds the next accounts of a site by the flow that it published. The cursor passes the publication with the last
/// of them.
fn adopt(
    rules: &mut BTreeMap<SiteId, SiteRules>,
    db: &Connection,
    publication: &Record,
) -> rusqlite::Result<Touched> {
    let (seq, site) = (publication.position.seq, publication.record.site);
    let after: Option<String> = db.query_row("SELECT account FROM projected", [], |row| row.get(0))?;
    let next = account::ids_after(db, site, after.as_deref().unwrap_or(""), ADOPTED)?;
    for id in &next {
        account::set_revision(db, site, id, seq)?;
        for (flow, rules) in progress::rules_of(rules, db, site)? {
            progress::replay(db, site, id, flow, rules)?;
        }
    }
    let more = next.last().filter(|_| next.len() == ADOPTED);
    match more {
        Some(last) => db.execute("UPDATE projected SET account = ?1", params![last.as_str()])?,
        None => db.execute("UPDATE projected SET seq = ?1, account = NULL", params![seq])?,
    };
    // The site's reports are new once all of its accounts are.
    let site_too = more.is_none().then_some(None);
    Ok(next.into_iter().map(Some).chain(site_too).map(|account| ((site, account), seq)).collect())
}
