//! The epoch: which history this database tells. A backup that is restored begins another one, since clients may know
//! what came after it. They notice by its name, and whatever they know has a lower revision than what they get
//! from then on, so that nothing seems older than it is (docs/decisions/0017-disks.md).

use rusqlite::Connection;

/// How far the revisions of two epochs are apart: more than any epoch has records. Thousands of epochs fit into the
/// whole numbers of JavaScript.
const APART: i64 = 1 << 40;

/// Returns its name.
pub(crate) fn name(db: &Connection) -> rusqlite::Result<String> {
    db.query_row("SELECT name FROM epoch", [], |row| row.get(0))
}

/// Returns what is added to a place in the journal to make a revision.
pub(crate) fn base(db: &Connection) -> rusqlite::Result<i64> {
    db.prepare_cached("SELECT restored FROM epoch")?.query_row([], |row| Ok(row.get::<_, i64>(0)? * APART))
}

/// Begins another one.
pub(crate) fn begin(db: &Connection) -> rusqlite::Result<()> {
    db.execute_batch("UPDATE epoch SET name = lower(hex(randomblob(8))), restored = restored + 1")?;
    // Lists of conversations ask for what changed after a revision: from here on everything has.
    db.execute("UPDATE conversation SET rev = rev + ?1", [APART])?;
    db.execute("UPDATE change SET rev = rev + ?1", [APART]).map(drop)
}
