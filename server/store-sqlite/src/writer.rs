//! The one thread that writes: everything that waits goes into one transaction and one fsync.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use ::store::{NewRecord, StoreError, Written};
use rusqlite::{Connection, ErrorCode, TransactionBehavior};
use tokio::sync::{mpsc, oneshot};

use crate::parcel::Packer;
use crate::project::Bell;
use crate::turn::WriteTurn;
use crate::{Result, database, journal};

/// Calls that may wait; one more is answered `Busy`.
const QUEUE: usize = 1024;
/// Records after which a transaction is closed even if more wait.
const MOST_RECORDS: usize = 4096;

type Work = Box<dyn FnOnce(&mut Connection) + Send>;
type Answer = oneshot::Sender<Result<Vec<Written>>>;
/// Records of one caller, and where its answer goes.
type Call = (Vec<NewRecord>, Answer);

enum Job {
    Append(Vec<NewRecord>, Answer),
    Run(Work),
}

/// When the disk took nothing the last time.
type Trouble = Arc<Mutex<Option<Instant>>>;

/// How long a disk that took something is taken to do so: anybody may ask.
const TRUST: Duration = Duration::from_secs(1);
/// How long it is in doubt after it took nothing.
const DOUBT: Duration = Duration::from_secs(30);

/// The way to the writing thread; the thread ends when this is dropped.
pub(crate) struct Writer {
    jobs: Option<mpsc::Sender<Job>>,
    trouble: Trouble,
    checked: tokio::sync::Mutex<Option<Instant>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Writer {
    pub(crate) fn start(turn: WriteTurn, bell: Option<Bell>) -> Result<Self> {
        let (jobs, queue) = mpsc::channel(QUEUE);
        let packer = Packer::new().map_err(database)?;
        let trouble = Trouble::default();
        let noted = Arc::clone(&trouble);
        let work = move || write(&turn, packer, bell.as_ref(), queue, &noted);
        let thread = thread::Builder::new().name("journal".into()).spawn(work).map_err(database)?;
        Ok(Self { jobs: Some(jobs), trouble, checked: Default::default(), thread: Some(thread) })
    }

    /// Journals records; answers when they are on disk.
    pub(crate) async fn append(&self, records: Vec<NewRecord>) -> Result<Vec<Written>> {
        let (answer, wait) = oneshot::channel();
        self.send(Job::Append(records, answer))?;
        wait.await.map_err(database)?
    }

    /// Runs `work` in a transaction of its own.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T> {
        let (answer, wait) = oneshot::channel();
        let trouble = Arc::clone(&self.trouble);
        let job = move |connection: &mut Connection| {
            // A caller that went away does not want the answer.
            let _ = answer.send(in_transaction(connection, &trouble, work));
        };
        self.send(Job::Run(Box::new(job)))?;
        wait.await.map_err(database)?
    }

    /// Whether the disk takes what is written. A small page may fit where no message does, so what failed a
    /// while ago counts, too.
    pub(crate) async fn check(&self) -> Result<()> {
        let failed = *self.trouble.lock().unwrap_or_else(PoisonError::into_inner);
        if failed.is_some_and(|at| at.elapsed() < DOUBT) {
            return Err(StoreError::Failed("the disk took nothing a moment ago: is it full?".to_owned()));
        }
        let mut checked = self.checked.lock().await;
        if checked.is_none_or(|at| at.elapsed() > TRUST) {
            // The same value is a page on disk all the same.
            self.run(|db| db.execute("UPDATE epoch SET name = name", []).map(drop)).await?;
            *checked = Some(Instant::now());
        }
        Ok(())
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
    trouble: &Trouble,
    work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
) -> Result<T> {
    let run = || {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let value = work(&transaction)?;
        transaction.commit()?;
        Ok(value)
    };
    let done: rusqlite::Result<T> = run();
    let code = done.as_ref().err().and_then(rusqlite::Error::sqlite_error_code);
    if matches!(code, Some(ErrorCode::DiskFull | ErrorCode::SystemIoFailure | ErrorCode::ReadOnly)) {
        *trouble.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }
    done.map_err(database)
}

fn write(
    turn: &WriteTurn,
    mut packer: Packer,
    bell: Option<&Bell>,
    mut queue: mpsc::Receiver<Job>,
    trouble: &Trouble,
) {
    let mut next = None;
    loop {
        let Some(job) = next.take().or_else(|| queue.blocking_recv()) else { return };
        let mut connection = turn.first();
        match job {
            Job::Run(work) => work(&mut connection),
            Job::Append(records, answer) => {
                let mut group = vec![(records, answer)];
                next = gather(&mut group, &mut queue);
                append_group(&mut connection, trouble, &mut packer, group);
            }
        }
        drop(connection);
        if let Some(bell) = bell {
            bell.ring();
        }
    }
}

/// Adds what waits already to the group, up to its size; gives back a job of another kind.
fn gather(group: &mut Vec<Call>, queue: &mut mpsc::Receiver<Job>) -> Option<Job> {
    let mut count: usize = group.iter().map(|(records, _)| records.len()).sum();
    while count < MOST_RECORDS {
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

fn append_group(connection: &mut Connection, trouble: &Trouble, packer: &mut Packer, group: Vec<Call>) {
    let records = group.iter().flat_map(|(records, _)| records);
    match in_transaction(connection, trouble, |db| journal::append(db, packer, records)) {
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
                let _ = answer.send(Err(StoreError::Failed(error.to_string())));
            }
        }
    }
}
