//! The checksum of all projected rows, read back as the model's values.

use protocol::ids::{AccountId, StepId};
use protocol::stored::Snooze;
use rusqlite::types::Type;
use rusqlite::{Connection, Row};
use store::SiteId;
use store::projection::{ClipKey, Moments, ProjectedRow, ProjectionChecksum};

use super::rows::{answer, entry, help, milestone, person, tour, watch};
use crate::columns::{json, user};

/// Reads one row.
type Read = fn(&Row<'_>) -> rusqlite::Result<ProjectedRow>;

/// Each table: a query, and how its rows are read.
const TABLES: [(&str, Read); 10] = [
    ("SELECT known, first_seen, last_seen, site, account FROM account", |row| {
        let seen = Moments { first: row.get(1)?, last: row.get(2)? };
        Ok(ProjectedRow::Account(site(row, 3)?, account(row, 4)?, json(&row.get::<_, String>(0)?)?, seen))
    }),
    ("SELECT site, account, user, name FROM person", |row| {
        Ok(ProjectedRow::Person(site(row, 0)?, account(row, 1)?, person(row, 2)?, row.get(3)?))
    }),
    ("SELECT site, account, at, n, id, user, what FROM entry", |row| {
        let entry = entry(row, 2)?;
        Ok(ProjectedRow::Entry(site(row, 0)?, account(row, 1)?, entry.key, entry.user, entry.what))
    }),
    ("SELECT site, account, flow, state FROM progress", |row| {
        let state = Box::new(json(&row.get::<_, String>(3)?)?);
        Ok(ProjectedRow::Progress(site(row, 0)?, account(row, 1)?, row.get(2)?, state))
    }),
    ("SELECT site, account, flow, place, at, kind, name, visit, user FROM milestone", |row| {
        let (flow, place) = (row.get(2)?, row.get(3)?);
        Ok(ProjectedRow::Milestone(site(row, 0)?, account(row, 1)?, flow, place, milestone(row, 4)?))
    }),
    ("SELECT site, account, flow, step, until, user, reason FROM postponed", |row| {
        let later =
            Snooze { until: row.get(4)?, user: user(row, 5)?, reason: row.get(6)?, page: None, field: None };
        Ok(ProjectedRow::Snoozed(site(row, 0)?, account(row, 1)?, row.get(2)?, (StepId(row.get(3)?), later)))
    }),
    ("SELECT site, account, user, at, n, id, step, stop FROM guiding", |row| {
        Ok(ProjectedRow::Tour(site(row, 0)?, account(row, 1)?, person(row, 2)?, tour(row, 3)?))
    }),
    (
        "SELECT site, account, user, question, at, n, id, flow, stage, scale, score, comment FROM answer",
        |row| Ok(ProjectedRow::Answer(site(row, 0)?, account(row, 1)?, person(row, 2)?, answer(row, 3)?)),
    ),
    (
        "SELECT first, at, n, id, received_first, received_last, place, seen, captioned, returned,
                site, account, user, clip, film FROM watched",
        |row| {
            let key = ClipKey { user: person(row, 12)?, clip: row.get(13)?, video: row.get(14)? };
            Ok(ProjectedRow::Watched(site(row, 10)?, account(row, 11)?, key, watch(row)?))
        },
    ),
    ("SELECT site, account, user, at, n, id, what, step, article FROM helping", |row| {
        Ok(ProjectedRow::Help(site(row, 0)?, account(row, 1)?, person(row, 2)?, help(row, 3)?))
    }),
];

/// Adds up every projected row that does not depend on the order of arrival.
pub(crate) fn checksum(db: &Connection) -> rusqlite::Result<String> {
    // One moment for everything that is read.
    let moment = db.unchecked_transaction()?;
    let mut checksum = ProjectionChecksum::default();
    for (query, read) in TABLES {
        let mut query = moment.prepare(query)?;
        for row in query.query_map([], read)? {
            let unwritable =
                |error| rusqlite::Error::FromSqlConversionFailure(0, Type::Text, Box::new(error));
            checksum.add(&row?).map_err(unwritable)?;
        }
    }
    Ok(checksum.finish())
}

fn site(row: &Row<'_>, column: usize) -> rusqlite::Result<SiteId> {
    row.get(column).map(SiteId)
}

fn account(row: &Row<'_>, column: usize) -> rusqlite::Result<AccountId> {
    row.get(column).map(AccountId)
}
