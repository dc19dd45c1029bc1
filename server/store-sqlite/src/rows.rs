//! How our types stand in columns.

use protocol::ids::EventId;
use rusqlite::types::{ToSql, ToSqlOutput};
use rusqlite::{Row, types::Type};
use serde_json::Error;
use uuid::Uuid;

/// An id as sixteen bytes, which sort by time.
pub(crate) struct Blob(pub(crate) EventId);

impl ToSql for Blob {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::from(&self.0.0.as_bytes()[..]))
    }
}

pub(crate) fn uuid(row: &Row<'_>, column: usize) -> rusqlite::Result<Uuid> {
    row.get::<_, [u8; 16]>(column).map(Uuid::from_bytes)
}

/// A JSON column that this version cannot read is a damaged row.
pub(crate) fn unreadable(error: Error) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(0, Type::Text, Box::new(error))
}

/// Reads a JSON text.
pub(crate) fn json<T: serde::de::DeserializeOwned>(text: &str) -> rusqlite::Result<T> {
    serde_json::from_str(text).map_err(unreadable)
}

/// Writes a JSON text.
pub(crate) fn to_json(value: &impl serde::Serialize) -> rusqlite::Result<String> {
    serde_json::to_string(value).map_err(unreadable)
}
