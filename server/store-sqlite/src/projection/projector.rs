//! The projecting thread: waits until the journal grew, and lets the worker catch up.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

use rusqlite::Connection;
use store::ProjectionUpdate;
use tokio::sync::{broadcast, oneshot};

use super::worker::{ProjectorWorker, Report};
use crate::disk::Disk;
use crate::error::{Result, failed, unknown};
use crate::journal::PriorityWriteLock;

/// How long the projector waits for more records, so that a burst is projected together.
const GATHER: Duration = Duration::from_millis(15);
/// How often the journal is looked at without a wake-up.
const POLL_INTERVAL: Duration = Duration::from_secs(1);

enum Call {
    CatchUp,
    Rebuild(Report, oneshot::Sender<Result<()>>),
    Stop,
}

/// Wakes the projector when the journal grew.
#[derive(Clone)]
pub(crate) struct Waker(SyncSender<Call>);

impl Waker {
    pub(crate) fn wake(&self) {
        // A full queue holds a call that will see the new records too.
        let _ = self.0.try_send(Call::CatchUp);
    }
}

/// The projecting thread; it ends when this is dropped.
pub(crate) struct Projector {
    calls: SyncSender<Call>,
    stopping: Arc<AtomicBool>,
    updates: broadcast::Sender<ProjectionUpdate>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Projector {
    /// Starts a thread that follows the journal through `reader` and writes under the low-priority lock.
    pub(crate) fn start(reader: Connection, lock: PriorityWriteLock, disk: Disk) -> Result<Self> {
        let (calls, queue) = sync_channel(16);
        let mut worker = ProjectorWorker::new(reader, lock, disk);
        let (updates, stopping) = (worker.updates(), worker.stopping());
        let work = move || follow(&mut worker, &queue);
        let thread = thread::Builder::new().name("projector".into()).spawn(work).map_err(failed)?;
        let projector = Self { calls, stopping, updates, thread: Some(thread) };
        projector.waker().wake();
        Ok(projector)
    }

    pub(crate) fn waker(&self) -> Waker {
        Waker(self.calls.clone())
    }

    pub(crate) fn subscribe(&self) -> broadcast::Receiver<ProjectionUpdate> {
        self.updates.subscribe()
    }

    pub(crate) async fn rebuild(&self, report: Report) -> Result<()> {
        let (answer, wait) = oneshot::channel();
        let calls = self.calls.clone();
        let send = move || calls.send(Call::Rebuild(report, answer));
        tokio::task::spawn_blocking(send).await.map_err(failed)?.map_err(failed)?;
        wait.await.map_err(unknown)?
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

fn follow(worker: &mut ProjectorWorker, queue: &Receiver<Call>) {
    loop {
        match queue.recv_timeout(POLL_INTERVAL) {
            Ok(Call::Stop) | Err(RecvTimeoutError::Disconnected) => return,
            Ok(Call::Rebuild(mut report, answer)) => {
                // A caller that went away does not stop the work.
                let _ = answer.send(worker.rebuild(&mut report));
            }
            Ok(Call::CatchUp) | Err(RecvTimeoutError::Timeout) => {
                thread::sleep(GATHER);
                if let Err(error) = worker.catch_up(i64::MAX, &mut |_| ()) {
                    tracing::error!(%error, "projecting failed; the projector tries again in a second");
                }
            }
        }
    }
}
