//! The projector: follows the journal and keeps the read models.
//!
//! Each round reads a stretch of the journal and writes its rows together with the cursor in one
//! transaction. An account whose new entries all come after what it has is folded on from its state;
//! when something came late, or a flow was published, it is folded again from all its entries. Both
//! give the same rows, because the fold does not care. A publication ends a stretch: its accounts are
//! taken over some at a time. Whoever waits for an acknowledgement comes first: rounds are short and
//! make room while the journal's writer is busy.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use ::store::{Position, ProjectionUpdate, Record, SiteId, Source};
use protocol::ids::AccountId;
use rusqlite::{Connection, TransactionBehavior, params};
use tokio::sync::{broadcast, oneshot};

use crate::fold::{SiteRules, fold_again, fold_on, rules_of};
use crate::keep::{accounts, gather, note_revision};
use crate::turn::WriteTurn;
use crate::{Result, database, journal};

/// Records in one transaction, and how many while the journal's writer waits meanwhile.
const ROUND: usize = 512;
const SHORT_ROUND: usize = 64;
/// Accounts that take over a published flow in one transaction.
const ADOPTED: usize = 64;
/// For each moment that the journal's writer waited for a round, it has so many for itself.
const ROOM: u32 = 9;
const LONGEST_ROOM: Duration = Duration::from_millis(200);
/// Records after which the log is copied into the database.
const CHECKPOINT: usize = 4096;
/// How long news waits for more news, so that a burst is projected together.
const GATHER: Duration = Duration::from_millis(15);
/// News that a slow listener may be behind before it must look for itself.
const NEWS: usize = 4096;

type Report = Box<dyn FnMut(i64, i64) + Send>;

enum Call {
    Look,
    Rebuild(Report, oneshot::Sender<Result<()>>),
    Stop,
}

/// Tells the projector that the journal grew.
#[derive(Clone)]
pub(crate) struct Bell(SyncSender<Call>);

impl Bell {
    pub(crate) fn ring(&self) {
        // A full queue holds a call that will see the new records too.
        let _ = self.0.try_send(Call::Look);
    }
}

/// The projecting thread; it ends when this is dropped.
pub(crate) struct Projector {
    calls: SyncSender<Call>,
    stopping: Arc<AtomicBool>,
    news: broadcast::Sender<ProjectionUpdate>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Projector {
    /// Follows the journal by `reader`; writes when it has its turn.
    pub(crate) fn start(reader: Connection, turn: WriteTurn) -> Result<Self> {
        let (calls, queue) = sync_channel(16);
        let mut follower = Follower::new(reader, turn);
        let (news, stopping) = (follower.news.clone(), Arc::clone(&follower.stopping));
        let work = move || follower.follow(&queue);
        let thread = thread::Builder::new().name("projector".into()).spawn(work).map_err(database)?;
        let projector = Self { calls, stopping, news, thread: Some(thread) };
        projector.bell().ring();
        Ok(projector)
    }

    pub(crate) fn bell(&self) -> Bell {
        Bell(self.calls.clone())
    }

    pub(crate) fn subscribe(&self) -> broadcast::Receiver<ProjectionUpdate> {
        self.news.subscribe()
    }

    pub(crate) async fn rebuild(&self, report: Report) -> Result<()> {
        let (answer, wait) = oneshot::channel();
        let calls = self.calls.clone();
        let send = move || calls.send(Call::Rebuild(report, answer));
        tokio::task::spawn_blocking(send).await.map_err(database)?.map_err(database)?;
        wait.await.map_err(database)?
    }
}

impl Drop for Projector {
    fn drop(&mut self) {
        self.stopping.store(true, Ordering::Relaxed);
        // The thread may be gone already; then there is nothing to stop.
        let _ = self.calls.send(Call::Stop);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

pub(crate) struct Follower {
    /// Reads the journal and copies the log while others write.
    reader: Connection,
    turn: WriteTurn,
    stopping: Arc<AtomicBool>,
    /// Rules by site and flow name; forgotten when the site publishes.
    rules: BTreeMap<SiteId, SiteRules>,
    /// Records since the last checkpoint.
    logged: usize,
    news: broadcast::Sender<ProjectionUpdate>,
}

impl Follower {
    pub(crate) fn new(reader: Connection, turn: WriteTurn) -> Self {
        let (news, _) = broadcast::channel(NEWS);
        Self { reader, turn, stopping: Arc::default(), rules: BTreeMap::new(), logged: 0, news }
    }

    fn follow(&mut self, queue: &Receiver<Call>) {
        loop {
            match queue.recv_timeout(Duration::from_secs(1)) {
                Ok(Call::Stop) | Err(RecvTimeoutError::Disconnected) => return,
                Ok(Call::Rebuild(mut report, answer)) => {
                    // A caller that went away does not stop the work.
                    let _ = answer.send(self.rebuild(&mut report));
                }
                Ok(Call::Look) | Err(RecvTimeoutError::Timeout) => {
                    thread::sleep(GATHER);
                    if let Err(error) = self.catch_up(&mut |_| ()) {
                        tracing::error!(%error, "projecting stopped; it is tried again in a second");
                    }
                }
            }
        }
    }

    fn rebuild(&mut self, report: &mut Report) -> Result<()> {
        let all = journal::head(&self.reader).map_err(database)?;
        self.rules.clear();
        self.empty().map_err(database)?;
        self.catch_up(&mut |done| report(done, all))
    }

    fn empty(&self) -> rusqlite::Result<()> {
        let mut turn = self.turn.second();
        let transaction = turn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute_batch(
            "DELETE FROM entry; DELETE FROM progress; DELETE FROM milestone; DELETE FROM account;
             DELETE FROM person; DELETE FROM guiding; DELETE FROM postponed; DELETE FROM answer;
             DELETE FROM watched; DELETE FROM helping; UPDATE projected SET seq = 0, account = NULL",
        )?;
        transaction.commit()
    }

    /// Projects until the end of the journal; `report` hears the last place after each round.
    pub(crate) fn catch_up(&mut self, report: &mut dyn FnMut(i64)) -> Result<()> {
        let mut size = ROUND;
        while !self.stopping.load(Ordering::Relaxed) {
            let round = self.round(size).map_err(database)?;
            if let Some(last) = round.touched.last() {
                report(last.position.seq);
            }
            for news in round.touched {
                // Nobody may be listening.
                let _ = self.news.send(news);
            }
            if self.logged >= CHECKPOINT {
                self.checkpoint().map_err(database)?;
            }
            // What comes now is worth a round of its own only together with what comes next.
            if round.reached_end {
                break;
            }
            if let Some(kept) = round.kept_waiting {
                thread::sleep((kept * ROOM).min(LONGEST_ROOM));
            }
            size = if round.kept_waiting.is_some() { SHORT_ROUND } else { ROUND };
        }
        Ok(())
    }

    /// Copies the log into the database while others write on. Alone it might never come to an end of
    /// the log, so the journal's writer does the rest itself when the log grows large.
    fn checkpoint(&mut self) -> rusqlite::Result<()> {
        self.logged = 0;
        self.reader.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))
    }

