//! The embedded store: one SQLite file, one thread that writes, one that projects, a few that read.
//!
//! The writer takes whatever waits in its queue, writes it in one transaction and answers everyone
//! after one fsync (`synchronous=FULL`), so durable and fast are the same thing here. The projector
//! follows the journal in transactions of its own that hold its rows and its cursor together: it can
//! be killed at any statement and goes on where it stood.

mod access;
mod answers;
mod chat;
mod desk;
mod files;
mod films;
mod fold;
mod guided;
mod helping;
mod inbox;
mod journal;
mod keep;
mod leave;
mod lines;
mod parcel;
mod paths;
mod project;
mod read;
mod rows;
mod sites;
mod store;
mod talks;
mod turn;
mod writer;

use std::path::{Path as FilePath, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ::store::StoreError;
use rusqlite::Connection;
use rusqlite::config::DbConfig;

use paths::Paths;
use project::Projector;
use turn::WriteTurn;
use writer::Writer;

mod migrations {
    refinery::embed_migrations!("migrations");
}

type Result<T> = std::result::Result<T, StoreError>;

/// The journal's only lane.
const LANE: u16 = 0;

/// A store in one file.
pub struct SqliteStore {
    path: PathBuf,
    writer: Writer,
    projector: Option<Projector>,
    readers: Arc<Mutex<Vec<Connection>>>,
    paths: Arc<Paths>,
}

impl SqliteStore {
    /// Opens or makes `tabiji.db` in the folder `data`, which must exist, brings it up to date, and
    /// follows its journal.
    ///
    /// # Errors
    /// When the file cannot be opened, is no database, or was made by a newer version.
    pub fn open(data: &FilePath) -> Result<Self> {
        let turn = WriteTurn::new(prepare(data)?);
        let projector = Projector::start(connect(&data.join("tabiji.db"))?, turn.clone())?;
        Self::with(data, turn, Some(projector))
    }

    /// The same for a short visit beside a running collector, which alone follows the journal.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn visit(data: &FilePath) -> Result<Self> {
        Self::with(data, WriteTurn::new(prepare(data)?), None)
    }

    fn with(data: &FilePath, turn: WriteTurn, projector: Option<Projector>) -> Result<Self> {
        let writer = Writer::start(turn, projector.as_ref().map(Projector::bell))?;
        Ok(Self {
            path: data.join("tabiji.db"),
            writer,
            projector,
            readers: Arc::default(),
            paths: Arc::default(),
        })
    }

    /// Runs `query` on a connection that only reads, off the async threads.
    async fn read<T: Send + 'static>(
        &self,
        query: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T> {
        let (path, readers) = (self.path.clone(), Arc::clone(&self.readers));
        let work = move || {
            let idle = readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let connection = match idle {
                Some(connection) => connection,
                None => connect(&path)?,
            };
            let answer = query(&connection).map_err(database);
            let mut readers = readers.lock().unwrap_or_else(PoisonError::into_inner);
            if readers.len() < READERS {
                readers.push(connection);
            }
            answer
        };
        tokio::task::spawn_blocking(work).await.map_err(database)?
    }
}

/// Opens the file for writing, with its tables as this version wants them.
fn prepare(data: &FilePath) -> Result<Connection> {
    let mut connection = connect(&data.join("tabiji.db"))?;
    connection.pragma_update(None, "cache_size", CACHE).map_err(database)?;
    migrations::migrations::runner().run(&mut connection).map_err(database)?;
    Ok(connection)
}

/// Of the connection that writes, in KiB with a minus sign: with SQLite's own 2 MiB it reads a busy index
/// anew all the time.
const CACHE: &str = "-32768";
/// Connections for readers that are kept for the next.
const READERS: usize = 8;
/// Pages of the log at which a commit copies them into the database, if the projector did not.
const LOG: &str = "16384";

fn connect(path: &FilePath) -> Result<Connection> {
    let connection = Connection::open(path).map_err(database)?;
    let set = |name: &str, value: &str| connection.pragma_update(None, name, value).map_err(database);
    set("journal_mode", "WAL")?;
    set("synchronous", "FULL")?;
    set("foreign_keys", "ON")?;
    set("wal_autocheckpoint", LOG)?;
    // Without it SQLite plans a cached statement anew whenever a bound value changes.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(database)?;
    connection.busy_timeout(Duration::from_secs(10)).map_err(database)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

fn database(error: impl std::fmt::Display) -> StoreError {
    StoreError::Failed(error.to_string())
}

#[cfg(test)]
mod tests;
