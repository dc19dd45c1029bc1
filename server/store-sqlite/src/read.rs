//! Questions to the projections.

use ::store::{AccountRow, Person, SiteId, SnoozedStep};
use protocol::Millis;
use protocol::backend::AccountUpdate;
use protocol::ids::{AccountId, StepId, UserId};
use protocol::stored::Progress;
use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};

use crate::rows::json;

pub(crate) fn progress(
    db: &Connection,
    site: SiteId,
    account: &AccountId,
    flow: &str,
) -> rusqlite::Result<(Progress, i64)> {
    // One statement, so that state and revision are of the same moment.
    let found: Option<(Option<String>, i64)> = db
        .prepare_cached(
            "SELECT p.state, a.seq FROM account a
             LEFT JOIN progress p ON p.site = a.site AND p.account = a.account AND p.flow = ?3
             WHERE a.site = ?1 AND a.account = ?2",
        )?
        .query_row(params![site.0, account.as_str(), flow], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    match found {
        Some((Some(state), seq)) => Ok((json(&state)?, seq)),
        Some((None, seq)) => Ok((Progress::default(), seq)),
        None => Ok((Progress::default(), 0)),
    }
}

pub(crate) fn account(db: &Connection, site: SiteId, account: &AccountId) -> rusqlite::Result<AccountRow> {
    let found: Option<(String, Millis, Millis)> = db
        .prepare_cached("SELECT known, first_seen, last_seen FROM account WHERE site = ?1 AND account = ?2")?
        .query_row(params![site.0, account.as_str()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    let Some((known, first, last)) = found else { return Ok(AccountRow::default()) };
    Ok(AccountRow { known: json(&known)?, seen: Some((first, last)) })
}

pub(crate) fn people(db: &Connection, site: SiteId, account: &AccountId) -> rusqlite::Result<Vec<Person>> {
    db.prepare_cached("SELECT user, name FROM person WHERE site = ?1 AND account = ?2")?
        .query_map(params![site.0, account.as_str()], |row| {
            Ok(Person { user: UserId(row.get(0)?), name: row.get(1)? })
        })?
        .collect()
}

/// The most promises that are listed: more than anybody calls in a week.
const PROMISES: i64 = 200;

pub(crate) fn postponed(db: &Connection, site: SiteId, flow: &str) -> rusqlite::Result<Vec<SnoozedStep>> {
    db.prepare_cached(
        "SELECT q.account, q.step, q.until, coalesce(p.name, q.user), q.reason, a.known FROM postponed q
         LEFT JOIN person p ON p.site = q.site AND p.account = q.account AND p.user = q.user
         LEFT JOIN account a ON a.site = q.site AND a.account = q.account
         WHERE q.site = ?1 AND q.flow = ?2 ORDER BY q.until, q.account, q.step LIMIT ?3",
    )?
    .query_map(params![site.0, flow, PROMISES], |row| {
        let known: Option<String> = row.get(5)?;
        let known: Option<AccountUpdate> = known.as_deref().map(json).transpose()?;
        Ok(SnoozedStep {
            account: AccountId(row.get(0)?),
            name: known.and_then(|known| known.name),
            step: StepId(row.get(1)?),
            until: row.get(2)?,
            by: row.get(3)?,
            reason: row.get(4)?,
        })
    })?
    .collect()
}

/// SHA-256 over every projected row that does not depend on the order of arrival.
pub(crate) fn checksum(db: &Connection) -> rusqlite::Result<String> {
    let mut digest = Sha256::new();
    // The keys first, so that each row has one place; `account.seq` is left out.
    for (table, columns, keys) in [
        ("entry", "site, account, at, n, id, user, what", 5),
        ("progress", "site, account, flow, state", 3),
        ("milestone", "site, flow, account, place, at, kind, name, visit, user", 4),
        ("account", "site, account, known, first_seen, last_seen", 2),
        ("person", "site, account, user, name", 3),
        ("guiding", "site, account, user, at, n, id, step, stop", 3),
        ("answer", "site, account, user, question, at, n, id, flow, stage, scale, score, comment", 4),
        ("watched", "site, account, user, clip, film, first, at, n, id, place, seen, captioned, returned", 5),
        ("helping", "site, account, user, at, n, id, what, step, article", 6),
        ("postponed", "site, flow, account, step, until, user, reason", 4),
    ] {
        let order = columns.splitn(keys + 1, ", ").take(keys).collect::<Vec<_>>().join(", ");
        let mut query = db.prepare(&format!("SELECT {columns} FROM {table} ORDER BY {order}"))?;
        let columns = query.column_count();
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            for column in 0..columns {
                digest.update(format!("{:?}\u{1f}", row.get_ref(column)?));
            }
            digest.update("\u{1e}");
        }
    }
    Ok(digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}
