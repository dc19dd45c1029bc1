//! How our types stand in columns.

use protocol::ids::{EventId, OrderKey, UserId};
use rusqlite::types::{ToSql, ToSqlOutput};
use rusqlite::{Row, types::Type};
use uuid::Uuid;

/// An id as sixteen bytes, which sort by time.
pub(crate) struct Blob(pub(crate) EventId);

impl ToSql for Blob {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::from(&self.0.0.as_bytes()[..]))
    }
}

/// Reads an id.
pub(crate) fn uuid(row: &Row<'_>, column: usize) -> rusqlite::Result<Uuid> {
    row.get::<_, [u8; 16]>(column).map(Uuid::from_bytes)
}

/// Reads a place in time from three columns that follow each other: at, n, id.
pub(crate) fn key(row: &Row<'_>, first: usize) -> rusqlite::Result<OrderKey> {
    Ok(OrderKey(row.get(first)?, row.get(first + 1)?, EventId(uuid(row, first + 2)?)))
}

/// Reads a person's id.
pub(crate) fn user(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<UserId>> {
    Ok(row.get::<_, Option<String>>(column)?.map(UserId))
}

/// The error of a column whose text or number this version does not know: the row is damaged.
pub(crate) fn unreadable(column: usize, what: &str) -> rusqlite::Error {
    rusqlite::Error::InvalidColumnType(column, what.to_owned(), Type::Text)
}

fn json_error(error: serde_json::Error) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(0, Type::Text, Box::new(error))
}

/// Reads a JSON text.
pub(crate) fn json<T: serde::de::DeserializeOwned>(text: &str) -> rusqlite::Result<T> {
    serde_json::from_str(text).map_err(json_error)
}

/// Writes a JSON text.
pub(crate) fn to_json(value: &impl serde::Serialize) -> rusqlite::Result<String> {
    serde_json::to_string(value).map_err(json_error)
}

/// A number of a client, which may be larger than a column.
pub(crate) fn clamped(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
