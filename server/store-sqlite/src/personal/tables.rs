//! Every table with something of people in it, and how an erasure reaches it. A test compares it with the schema and
//! with docs/data-dictionary.md, so that a migration cannot add one that nobody thought of.

use protocol::ids::AccountId;
use rusqlite::{Connection, params};
use store::SiteId;

/// Projected rows that are one person's own.
pub(super) const OF_PERSON: [&str; 5] = ["answer", "guiding", "helping", "person", "watched"];
/// Projected rows that are an account's; what a person did in them is done by nobody after an erasure.
pub(super) const OF_ACCOUNT: [&str; 5] = ["account", "entry", "milestone", "postponed", "progress"];
/// What is written beside the journal.
#[cfg(test)]
pub(super) const BESIDE: [&str; 7] =
    ["attachment", "barred", "conversation", "line", "parcel", "refused", "sighting"];

/// Deletes the rows of a person in every account; returns for each table how many there were.
pub(super) fn delete_person(
    db: &Connection,
    site: SiteId,
    user: &str,
) -> rusqlite::Result<Vec<(&'static str, u64)>> {
    delete(db, &OF_PERSON, "user", site, user)
}

/// Deletes the rows of an account with everybody in it.
pub(super) fn delete_account(
    db: &Connection,
    site: SiteId,
    account: &AccountId,
) -> rusqlite::Result<Vec<(&'static str, u64)>> {
    let mut deleted = delete(db, &OF_PERSON, "account", site, account.as_str())?;
    deleted.extend(delete(db, &OF_ACCOUNT, "account", site, account.as_str())?);
    Ok(deleted)
}

fn delete(
    db: &Connection,
    tables: &[&'static str],
    column: &str,
    site: SiteId,
    id: &str,
) -> rusqlite::Result<Vec<(&'static str, u64)>> {
    let of = |table: &&'static str| {
        let gone = db.execute(
            &format!("DELETE FROM {table} WHERE site = ?1 AND {column} = ?2"),
            params![site.0, id],
        )?;
        Ok((*table, gone as u64))
    };
    tables.iter().map(of).collect()
}
