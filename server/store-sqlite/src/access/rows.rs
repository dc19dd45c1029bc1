//! Rows of operators and sessions.

use rusqlite::{Connection, OptionalExtension, Row};
use store::{ConsoleSession, Grant, Operator, SecondFactor, SiteId};

use crate::columns::{json, to_json};

/// A grant as it stands in a column.
pub(super) fn written(grant: &Grant) -> rusqlite::Result<Option<String>> {
    match grant {
        Grant::All => Ok(None),
        Grant::Sites(sites) => to_json(&sites.iter().map(|site| site.0).collect::<Vec<_>>()).map(Some),
    }
}

/// Reads a grant.
pub(super) fn grant(column: Option<String>) -> rusqlite::Result<Grant> {
    let Some(text) = column else { return Ok(Grant::All) };
    Ok(Grant::Sites(json::<Vec<i64>>(&text)?.into_iter().map(SiteId).collect()))
}

/// The columns of an operator, as [`operator_row`] reads them.
pub(super) const OPERATOR: &str = "email, password, sites, second, second_on, name";

pub(super) fn operator_row(row: &Row<'_>) -> rusqlite::Result<Operator> {
    let enabled = row.get(4)?;
    let second_factor =
        row.get::<_, Option<String>>(3)?.map(|totp_secret| SecondFactor { totp_secret, enabled });
    Ok(Operator {
        email: row.get(0)?,
        name: row.get(5)?,
        password: row.get(1)?,
        grant: grant(row.get(2)?)?,
        second_factor,
    })
}

/// Returns the operator of an address.
pub(super) fn operator(db: &Connection, email: &str) -> rusqlite::Result<Option<Operator>> {
    db.prepare_cached(&format!("SELECT {OPERATOR} FROM operator WHERE email = ?1"))?
        .query_row([email], operator_row)
        .optional()
}

/// Reads a session from the columns email, created, used, browser.
pub(super) fn session(row: &Row<'_>) -> rusqlite::Result<ConsoleSession> {
    Ok(ConsoleSession { email: row.get(0)?, created: row.get(1)?, used: row.get(2)?, browser: row.get(3)? })
}
