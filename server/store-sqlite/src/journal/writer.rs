//! The one thread that writes: everything that waits goes into one transaction and one fsync.

use std::thread;
use std::time::{Duration, Instant};

use rusqlite::{Connection, TransactionBehavior};
use store::{NewRecord, StoreError, Written};
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

type Work = Box<dyn FnOnce(&mut Connection) + Send>;
type Answer = oneshot::Sender<Result<Vec<Written>>>;
/// Records of one caller, and where its answer goes.
type Call = (Vec<NewRecord>, Answer);

/// Called after every transaction, to wake the projector.
pub(crate) type AfterCommit = Box<dyn Fn() + Send>;

enum Job {
    Append(Vec<NewRecord>, Answer),
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
        self.send(Job::Append(records, answer))?;
        wait.await.map_err(|_| unknown(GONE))?
    }

    /// Runs `work` in a transaction of its own; returns once it is on disk.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T> {
        let (answer, wait) = oneshot::channel();
        let disk = self.disk.clone();
        let job = move |connection: &mut Connection| {
            // A caller that went away does not want the answer.
            let _ = answer.send(in_transaction(connection, &disk, work));
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

fn in_transaction<T>(
    connection: &mut Connection,
    disk: &Disk,
    work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
) -> Result<T> {
    disk.ensure_trusted()?;
    let begun = connection.transaction_with_behavior(TransactionBehavior::Immediate);
    let transaction = begun.map_err(|error| of_statement(disk.noted(error)))?;
    let value = work(&transaction).map_err(|error| of_statement(disk.noted(error)))?;
    // A commit that fails half-way may be found whole when the log is read after a crash.
    transaction.commit().map_err(|error| unknown(disk.noted(error)))?;
    Ok(value)
}

fn write(
    lock: &PriorityWriteLock,
    mut encoder: SegmentEncoder,
    after_commit: &AfterCommit,
    mut queue: mpsc::Receiver<Job>,
    disk: &Disk,
) {
    let mut next = None;
    loop {
        let Some(job) = next.take().or_else(|| queue.blocking_recv()) else { return };
        let mut connection = lock.high();
        match job {
            Job::Run(work) => work(&mut connection),
            Job::Append(records, answer) => {
                let mut group = vec![(records, answer)];
                next = gather(&mut group, &mut queue);
                append_group(&mut connection, disk, &mut encoder, group);
            }
        }
        drop(connection);
        after_commit();
    }
}

/// Adds what waits already to the group, up to its size; returns a job of another kind that came between.
fn gather(group: &mut Vec<Call>, queue: &mut mpsc::Receiver<Job>) -> Option<Job> {
    let mut count: usize = group.iter().map(|(records, _)| records.len()).sum();
    while count < MAX_GROUP {
        match queue.try_recv() {
            Ok(Job::Append(records, answer)) => {
                count += records.len();
                group.push((records, answer));
            }
            Ok(other) => return Some(other),
            Err(_) => break,
        }
    }
    None
}

fn append_group(connection: &mut Connection, disk: &Disk, encoder: &mut SegmentEncoder, group: Vec<Call>) {
    let records = group.iter().flat_map(|(records, _)| records);
    match in_transaction(connection, disk, |db| records::append(db, encoder, records)) {
        Ok(written) => {
            let mut written = written.into_iter();
            for (records, answer) in group {
                // A caller that went away asks again with the same ids.
                let _ = answer.send(Ok(written.by_ref().take(records.len()).collect()));
            }
        }
        Err(error) => {
            tracing::error!(%error, calls = group.len(), "a group of records was not written");
            for (_, answer) in group {
                let _ = answer.send(Err(error.clone()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn run(connection: &mut Connection, sql: &str) -> Result<()> {
        in_transaction(connection, &Disk::new(Path::new("")), |db| db.execute_batch(sql))
    }

    #[test]
    fn only_a_failed_commit_leaves_open_whether_it_was_kept() {
        let folder = tempfile::tempdir().unwrap();
        let open = || Connection::open(folder.path().join("test.db")).unwrap();
        let (mut one, other) = (open(), open());
        run(&mut one, "CREATE TABLE t (n INTEGER UNIQUE); INSERT INTO t VALUES (1)").unwrap();
        assert!(matches!(run(&mut one, "INSERT INTO nothing VALUES (1)"), Err(StoreError::Failed(_))));
        assert!(matches!(run(&mut one, "INSERT INTO t VALUES (1)"), Err(StoreError::Exists(_))));
        one.commit_hook(Some(|| true)).unwrap();
        assert!(matches!(run(&mut one, "INSERT INTO t VALUES (2)"), Err(StoreError::Away(_))));
        one.commit_hook(None::<fn() -> bool>).unwrap();
        // Another process that holds the lock for longer than the timeout: nothing was written.
        one.busy_timeout(Duration::from_millis(1)).unwrap();
        other.execute_batch("BEGIN IMMEDIATE").unwrap();
        assert!(matches!(run(&mut one, "INSERT INTO t VALUES (3)"), Err(StoreError::Busy)));
    }

    #[tokio::test]
    async fn a_writer_whose_thread_ended_does_not_say_that_nothing_was_kept() {
        let lock = PriorityWriteLock::new(Connection::open_in_memory().unwrap());
        let ends = Box::new(|| panic!("the thread ends after the commit"));
        let writer = Writer::start(lock, Disk::new(Path::new("")), ends).unwrap();
        let first = writer.run(|db| db.execute_batch("CREATE TABLE t (n INTEGER)")).await;
        assert!(first.is_ok());
        let later = writer.run(|db| db.execute_batch("INSERT INTO t VALUES (1)")).await;
        assert!(matches!(later, Err(StoreError::Away(_) | StoreError::Busy)), "{later:?}");
    }
}
