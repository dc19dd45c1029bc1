//! One-time links, and what using one does.

use protocol::Millis;
use rusqlite::{Connection, OptionalExtension, params};
use store::{Grant, RedeemOutcome};

use super::rows::{grant, operator, written};

/// Returns the grant of a link that can be used, and the address that it is for.
pub(super) fn valid(
    db: &Connection,
    hash: [u8; 32],
    now: Millis,
) -> rusqlite::Result<Option<(Grant, Option<String>)>> {
    db.prepare_cached("SELECT sites, role, email FROM link WHERE hash = ?1 AND expires > ?2")?
        .query_row(params![hash, now], |row| Ok((grant(row, 0)?, row.get(2)?)))
        .optional()
}

/// Uses up a link.
pub(super) fn redeem(
    db: &Connection,
    hash: [u8; 32],
    email: &str,
    password: &str,
    now: Millis,
) -> rusqlite::Result<RedeemOutcome> {
    let Some((given, whose)) = valid(db, hash, now)? else { return Ok(RedeemOutcome::Expired) };
    // A link without an address must not take over an operator who exists.
    let is_theirs = match whose {
        Some(whose) => whose == email,
        None => operator(db, email)?.is_none(),
    };
    if !is_theirs {
        return Ok(RedeemOutcome::EmailTaken);
    }
    db.execute("DELETE FROM link WHERE hash = ?1 OR email = ?2", params![hash, email])?;
    db.execute(
        // Everything else about them begins again, but for the name.
        "INSERT OR REPLACE INTO operator (email, password, sites, role, name)
         VALUES (?1, ?2, ?3, ?4, coalesce((SELECT name FROM operator WHERE email = ?1), ''))",
        params![email, password, written(&given.sites)?, given.role.word()],
    )?;
    // Sessions that were begun with the old password end.
    db.execute("DELETE FROM session WHERE email = ?1", [email])?;
    Ok(RedeemOutcome::Redeemed)
}
