//! The embedded store: one SQLite file, one thread that writes, one that projects, a few readers.
//!
//! The writer takes whatever waits in its queue, writes it in one transaction and answers everyone after one
//! fsync (`synchronous=FULL`): [`journal`]. The projector follows the journal in transactions of its own that hold
//! its rows and its cursor together, so it can be killed at any statement and continues where it stood:
//! [`projection`]. The other rooms are the nouns of the traits in the crate `store`. Decisions:
//! docs/decisions/0005-intake.md, docs/decisions/0009-chat.md.

mod access;
mod accounts;
mod columns;
mod connection;
mod conversation;
mod disk;
mod epoch;
mod error;
mod exports;
mod flows;
mod guests;
mod integration;
mod journal;
mod journal_store;
mod personal;
mod projection;
mod reports;
mod sites;

use std::path::Path;
use std::sync::Arc;

use rusqlite::Connection;
use store::SecurityEvent;

use connection::{Readers, connect, prepare};
use conversation::ReadMarks;
use disk::Disk;
use error::{Result, failed, of_statement};
use journal::{PriorityWriteLock, Writer};
use projection::Projector;
use reports::FunnelCache;

/// A store in one file.
pub struct SqliteStore {
    writer: Writer,
    projector: Option<Projector>,
    readers: Readers,
    funnel: Arc<FunnelCache>,
    read_marks: ReadMarks,
}

impl SqliteStore {
    /// Opens or makes `tabiji.db` in the folder `data`, which must exist, migrates its schema, and follows its
    /// journal.
    ///
    /// # Errors
    /// When the file cannot be opened, is no database, or was made by a newer version.
    pub fn open(data: &Path) -> Result<Self> {
        let (connection, disk) = (prepare(data)?, Disk::new(data));
        disk.settle(&connection)?;
        Self::following(data, connection, disk)
    }

    /// Opens it beside a running collector, and follows the journal as that one does: each finds out by the cursor what the
    /// other has projected.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_beside(data: &Path) -> Result<Self> {
        Self::following(data, prepare(data)?, Disk::new(data))
    }

    fn following(data: &Path, connection: Connection, disk: Disk) -> Result<Self> {
        let lock = PriorityWriteLock::new(connection);
        let projector = Projector::start(connect(&data.join(connection::FILE))?, lock.clone(), disk.clone())?;
        Self::with(data, lock, disk, Some(projector))
    }

    /// Opens it for a short visit beside a running collector, which alone follows the journal.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn visit(data: &Path) -> Result<Self> {
        Self::with(data, PriorityWriteLock::new(prepare(data)?), Disk::new(data), None)
    }

    /// Whether opening the folder `data` would upgrade it.
    ///
    /// # Errors
    /// When the file cannot be opened, or is no database.
    pub fn is_of_release_before(data: &Path) -> Result<bool> {
        connection::is_of_release_before(data)
    }

    /// Copies the database of the folder `data` into the folder `to` as it is at one moment, beside a running collector.
    ///
    /// # Errors
    /// When one of the files cannot be read or written.
    pub fn snapshot(data: &Path, to: &Path) -> Result<()> {
        connection::snapshot(data, to)
    }

    /// Reads the whole database of the folder `data`, of this release or of one before, and says where it is damaged, if it
    /// is. Nothing is upgraded.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn verify_copy(data: &Path) -> Result<std::result::Result<(), String>> {
        journal_store::damage(&connect(&data.join(connection::FILE))?).map_err(of_statement)
    }

    /// Adds to the security log of the folder `data`, beside a running collector, which may be of a release before: nothing
    /// is upgraded.
    ///
    /// # Errors
    /// When it cannot be written, or was made by a release without such a log.
    pub fn note(data: &Path, event: SecurityEvent) -> Result<()> {
        let connection = connect(&data.join(connection::FILE))?;
        access::security::add(&connection, event).map_err(of_statement)
    }

    /// Begins another epoch in the database of the folder `data`, which was restored from a backup.
    ///
    /// # Errors
    /// As [`Self::open`], and when it cannot be written.
    pub fn begin_epoch(data: &Path) -> Result<()> {
        let mut connection = prepare(data)?;
        let transaction = connection.transaction().map_err(failed)?;
        epoch::begin(&transaction).and_then(|()| transaction.commit()).map_err(failed)
    }

    fn with(data: &Path, lock: PriorityWriteLock, disk: Disk, projector: Option<Projector>) -> Result<Self> {
        disk.checkpoint_with(&mut lock.low()).map_err(failed)?;
        let waker = projector.as_ref().map(Projector::waker);
        let after_commit = Box::new(move || waker.iter().for_each(projection::Waker::wake));
        let writer = Writer::start(lock, disk, after_commit)?;
        Ok(Self {
            writer,
            projector,
            readers: Readers::new(data),
            funnel: Arc::default(),
            read_marks: ReadMarks::default(),
        })
    }

    /// Runs `query` on a connection that only reads.
    async fn read<T: Send + 'static>(
        &self,
        query: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T> {
        self.readers.read(query).await
    }

    /// Runs `work` in a transaction of the writer; returns once it is on disk.
    async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T> {
        self.writer.run(work).await
    }
}

#[cfg(test)]
mod tests;
