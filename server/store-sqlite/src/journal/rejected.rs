//! Bodies that could not be read: the newest few hundred are kept, for operators who look for the reason.

use rusqlite::{Connection, params};
use store::RejectedBody;

/// Rejected bodies that are kept.
const MAX_KEPT: i64 = 500;

/// Adds one, and deletes the oldest.
pub(crate) fn add(db: &Connection, body: &RejectedBody) -> rusqlite::Result<()> {
    db.prepare_cached("INSERT INTO refused (received, tag, prefix) VALUES (?1, ?2, ?3)")?
        .execute(params![body.received, body.tag, body.prefix])?;
    db.prepare_cached("DELETE FROM refused WHERE seq <= (SELECT max(seq) FROM refused) - ?1")?
        .execute([MAX_KEPT])?;
    Ok(())
}

/// Returns those that are kept, the newest first.
pub(crate) fn list(db: &Connection) -> rusqlite::Result<Vec<RejectedBody>> {
    let mut query = db.prepare("SELECT received, tag, prefix FROM refused ORDER BY seq DESC")?;
    query
        .query_map([], |row| {
            Ok(RejectedBody { received: row.get(0)?, tag: row.get(1)?, prefix: row.get(2)? })
        })?
        .collect()
}
