//! Rows of operators and sessions.

use rusqlite::{Connection, OptionalExtension, Row};
use store::{ConsoleSession, Grant, Operator, Role, SecondFactor, SiteId, VisibleSites};

use crate::columns::{json, to_json};

/// Visible sites as they stand in a column.
pub(super) fn written(sites: &VisibleSites) -> rusqlite::Result<Option<String>> {
    match sites {
        VisibleSites::All => Ok(None),
        VisibleSites::Only(sites) => to_json(&sites.iter().map(|site| site.0).collect::<Vec<_>>()).map(Some),
    }
}

/// Reads visible sites.
pub(super) fn sites(column: Option<String>) -> rusqlite::Result<VisibleSites> {
    let Some(text) = column else { return Ok(VisibleSites::All) };
    Ok(VisibleSites::Only(json::<Vec<i64>>(&text)?.into_iter().map(SiteId).collect()))
}

/// Reads a grant from the columns sites and role, which stand side by side. What this version has no word for may do
/// least.
pub(super) fn grant(row: &Row<'_>, at: usize) -> rusqlite::Result<Grant> {
    let role = row.get_ref(at + 1)?.as_str()?;
    Ok(Grant { sites: sites(row.get(at)?)?, role: Role::of(role).unwrap_or(Role::Reader) })
}

/// The columns of an operator, as [`operator_row`] reads them.
pub(super) const OPERATOR: &str = "email, password, sites, role, second, second_on, name";

pub(super) fn operator_row(row: &Row<'_>) -> rusqlite::Result<Operator> {
    let enabled = row.get(5)?;
    let second_factor =
        row.get::<_, Option<String>>(4)?.map(|totp_secret| SecondFactor { totp_secret, enabled });
    Ok(Operator {
        email: row.get(0)?,
        name: row.get(6)?,
        password: row.get(1)?,
        grant: grant(row, 2)?,
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
