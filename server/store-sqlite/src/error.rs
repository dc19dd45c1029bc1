//! How errors of SQLite become errors of a store.

use rusqlite::ErrorCode;
use rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE;
use store::StoreError;

pub(crate) type Result<T> = store::Result<T>;

/// An error after which nothing of the call was kept.
pub(crate) fn failed(error: impl std::fmt::Display) -> StoreError {
    StoreError::Failed(error.to_string())
}

/// An error that leaves open whether the call was committed.
pub(crate) fn unknown(error: impl std::fmt::Display) -> StoreError {
    StoreError::Away(error.to_string())
}

/// An error of a statement. Its transaction was rolled back, so nothing was kept; when the disk is the reason, the same
/// call succeeds later.
pub(crate) fn of_statement(error: rusqlite::Error) -> StoreError {
    match &error {
        rusqlite::Error::SqliteFailure(code, _) if code.extended_code == SQLITE_CONSTRAINT_UNIQUE => {
            StoreError::Exists("a row with this name".to_owned())
        }
        // Another process has held the write lock for longer than the busy timeout.
        _ if is_busy(&error) => StoreError::Busy,
        _ if is_of_disk(&error) => unknown(error),
        _ => failed(error),
    }
}

/// Whether another process has the lock.
pub(crate) fn is_busy(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)
}

/// Whether the disk is the reason: full, read-only or broken.
fn is_of_disk(error: &rusqlite::Error) -> bool {
    let codes = [ErrorCode::DiskFull, ErrorCode::SystemIoFailure, ErrorCode::ReadOnly, ErrorCode::CannotOpen];
    error.sqlite_error_code().is_some_and(|code| codes.contains(&code))
}
