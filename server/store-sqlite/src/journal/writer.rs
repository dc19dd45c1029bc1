//! The one thread that writes: everything that waits goes into one transaction and one fsync.

use std::thread;
use std::time::{Duration, Instant};

use rusqlite::{Connection, TransactionBehavior};
use store::{NewRecord, StoreError, StoreLoad, Written};
use tokio::sync::{mpsc, oneshot};

use super::{PriorityWriteLock, SegmentEncoder, records};
use crate::disk::Disk;
use crate::error::{Result, failed, of_statement, unknown};

/// Calls that may wait; one more is answered `Busy`.
const QUEUE: usize = 1024;
/// Records after which a transaction is closed even if more wait.
const MAX_GROUP: usize = 4096;

/// Why an answer is missing.
const GONE: &str = "the writing thread ended";

/// Called when the transaction is over, with what became of it.
type Done = Box<dyn FnOnce(&Result<()>) + Send>;
/// Runs in a savepoint of the transaction, if there is one.
type Work = Box<dyn FnOnce(Result<&Connection>, &Disk) -> Done + Send>;
type Answer = oneshot::Sender<Result<Vec<Written>>>;
/// Records of one caller, and where its answer goes.
type Call = (Vec<NewRecord>, Answer);

/// Called after every transaction, to wake the projector.
pub(crate) type AfterCommit = Box<dyn Fn() + Send>;

enum Job {
    Append(Call),
    Run(Work),
}

/// What a transaction does, one after the other: calls that append and follow each other are one step, since their
/// records are packed together.
enum Step {
    Append(Vec<Call>),
    Run(Work),
}

/// How often the disk is probed at most: anybody may ask for it.
const PROBE_INTERVAL: Duration = Duration::from_secs(1);

/// When the disk was probed the last time, and what was found.
type Probed = Option<(Instant, Result<()>)>;

/// The way to the writing thread. The thread ends when this is dropped.
pub(crate) struct Writer {
    jobs: Option<mpsc::Sender<Job>>,
    disk: Disk,
    probed: tokio::sync::Mutex<Probed>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Writer {
    pub(crate) fn start(lock: PriorityWriteLock, disk: Disk, after_commit: AfterCommit) -> Result<Self> {
        let (jobs, queue) = mpsc::channel(QUEUE);
        let encoder = SegmentEncoder::new().map_err(failed)?;
        let of_thread = disk.clone();
        let work = move || write(&lock, encoder, &after_commit, queue, &of_thread);
        let thread = thread::Builder::new().name("journal".into()).spawn(work).map_err(failed)?;
        Ok(Self { jobs: Some(jobs), disk, probed: Default::default(), thread: Some(thread) })
    }

    /// Journals records; returns once they are on disk.
    pub(crate) async fn append(&self, records: Vec<NewRecord>) -> Result<Vec<Written>> {
        let (answer, wait) = oneshot::channel();
        self.send(Job::Append((records, answer)))?;
        wait.await.map_err(|_| unknown(GONE))?
    }

    /// Runs `work`, which is kept whole or not at all; returns once it is on disk. What waits with it shares its
    /// transaction and its sync.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T> {
        let (answer, wait) = oneshot::channel();
        let job = move |db: Result<&Connection>, disk: &Disk| -> Done {
            let value = db.and_then(|db| in_savepoint(db, disk, work));
            // A caller that went away does not want the answer.
            Box::new(move |committed| {
                drop(answer.send(value.and_then(|value| committed.clone().map(|()| value))))
            })
        };
        self.send(Job::Run(Box::new(job)))?;
        wait.await.map_err(|_| unknown(GONE))?
    }

    /// Checks that the disk has room and takes a commit. An answer counts for a second.
    pub(crate) async fn check(&self) -> Result<()> {
        let mut probed = self.probed.lock().await;
        match &*probed {
            Some((at, found)) if at.elapsed() < PROBE_INTERVAL => found.clone(),
            _ => {
                let found = self.probe().await;
                *probed = Some((Instant::now(), found.clone()));
                found
            }
        }
    }

    async fn probe(&self) -> Result<()> {
        let disk = self.disk.clone();
        tokio::task::spawn_blocking(move || disk.ensure_room()).await.map_err(failed)??;
        // The same value is a page on disk all the same.
        self.run(|db| db.execute("UPDATE epoch SET name = name", []).map(drop)).await
    }

    /// What waits, and what the disk has.
    pub(crate) async fn load(&self) -> StoreLoad {
        let disk = self.disk.clone();
        // A disk that hangs must not hold up what else is asked.
        let room = tokio::task::spawn_blocking(move || disk.load()).await.unwrap_or_default();
        let waiting = self.jobs.as_ref().map_or(0, |jobs| jobs.max_capacity() - jobs.capacity());
        StoreLoad { writes_waiting: waiting as u64, writes_waiting_max: QUEUE as u64, ..room }
    }

