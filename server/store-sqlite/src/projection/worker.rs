//! Projects the journal round by round.
//!
//! Each round reads a stretch of the journal, folds it on a connection that only reads, and then writes its rows
//! together with the cursor in one transaction. What is written is bounded by the records of a round and by the flows;
//! what is read and folded is not, since anybody may send events of long ago. A publication ends a stretch: its accounts
//! are folded again some at a time. The journal's writer has priority, so
//! rounds are short and make room while it is busy (docs/decisions/0005-intake.md).

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use protocol::ids::{AccountId, EventId};
use rusqlite::{Connection, TransactionBehavior};
use store::projection::{AccountChanges, Changes, EntryPlan, Quarantined, SiteRules, VisitChange, gather};
use store::{Position, ProjectionUpdate, Record, SiteId, Source, StoreError};
use tokio::sync::broadcast;

use super::progress::FlowWrite;
use super::{account, clear, intake, progress, standing};
use crate::disk::Disk;
use crate::error::{Result, failed, is_busy};
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

    /// Deletes all projections and projects the journal from its beginning to where it ends now. What comes in meanwhile
    /// is projected later.
    pub(crate) fn rebuild(&mut self, report: &mut Report) -> Result<()> {
        let all = journal::head(&self.reader).map_err(failed)?;
        self.rules.clear();
        // A busy collector may have the lock for longer than a statement waits.
        while self.passes(self.delete_all())?.is_none() {}
        self.catch_up(all, &mut |done| report(done, all))
    }

    fn failed(&self, error: rusqlite::Error) -> StoreError {
        failed(self.disk.noted(error))
    }

    /// None when another process has the lock.
    fn passes<T>(&self, done: rusqlite::Result<T>) -> Result<Option<T>> {
        match done {
            Err(error) if is_busy(&error) => Ok(None),
            done => done.map(Some).map_err(|error| self.failed(error)),
        }
    }

    fn delete_all(&self) -> rusqlite::Result<()> {
        let mut connection = self.lock.low();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        clear(&transaction)?;
        transaction.commit()
    }

    /// Projects up to a place, or until the end of the journal; calls `report` with the last place after each round.
    pub(crate) fn catch_up(&mut self, up_to: i64, report: &mut dyn FnMut(i64)) -> Result<()> {
        let mut size = ROUND;
        while !self.stopping.load(Ordering::Relaxed) && standing(&self.reader).map_err(failed)?.0 < up_to {
            self.disk.ensure_trusted()?;
            let round = self.round(size);
            let Some(round) = self.passes(round)? else { continue };
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
        let before = standing(&self.reader)?;
        let (records, reached_end) = self.stretch(before.0, size)?;
        let Some(last) = records.last() else {
            return Ok(BatchResult { reached_end, ..BatchResult::default() });
        };
        let mut writes = if is_publication(last) {
            self.rules.remove(&last.record.site);
            self.adopt(last)?
        } else {
            self.fold(gather(&records), &records)?
        };
        let mut connection = self.lock.low();
        let begun = Instant::now();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        // A rebuild may have begun since, or something that was folded here may have been erased or thinned: then this
        // stretch is no longer the next one, or what was folded is no longer true.
        if standing(&transaction)? != before {
            // It may have passed a publication, too.
            self.rules.clear();
            return Ok(BatchResult::default());
        }
        writes.write(&transaction)?;
        transaction.commit()?;
        self.logged += records.len().max(writes.touched.len());
        let kept_waiting = self.lock.high_waits().then(|| begun.elapsed());
        drop(connection);
        Ok(BatchResult { updates: updates(writes.touched), reached_end, kept_waiting })
    }

    /// Folds what a stretch says of each account.
    fn fold(&mut self, changes: Changes, records: &[Record]) -> rusqlite::Result<RoundWrites> {
        for unreadable in changes.unreadable {
            let seq = unreadable.position.seq;
            tracing::error!(seq, error = unreadable.why, "a record that cannot be read counts for nothing");
        }
        let mut accounts = Vec::with_capacity(changes.accounts.len());
        for ((site, id), mut changes) in changes.accounts {
            let plan = account::plan(&self.reader, site, &id, std::mem::take(&mut changes.entries))?;
            let flows = if plan.add.is_empty() {
                Vec::new()
            } else {
                let rules = progress::rules_of(&mut self.rules, &self.reader, site)?;
                progress::fold(&self.reader, site, &id, rules, (&plan.add, plan.delete))?
            };
            let what = AccountWrite::Changed(Box::new(changes), plan);
            accounts.push((site, id, what, flows));
        }
        let last = records.last().map_or(0, |record| record.position.seq);
        let (visits, quarantined) = (changes.visits, changes.quarantined);
        Ok(RoundWrites {
            visits,
            quarantined,
            accounts,
            cursor: (Some(last), None),
            touched: touched(records),
        })
    }

    /// Folds the next accounts of a site by the flow that it published. The cursor passes the publication with the last
    /// of them.
    fn adopt(&mut self, publication: &Record) -> rusqlite::Result<RoundWrites> {
        let (seq, site) = (publication.position.seq, publication.record.site);
        let after: Option<String> =
            self.reader.query_row("SELECT account FROM projected", [], |row| row.get(0))?;
        let next = account::ids_after(&self.reader, site, after.as_deref().unwrap_or(""), ADOPTED)?;
        let mut accounts = Vec::with_capacity(next.len());
        for id in &next {
            let rules = progress::rules_of(&mut self.rules, &self.reader, site)?;
            let flows = progress::fold_again(&self.reader, site, id, rules)?;
            accounts.push((site, id.clone(), AccountWrite::Adopted(seq), flows));
        }
        let more = next.last().filter(|_| next.len() == ADOPTED).cloned();
        // The site's reports are new once all of its accounts are.
        let site_too = more.is_none().then_some(None);
        let touched =
            next.into_iter().map(Some).chain(site_too).map(|account| ((site, account), seq)).collect();
        let cursor = (more.is_none().then_some(seq), more);
        Ok(RoundWrites { visits: BTreeMap::new(), quarantined: Vec::new(), accounts, cursor, touched })
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

/// Everything that a round writes, made beforehand.
struct RoundWrites {
    visits: BTreeMap<(SiteId, EventId), VisitChange>,
    quarantined: Vec<Quarantined>,
    accounts: Vec<(SiteId, AccountId, AccountWrite, Vec<FlowWrite>)>,
    /// How far the journal is projected then, unless an account is named up to which a publication is.
    cursor: (Option<i64>, Option<AccountId>),
    touched: Touched,
}

/// What is written of an account beside its progress.
enum AccountWrite {
    /// Records about it, and the entries among them.
    Changed(Box<AccountChanges>, EntryPlan),
    /// The place of the publication by which it was folded.
    Adopted(i64),
}

impl RoundWrites {
    fn write(&mut self, db: &Connection) -> rusqlite::Result<()> {
        intake::write(db, &self.visits, &self.quarantined)?;
        for (site, id, what, flows) in self.accounts.drain(..) {
            match what {
                AccountWrite::Changed(changes, plan) => account::write(db, site, &id, *changes, &plan)?,
                AccountWrite::Adopted(seq) => account::set_revision(db, site, &id, seq)?,
            }
            flows.iter().try_for_each(|flow| progress::write(db, site, &id, flow))?;
        }
        match &self.cursor {
            (Some(seq), _) => db.execute("UPDATE projected SET seq = ?1, account = NULL", [seq])?,
            (None, up_to) => {
                let up_to = up_to.as_ref().map(AccountId::as_str);
                db.execute("UPDATE projected SET account = ?1", [up_to])?
            }
        };
        Ok(())
    }
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
