//! Connections to the database file: how they are set up, and the pool of those that only read.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use journey::reports::clips::is_plausible;
use refinery::Runner;
use rusqlite::Connection;
use rusqlite::backup::Backup;
use rusqlite::config::DbConfig;
use rusqlite::functions::FunctionFlags;
use search::search_form;

use crate::error::{Result, failed, of_statement};

pub(crate) mod migrations {
    refinery::embed_migrations!("migrations");
}

/// The database file in a data folder.
pub(crate) const FILE: &str = "tabiji.db";
/// Page cache of the writing connection, in KiB with a minus sign. With SQLite's default of 2 MiB it reads the
/// pages of a busy index again and again.
const CACHE_SIZE: &str = "-32768";
/// How often a statement asks for another process's write lock, and for how long. SQLite's own pauses grow to a tenth of a
/// second, in which a busy collector has the lock again and again.
const BUSY_PAUSE: Duration = Duration::from_millis(1);
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
/// Idle readers that are kept.
const MAX_IDLE_READERS: usize = 8;

/// Opens the file for writing and migrates its schema to this version.
pub(crate) fn prepare(data: &Path) -> Result<Connection> {
    let mut connection = connect(&data.join(FILE))?;
    connection.pragma_update(None, "cache_size", CACHE_SIZE).map_err(failed)?;
    upgrade(&mut connection)?;
    Ok(connection)
}

/// Migrates the schema in one transaction with the notes of what was done: by its default, the library writes a note in
/// a transaction of its own, and an upgrade that was killed before it could never go on.
pub(crate) fn upgrade(connection: &mut Connection) -> Result<()> {
    let runner = migrations::migrations::runner().set_grouped(true);
    let (before, ours) = (schema(connection).map_err(failed)?, newest(&runner));
    if before > ours {
        return Err(failed(format!(
            "it was written by a newer release (schema {before}, and this one knows {ours}): run that release, or \
             restore a backup from before the upgrade into another folder (`tabiji restore`)"
        )));
    }
    runner.run(connection).map_err(failed)?;
    if 0 < before && before < ours {
        tracing::warn!(
            "the data folder was upgraded from schema {before} to {ours}, which the release before cannot open; the way \
             back is a backup from before (`tabiji restore`)"
        );
    }
    Ok(())
}

/// Whether the database of a folder was written by a release before this one.
pub(crate) fn is_of_release_before(data: &Path) -> Result<bool> {
    let before = schema(&connect(&data.join(FILE))?).map_err(failed)?;
    Ok(0 < before && before < newest(&migrations::migrations::runner()))
}

/// Returns the schema that a database has, 0 when it has none.
fn schema(db: &Connection) -> rusqlite::Result<i64> {
    if !db.table_exists(None, "refinery_schema_history")? {
        return Ok(0);
    }
    db.query_row("SELECT coalesce(max(version), 0) FROM refinery_schema_history", [], |row| row.get(0))
}

/// Returns the schema of this release.
fn newest(runner: &Runner) -> i64 {
    runner.get_migrations().iter().map(|migration| i64::from(migration.version())).max().unwrap_or_default()
}

/// Opens a connection. Every commit is synced (docs/decisions/0005-intake.md).
pub(crate) fn connect(path: &Path) -> Result<Connection> {
    let mut connection = Connection::open(path).map_err(failed)?;
    connection.busy_handler(Some(waits)).map_err(failed)?;
    let set = |name: &str, value: &str| connection.pragma_update(None, name, value).map_err(failed);
    set("journal_mode", "WAL")?;
    set("synchronous", "FULL")?;
    set("foreign_keys", "ON")?;
    // What is deleted is overwritten: it may be what a person wrote (docs/decisions/0018-erasure.md).
    set("secure_delete", "ON")?;
    // The disk's room does it, which notices a failed sync.
    set("wal_autocheckpoint", "0")?;
    // Without it SQLite plans a cached statement again whenever a bound value changes.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(failed)?;
    let function_flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    connection
        .create_scalar_function("search_form", 1, function_flags, |given| {
            Ok(given.get::<Option<String>>(0)?.map(|text| search_form(&text)))
        })
        .map_err(failed)?;
    // Of a row of `watched`: seen, received_first, received_last, and the seconds of its video, NULL when that is gone.
    connection
        .create_scalar_function("is_plausible", 4, function_flags, |given| {
            let seen = given.get::<String>(0)?.parse().unwrap_or_default();
            let seconds = given.get::<Option<f64>>(3)?.unwrap_or(f64::INFINITY);
            Ok(is_plausible(&seen, (given.get(1)?, given.get(2)?), seconds))
        })
        .map_err(failed)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

/// Whether a statement that was refused the lock so many times asks once more, after a pause.
fn waits(times: i32) -> bool {
    thread::sleep(BUSY_PAUSE);
    BUSY_PAUSE * times.unsigned_abs() < BUSY_TIMEOUT
}

/// Copies the database in one step, so that it is of one moment. Writers go on meanwhile.
pub(crate) fn snapshot(data: &Path, to: &Path) -> Result<()> {
    let source = connect(&data.join(FILE))?;
    let mut target = Connection::open(to.join(FILE)).map_err(failed)?;
    Backup::new(&source, &mut target).and_then(|copy| copy.step(-1)).map_err(failed)?;
    Ok(())
}

/// Connections that only read; idle ones are kept for the next query.
pub(crate) struct Readers {
    path: PathBuf,
    idle: Arc<Mutex<Vec<Connection>>>,
}

impl Readers {
    pub(crate) fn new(data: &Path) -> Self {
        Self { path: data.join(FILE), idle: Arc::default() }
    }

    /// Runs `query` on a connection of the pool, off the async threads.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        query: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T> {
        let (path, idle) = (self.path.clone(), Arc::clone(&self.idle));
        let work = move || {
            let reader = idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let reader = reader.map_or_else(|| connect(&path), Ok)?;
            let answer = query(&reader).map_err(of_statement);
            let mut idle = idle.lock().unwrap_or_else(PoisonError::into_inner);
            if idle.len() < MAX_IDLE_READERS {
                idle.push(reader);
            }
            answer
        };
        tokio::task::spawn_blocking(work).await.map_err(failed)?
    }
}
