//! The projector: follows the journal and keeps the read models.
//!
//! Each round reads a stretch of the journal and writes its rows together with the cursor in one
//! transaction. An account whose new entries all come after what it has is folded on from its state;
//! when something came late, or a flow was published, it is folded again from all its entries. Both
//! give the same rows, because the fold does not care.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::PoisonError;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

use journey::Entry;
use protocol::AccountId;
use rusqlite::{Connection, TransactionBehavior};
use sha2::{Digest, Sha256};
use store::{Record, SiteId, Source, Touched};
use tokio::sync::{broadcast, oneshot};

use crate::fold::{SiteRules, fold_again, fold_on, rules_of};
use crate::keep::{accounts, keep, note_revision};
use crate::{Result, WriteTurn, database, journal};

/// Records in one transaction: small, because the journal's writer waits meanwhile.
const ROUND: usize = 512;
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
    news: broadcast::Sender<Touched>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Projector {
    pub(crate) fn start(connection: Connection, turn: WriteTurn) -> Result<Self> {
        // Checkpoints belong to the journal's writer: two who do it let the log grow.
        connection.pragma_update(None, "wal_autocheckpoint", 0).map_err(database)?;
        let (calls, queue) = sync_channel(16);
        let mut follower = Follower::new(connection, turn);
        let news = follower.news.clone();
        let work = move || follower.follow(&queue);
        let thread = thread::Builder::new().name("projector".into()).spawn(work).map_err(database)?;
        let projector = Self { calls, news, thread: Some(thread) };
        projector.bell().ring();
        Ok(projector)
    }

    pub(crate) fn bell(&self) -> Bell {
        Bell(self.calls.clone())
    }

    pub(crate) fn subscribe(&self) -> broadcast::Receiver<Touched> {
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
        // The thread may be gone already; then there is nothing to stop.
        let _ = self.calls.send(Call::Stop);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

pub(crate) struct Follower {
    connection: Connection,
    turn: WriteTurn,
    /// Rules by site and flow name; forgotten when the site publishes.
    rules: BTreeMap<SiteId, SiteRules>,
    news: broadcast::Sender<Touched>,
}

impl Follower {
    pub(crate) fn new(connection: Connection, turn: WriteTurn) -> Self {
        let (news, _) = broadcast::channel(NEWS);
        Self { connection, turn, rules: BTreeMap::new(), news }
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
        let all = journal::head(&self.connection).map_err(database)?;
        self.connection
            .execute_batch(
                "BEGIN IMMEDIATE; DELETE FROM entry; DELETE FROM progress; DELETE FROM revision;
                 DELETE FROM milestone; DELETE FROM account; DELETE FROM person;
                 UPDATE projected SET seq = 0; COMMIT",
            )
            .map_err(database)?;
        self.catch_up(&mut |done| report(done, all))
    }

    /// Projects until the end of the journal; `report` hears the last place after each round.
    pub(crate) fn catch_up(&mut self, report: &mut dyn FnMut(i64)) -> Result<()> {
        loop {
            let touched = self.round().map_err(database)?;
            let Some(last) = touched.last() else { return Ok(()) };
            report(last.seq);
            for news in touched {
                // Nobody may be listening.
                let _ = self.news.send(news);
            }
        }
    }

    /// Projects one stretch of the journal; gives what it touched, nothing at the end.
    fn round(&mut self) -> rusqlite::Result<Vec<Touched>> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let records = journal::after(&transaction, None, cursor(&transaction)?, ROUND)?;
        let Some(last) = records.last().map(|record| record.seq) else { return Ok(Vec::new()) };
        let mut touched: BTreeMap<(SiteId, Option<AccountId>), i64> = BTreeMap::new();
        let mut fresh: BTreeMap<(SiteId, AccountId), Vec<Entry>> = BTreeMap::new();
        let mut published = BTreeSet::new();
        for Record { seq, record } in &records {
            touched.insert((record.site, record.account.clone()), *seq);
            if record.source == Source::Flow {
                published.insert(record.site);
            }
            if let Some(entry) = keep(&transaction, *seq, record)?
                && let Some(account) = &record.account
            {
                fresh.entry((record.site, account.clone())).or_default().push(entry);
            }
        }
        for site in published {
            self.rules.remove(&site);
            for account in accounts(&transaction, site)? {
                touched.insert((site, Some(account.clone())), last);
                note_revision(&transaction, site, &account, last)?;
                for (flow, rules) in rules_of(&mut self.rules, &transaction, site)? {
                    fold_again(&transaction, site, &account, flow, rules)?;
                }
                fresh.remove(&(site, account));
            }
        }
        for ((site, account), entries) in fresh {
            let rules = rules_of(&mut self.rules, &transaction, site)?;
            fold_on(&transaction, site, &account, rules, entries)?;
        }
        transaction.execute("UPDATE projected SET seq = ?1", [last])?;
        transaction.commit()?;
        let news = |((site, account), seq)| Touched { site, account, seq };
        let mut touched: Vec<Touched> = touched.into_iter().map(news).collect();
        touched.sort_by_key(|news| news.seq);
        Ok(touched)
    }
}

pub(crate) fn cursor(db: &Connection) -> rusqlite::Result<i64> {
    db.query_row("SELECT seq FROM projected", [], |row| row.get(0))
}

/// SHA-256 over every projected row that does not depend on the order of arrival.
pub(crate) fn checksum(db: &Connection) -> rusqlite::Result<String> {
    let mut digest = Sha256::new();
    for table in ["entry", "progress", "milestone", "account", "person"] {
        // The first four columns of each are its key, but for `entry`, whose first five are.
        let order = if table == "entry" { "1, 2, 3, 4, 5" } else { "1, 2, 3, 4" };
        let mut query = db.prepare(&format!("SELECT * FROM {table} ORDER BY {order}"))?;
        let columns = query.column_count();
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            for column in 0..columns {
                digest.update(format!("{:?}\u{1f}", row.get_ref(column)?));
            }
            digest.update("\u{1e}");
        }
    }
    Ok(digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}