    /// The disk that it writes to.
    pub(crate) fn disk(&self) -> &Disk {
        &self.disk
    }

    fn send(&self, job: Job) -> Result<()> {
        let jobs = self.jobs.as_ref().ok_or(StoreError::Busy)?;
        jobs.try_send(job).map_err(|_| StoreError::Busy)
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            // A panic in the thread has been answered to its callers already.
            let _ = thread.join();
        }
    }
}

fn in_transaction(
    connection: &mut Connection,
    disk: &Disk,
    work: impl FnOnce(&Connection) -> Result<()>,
) -> Result<()> {
    disk.ensure_trusted()?;
    let begun = connection.transaction_with_behavior(TransactionBehavior::Immediate);
    let transaction = begun.map_err(|error| of_statement(disk.noted(error)))?;
    work(&transaction)?;
    // A commit that fails half-way may be found whole when the log is read after a crash.
    transaction.commit().map_err(|error| unknown(disk.noted(error)))
}

/// Runs one part of a transaction, of which nothing is left when it fails.
fn in_savepoint<T>(
    db: &Connection,
    disk: &Disk,
    work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
) -> Result<T> {
    let all = || {
        db.prepare_cached("SAVEPOINT part")?.execute([])?;
        let value = work(db)?;
        db.prepare_cached("RELEASE part")?.execute([])?;
        Ok(value)
    };
    all().map_err(|error| {
        if !db.is_autocommit() {
            // It fails where the savepoint was not made; then there is nothing to undo.
            let _ = db.execute_batch("ROLLBACK TO part; RELEASE part");
        }
        of_statement(disk.noted(error))
    })
}

fn write(
    lock: &PriorityWriteLock,
    mut encoder: SegmentEncoder,
    after_commit: &AfterCommit,
    mut queue: mpsc::Receiver<Job>,
    disk: &Disk,
) {
    while let Some(first) = queue.blocking_recv() {
        let mut connection = lock.high();
        // What came while the projector had the connection comes along.
        let steps = gather(first, &mut queue);
        commit(&mut connection, disk, &mut encoder, steps);
        drop(connection);
        after_commit();
    }
}

/// Takes what waits already, up to the size of a group.
fn gather(first: Job, queue: &mut mpsc::Receiver<Job>) -> Vec<Step> {
    let (mut steps, mut count, mut next) = (Vec::new(), 0, Some(first));
    while let Some(job) = next {
        match (job, steps.last_mut()) {
            (Job::Append(call), Some(Step::Append(calls))) => {
                count += call.0.len();
                calls.push(call);
            }
            (Job::Append(call), _) => {
                count += call.0.len();
                steps.push(Step::Append(vec![call]));
            }
            (Job::Run(work), _) => {
                count += 1;
                steps.push(Step::Run(work));
            }
        }
        next = if count < MAX_GROUP { queue.try_recv().ok() } else { None };
    }
    steps
}

/// Writes all steps in one transaction and answers their callers. A step that fails leaves the others alone, unless the
/// database gave the whole transaction up.
fn commit(connection: &mut Connection, disk: &Disk, encoder: &mut SegmentEncoder, steps: Vec<Step>) {
    let mut done: Vec<Done> = Vec::with_capacity(steps.len());
    let mut steps = steps.into_iter();
    let committed = in_transaction(connection, disk, |db| {
        for step in steps.by_ref() {
            done.push(step.run(Ok(db), disk, encoder));
            if db.is_autocommit() {
                return Err(unknown("the database gave the transaction up"));
            }
        }
        Ok(())
    });
    if let Err(error) = &committed {
        tracing::error!(%error, "a group of writes was not written");
        // They did not run.
        done.extend(steps.map(|step| step.run(Err(error.clone()), disk, encoder)));
    }
    done.into_iter().for_each(|done| done(&committed));
}

impl Step {
    fn run(self, db: Result<&Connection>, disk: &Disk, encoder: &mut SegmentEncoder) -> Done {
        match self {
            Self::Append(calls) => append(db, disk, encoder, calls),
            Self::Run(work) => work(db, disk),
        }
    }
}

fn append(db: Result<&Connection>, disk: &Disk, encoder: &mut SegmentEncoder, calls: Vec<Call>) -> Done {
    let records = calls.iter().flat_map(|(records, _)| records);
    let written = db.and_then(|db| in_savepoint(db, disk, |db| records::append(db, encoder, records)));
    Box::new(move |committed| {
        let written = written.and_then(|written| committed.clone().map(|()| written));
        let mut all = written.as_ref().map_or([].as_slice(), Vec::as_slice).iter().copied();
        for (records, answer) in calls {
            let own = written.as_ref().map(|_| all.by_ref().take(records.len()).collect());
            // A caller that went away asks again with the same ids.
            let _ = answer.send(own.map_err(StoreError::clone));
        }
    })
}

#[cfg(test)]
mod tests;
