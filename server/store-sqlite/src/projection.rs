//! The projector: follows the journal and keeps the read models.
//!
//! What a record means stands in [`store::projection`], which needs no database; here are the thread, the
//! transactions, and the columns. To project a new kind of record, after the steps in [`store::projection`]: create
//! its table in a new migration, write its row in `person.rs` or `account.rs`, read it in `rows.rs` and `checksum.rs`,
//! and delete it in `worker.rs` (`delete_all`), or a rebuild keeps old rows. See docs/decisions/0002-fold.md and
//! 0005-intake.md.

mod account;
mod checksum;
mod intake;
mod person;
mod progress;
mod projector;
mod rows;
mod worker;

use rusqlite::Connection;

pub(crate) use checksum::checksum;
pub(crate) use progress::replay_all;
pub(crate) use projector::{Projector, Waker};
pub(crate) use rows::{WATCH, milestone, scale, watch};
#[cfg(test)]
pub(crate) use worker::ProjectorWorker;

/// Returns the journal place up to which everything is projected.
pub(crate) fn cursor(db: &Connection) -> rusqlite::Result<i64> {
    db.query_row("SELECT seq FROM projected", [], |row| row.get(0))
}

/// Notes that projected rows are changed by something else than the projector: what it has folded by now is folded again.
pub(crate) fn revise(db: &Connection) -> rusqlite::Result<()> {
    db.execute("UPDATE projected SET revised = revised + 1", []).map(drop)
}

/// Returns that place, and how often projected rows were changed by something else than the projector: what was read at
/// one standing is still there at the same.
fn standing(db: &Connection) -> rusqlite::Result<(i64, i64)> {
    db.query_row("SELECT seq, revised FROM projected", [], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// Deletes every projection, so that the journal is projected from its beginning.
fn clear(db: &Connection) -> rusqlite::Result<()> {
    db.execute_batch(
            "DELETE FROM entry; DELETE FROM progress; DELETE FROM milestone; DELETE FROM account;
             DELETE FROM person; DELETE FROM guiding; DELETE FROM postponed; DELETE FROM answer;
             DELETE FROM watched; DELETE FROM helping; DELETE FROM quarantined; DELETE FROM visit; DELETE FROM dropped;
             UPDATE projected SET seq = 0, account = NULL, revised = revised + 1",
        )
}
