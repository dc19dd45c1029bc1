//! The disk under the store: whether it takes writes, and whether it can still be trusted.
//!
//! A disk that is full or read-only refuses a write, nothing of it is kept, and a later one succeeds when there is room
//! again. After a failed fsync nobody knows what is on it: the system may have dropped the very pages, and calls the
//! next fsync good. From then on nothing is written, and the process has to end (docs/decisions/0017-disks.md).

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::Connection;
use rusqlite::ffi::{SQLITE_IOERR_DIR_FSYNC, SQLITE_IOERR_FSYNC};
use rusqlite::hooks::Wal;
use store::{StoreError, StoreLoad};
use tokio::sync::watch;

use crate::connection::FILE;
use crate::error::{Result, unknown};

/// Room that a disk must have to count as writable, in bytes: as much as the largest request.
const ROOM: usize = 1024 * 1024;
/// A file that is made to see whether there is room, and deleted at once.
const PROBE: &str = "tabiji.probe";
/// Pages of the log at which a commit copies them into the database, if the projector did not.
const CHECKPOINT_PAGES: i32 = 16_384;

/// The disk that one store writes to; cheap to clone.
#[derive(Clone)]
pub(crate) struct Disk {
    folder: PathBuf,
    /// Why it can no longer be trusted.
    broken: Arc<watch::Sender<Option<String>>>,
}

impl Disk {
    pub(crate) fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), broken: Arc::new(watch::Sender::new(None)) }
    }

    /// Passes on an error of a write, and remembers when it says that something was not synced.
    pub(crate) fn noted(&self, error: rusqlite::Error) -> rusqlite::Error {
        let code = error.sqlite_error().map(|error| error.extended_code);
        if matches!(code, Some(SQLITE_IOERR_FSYNC | SQLITE_IOERR_DIR_FSYNC)) {
            tracing::error!(%error, "the disk did not sync: nothing is written any more");
            self.broken.send_replace(Some(error.to_string()));
        }
        error
    }

    /// Checks that no sync has failed.
    pub(crate) fn ensure_trusted(&self) -> Result<()> {
        match &*self.broken.borrow() {
            Some(why) => Err(unknown(why)),
            None => Ok(()),
        }
    }

    /// Waits until a sync fails; returns the error.
    pub(crate) async fn broken(&self) -> String {
        let mut broken = self.broken.subscribe();
        // The sender lives as long as this, so waiting cannot fail.
        let why = broken.wait_for(Option::is_some).await.map(|why| why.clone());
        why.ok().flatten().unwrap_or_default()
    }

    /// Checks that the disk has room. A small page may fit where no message does, and the log may have room of its own
    /// on a disk that is full, so a commit does not show it.
    pub(crate) fn ensure_room(&self) -> Result<()> {
        let probe = self.folder.join(PROBE);
        let written = fs::File::create(&probe).and_then(|mut file| file.write_all(&vec![0; ROOM]));
        let removed = match fs::remove_file(&probe) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        };
        written.and(removed).map_err(|error| StoreError::Away(format!("the disk takes no more: {error}")))
    }

    /// What the files take, and what is left.
    pub(crate) fn load(&self) -> StoreLoad {
        let size = |name: &str| fs::metadata(self.folder.join(name)).map_or(0, |file| file.len());
        let free = rustix::fs::statvfs(&self.folder).map_or(0, |disk| disk.f_bavail * disk.f_frsize);
        StoreLoad {
            database_bytes: size(FILE),
            wal_bytes: size(&format!("{FILE}-wal")),
            disk_free_bytes: free,
            ..StoreLoad::default()
        }
    }

    /// Copies the log into the database from time to time. SQLite would do so by itself, and keep a failed sync to
    /// itself, too.
    pub(crate) fn checkpoint_with(&self, connection: &mut Connection) -> rusqlite::Result<()> {
        let disk = self.clone();
        connection.wal_hook(Some(move |log: &mut Wal, pages| {
            if pages >= CHECKPOINT_PAGES {
                // The commit itself is on disk, and what is not copied now stays in the log.
                let _ = log.checkpoint().map_err(|error| disk.noted(error));
            }
            Ok(())
        }))
    }

    /// Copies all of the log into the database, and syncs it. A process before this one may have ended because a sync
    /// failed; then what it left is whole in memory alone, and would be called stored without being on disk.
    pub(crate) fn settle(&self, connection: &Connection) -> Result<()> {
        let copied = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
        if let Err(error) = copied.map_err(|error| self.noted(error)) {
            // On a full disk it stays in the log, which is read as well.
            tracing::warn!(%error, "the log was not copied into the database");
        }
        self.ensure_trusted()
    }
}