    /// Projects one stretch of the journal.
    fn round(&mut self, size: usize) -> rusqlite::Result<Round> {
        let place = cursor(&self.reader)?;
        let mut records = journal::after(&self.reader, None, place, size)?;
        let reached_end = records.len() < size && records.iter().all(|record| !is_publication(record));
        // They come in whole parcels.
        records.truncate(size);
        if let Some(publication) = records.iter().position(is_publication) {
            records.truncate(publication.max(1));
        }
        let Some(last) = records.last() else { return Ok(Round { reached_end, ..Round::default() }) };
        let told = gather(&records);
        let mut turn = self.turn.second();
        let begun = Instant::now();
        let transaction = turn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        // Another program may have begun a rebuild since: then this stretch is no longer the next.
        if cursor(&transaction)? != place {
            // It may have passed a publication, too.
            self.rules.clear();
            return Ok(Round::default());
        }
        let mut touched = BTreeMap::new();
        if is_publication(last) {
            self.rules.remove(&last.record.site);
            touched = adopt(&mut self.rules, &transaction, last)?;
        } else {
            touched.extend(
                records
                    .iter()
                    .map(|Record { position, record }| ((record.site, record.account.clone()), position.seq)),
            );
            for ((site, account), told) in told {
                let fresh = told.keep(&transaction, site, &account)?;
                if !fresh.is_empty() {
                    let rules = rules_of(&mut self.rules, &transaction, site)?;
                    fold_on(&transaction, site, &account, rules, fresh)?;
                }
            }
            transaction.execute("UPDATE projected SET seq = ?1", [last.position.seq])?;
        }
        transaction.commit()?;
        self.logged += records.len().max(touched.len());
        let kept_waiting = self.turn.is_wanted().then(|| begun.elapsed());
        drop(turn);
        let news =
            |((site, account), seq)| ProjectionUpdate { site, account, position: Position::single(seq) };
        let mut touched: Vec<ProjectionUpdate> = touched.into_iter().map(news).collect();
        touched.sort_by_key(|news| news.position.seq);
        Ok(Round { touched, reached_end, kept_waiting })
    }
}

fn is_publication(record: &Record) -> bool {
    record.record.source == Source::Flow
}

/// What a round did.
#[derive(Default)]
struct Round {
    /// Whether the journal had no more when the round began.
    reached_end: bool,
    /// In the order of the journal.
    touched: Vec<ProjectionUpdate>,
    /// How long the journal's writer had to wait for it, if it had to.
    kept_waiting: Option<Duration>,
}

/// Folds the next accounts of a site by the flow that it published; the cursor passes the publication
/// with the last of them.
fn adopt(
    rules: &mut BTreeMap<SiteId, SiteRules>,
    db: &Connection,
    publication: &Record,
) -> rusqlite::Result<BTreeMap<(SiteId, Option<AccountId>), i64>> {
    let (seq, site) = (publication.position.seq, publication.record.site);
    let after: Option<String> = db.query_row("SELECT account FROM projected", [], |row| row.get(0))?;
    let next = accounts(db, site, after.as_deref().unwrap_or(""), ADOPTED)?;
    for account in &next {
        note_revision(db, site, account, seq)?;
        for (flow, rules) in rules_of(rules, db, site)? {
            fold_again(db, site, account, flow, rules)?;
        }
    }
    let more = next.last().filter(|_| next.len() == ADOPTED);
    match more {
        Some(last) => db.execute("UPDATE projected SET account = ?1", params![last.as_str()])?,
        None => db.execute("UPDATE projected SET seq = ?1, account = NULL", params![seq])?,
    };
    // The site's reports are new when all of its accounts are.
    let site_too = more.is_none().then_some(None);
    Ok(next.into_iter().map(Some).chain(site_too).map(|account| ((site, account), seq)).collect())
}

pub(crate) fn cursor(db: &Connection) -> rusqlite::Result<i64> {
    db.query_row("SELECT seq FROM projected", [], |row| row.get(0))
}
