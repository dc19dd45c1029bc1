//! Who may open the console.

use ::store::{Operator, SessionRow};
use protocol::Millis;
use rusqlite::{Connection, OptionalExtension, params};

pub(crate) fn add_link(db: &Connection, hash: [u8; 32], expires: Millis) -> rusqlite::Result<()> {
    db.execute("INSERT OR REPLACE INTO link VALUES (?1, ?2)", params![hash, expires])?;
    Ok(())
}

pub(crate) fn link(db: &Connection, hash: [u8; 32], now: Millis) -> rusqlite::Result<bool> {
    db.query_row("SELECT 1 FROM link WHERE hash = ?1 AND expires > ?2", params![hash, now], |_| Ok(()))
        .optional()
        .map(|found| found.is_some())
}

pub(crate) fn redeem(
    db: &Connection,
    hash: [u8; 32],
    operator: &Operator,
    now: Millis,
) -> rusqlite::Result<bool> {
    if db.execute("DELETE FROM link WHERE hash = ?1 AND expires > ?2", params![hash, now])? == 0 {
        return Ok(false);
    }
    db.execute(
        "INSERT OR REPLACE INTO operator VALUES (?1, ?2)",
        params![operator.email, operator.password],
    )?;
    // Whoever was signed in under the old password is not any more.
    db.execute("DELETE FROM session WHERE email = ?1", [&operator.email])?;
    Ok(true)
}

pub(crate) fn operator(db: &Connection, email: &str) -> rusqlite::Result<Option<Operator>> {
    db.query_row("SELECT email, password FROM operator WHERE email = ?1", [email], |row| {
        Ok(Operator { email: row.get(0)?, password: row.get(1)? })
    })
    .optional()
}

pub(crate) fn add_session(db: &Connection, hash: [u8; 32], session: &SessionRow) -> rusqlite::Result<()> {
    db.execute(
        "INSERT INTO session VALUES (?1, ?2, ?3, ?4)",
        params![hash, session.email, session.created, session.used],
    )?;
    Ok(())
}

pub(crate) fn session(db: &Connection, hash: [u8; 32]) -> rusqlite::Result<Option<SessionRow>> {
    db.query_row("SELECT email, created, used FROM session WHERE hash = ?1", [hash], |row| {
        Ok(SessionRow { email: row.get(0)?, created: row.get(1)?, used: row.get(2)? })
    })
    .optional()
}

pub(crate) fn note_use(db: &Connection, hash: [u8; 32], now: Millis) -> rusqlite::Result<()> {
    db.execute("UPDATE session SET used = ?2 WHERE hash = ?1", params![hash, now])?;
    Ok(())
}

pub(crate) fn end_session(db: &Connection, hash: [u8; 32]) -> rusqlite::Result<()> {
    db.execute("DELETE FROM session WHERE hash = ?1", [hash])?;
    Ok(())
}
