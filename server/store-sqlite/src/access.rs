//! Who may open the console.

use ::store::{ConsoleSession, Grant, Operator, Operators, RedeemOutcome, SecondFactor, SiteId};
use async_trait::async_trait;
use protocol::Millis;
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::rows::{json, to_json};
use crate::{Result, SqliteStore};

#[async_trait]
impl Operators for SqliteStore {
    async fn add_link(
        &self,
        hash: [u8; 32],
        grant: Grant,
        email: Option<String>,
        expires: Millis,
    ) -> Result<()> {
        let add = "INSERT OR REPLACE INTO link (hash, expires, sites, email) VALUES (?1, ?2, ?3, ?4)";
        self.change(move |db| db.execute(add, params![hash, expires, written(&grant)?, email])).await?;
        Ok(())
    }

    async fn is_link_valid(&self, hash: [u8; 32], now: Millis) -> Result<bool> {
        self.read(move |db| Ok(waiting(db, hash, now)?.is_some())).await
    }

    async fn redeem_link(
        &self,
        hash: [u8; 32],
        email: &str,
        password: &str,
        now: Millis,
    ) -> Result<RedeemOutcome> {
        let (email, password) = (email.to_owned(), password.to_owned());
        self.writer.run(move |db| redeem(db, hash, &email, &password, now)).await
    }

    async fn operator(&self, email: &str) -> Result<Option<Operator>> {
        let email = email.to_owned();
        self.read(move |db| operator(db, &email)).await
    }

    async fn operators(&self) -> Result<Vec<Operator>> {
        self.read(|db| {
            db.prepare_cached(&format!("SELECT {OPERATOR} FROM operator ORDER BY email"))?
                .query_map([], operator_row)?
                .collect()
        })
        .await
    }

    async fn set_grant(&self, email: &str, grant: Grant) -> Result<bool> {
        let email = email.to_owned();
        let change = "UPDATE operator SET sites = ?2 WHERE email = ?1";
        Ok(self.change(move |db| db.execute(change, params![email, written(&grant)?])).await? > 0)
    }

    async fn remove_operator(&self, email: &str) -> Result<bool> {
        let email = email.to_owned();
        let gone = self.change(move |db| {
            db.execute("DELETE FROM session WHERE email = ?1", [&email])?;
            db.execute("DELETE FROM operator WHERE email = ?1", [&email])
        });
        Ok(gone.await? > 0)
    }

    async fn set_second_factor(&self, email: &str, second: Option<SecondFactor>) -> Result<()> {
        let email = email.to_owned();
        let on = second.as_ref().is_some_and(|second| second.enabled);
        let secret = second.map(|second| second.totp_secret);
        // A fresh secret that is not on yet never takes the place of one that is.
        let set = "UPDATE operator SET second = ?2, second_on = ?3
            WHERE email = ?1 AND (second_on = 0 OR ?3 OR ?2 IS NULL)";
        self.change(move |db| db.execute(set, params![email, secret, on])).await?;
        Ok(())
    }

    async fn use_totp_code(&self, email: &str, number: u64) -> Result<bool> {
        let email = email.to_owned();
        let used = "UPDATE operator SET second_used = ?2 WHERE email = ?1 AND second_used < ?2";
        Ok(self.change(move |db| db.execute(used, params![email, number])).await? > 0)
    }

    async fn add_session(&self, hash: [u8; 32], session: ConsoleSession) -> Result<()> {
        let ConsoleSession { email, created, used, browser } = session;
        let add = "INSERT INTO session (hash, email, created, used, browser) VALUES (?1, ?2, ?3, ?4, ?5)";
        self.change(move |db| db.execute(add, params![hash, email, created, used, browser])).await?;
        Ok(())
    }

    async fn session(&self, hash: [u8; 32]) -> Result<Option<(ConsoleSession, Grant)>> {
        // Whoever was removed is signed in nowhere.
        let of_cookie = "SELECT session.email, created, used, browser, sites
            FROM session JOIN operator USING (email) WHERE hash = ?1";
        self.read(move |db| {
            db.prepare_cached(of_cookie)?
                .query_row([hash], |row| Ok((session_row(row)?, grant(row.get(4)?)?)))
                .optional()
        })
        .await
    }

    async fn sessions(&self, email: &str) -> Result<Vec<([u8; 32], ConsoleSession)>> {
        let email = email.to_owned();
        let all =
            "SELECT email, created, used, browser, hash FROM session WHERE email = ?1 ORDER BY used DESC";
        self.read(move |db| {
            db.prepare_cached(all)?.query_map([email], |row| Ok((row.get(4)?, session_row(row)?)))?.collect()
        })
        .await
    }

    async fn touch_session(&self, hash: [u8; 32], now: Millis) -> Result<()> {
        let note = "UPDATE session SET used = ?2 WHERE hash = ?1";
        self.change(move |db| db.execute(note, params![hash, now])).await?;
        Ok(())
    }

    async fn end_session(&self, hash: [u8; 32]) -> Result<()> {
        self.change(move |db| db.execute("DELETE FROM session WHERE hash = ?1", [hash])).await?;
        Ok(())
    }
}

impl SqliteStore {
    /// Changes rows; gives how many.
    async fn change(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<usize> + Send + 'static,
    ) -> Result<usize> {
        self.writer.run(work).await
    }
}

/// A grant as it stands in a column.
fn written(grant: &Grant) -> rusqlite::Result<Option<String>> {
    match grant {
        Grant::All => Ok(None),
        Grant::Sites(sites) => to_json(&sites.iter().map(|site| site.0).collect::<Vec<_>>()).map(Some),
    }
}

fn grant(column: Option<String>) -> rusqlite::Result<Grant> {
    let Some(text) = column else { return Ok(Grant::All) };
    Ok(Grant::Sites(json::<Vec<i64>>(&text)?.into_iter().map(SiteId).collect()))
}

/// The columns of an operator, as [`operator_row`] reads them.
const OPERATOR: &str = "email, password, sites, second, second_on";

fn operator_row(row: &Row<'_>) -> rusqlite::Result<Operator> {
    let enabled = row.get(4)?;
    let second_factor =
        row.get::<_, Option<String>>(3)?.map(|totp_secret| SecondFactor { totp_secret, enabled });
    Ok(Operator { email: row.get(0)?, password: row.get(1)?, grant: grant(row.get(2)?)?, second_factor })
}

fn operator(db: &Connection, email: &str) -> rusqlite::Result<Option<Operator>> {
    db.prepare_cached(&format!("SELECT {OPERATOR} FROM operator WHERE email = ?1"))?
        .query_row([email], operator_row)
        .optional()
}

fn session_row(row: &Row<'_>) -> rusqlite::Result<ConsoleSession> {
    Ok(ConsoleSession { email: row.get(0)?, created: row.get(1)?, used: row.get(2)?, browser: row.get(3)? })
}

/// What a waiting link gives, and to whom.
fn waiting(
    db: &Connection,
    hash: [u8; 32],
    now: Millis,
) -> rusqlite::Result<Option<(Grant, Option<String>)>> {
    db.prepare_cached("SELECT sites, email FROM link WHERE hash = ?1 AND expires > ?2")?
        .query_row(params![hash, now], |row| Ok((grant(row.get(0)?)?, row.get(1)?)))
        .optional()
}

fn redeem(
    db: &Connection,
    hash: [u8; 32],
    email: &str,
    password: &str,
    now: Millis,
) -> rusqlite::Result<RedeemOutcome> {
    let Some((given, whose)) = waiting(db, hash, now)? else { return Ok(RedeemOutcome::Expired) };
    // Nobody takes over a colleague's address by a link of their own.
    let is_theirs = match whose {
        Some(whose) => whose == email,
        None => operator(db, email)?.is_none(),
    };
    if !is_theirs {
        return Ok(RedeemOutcome::EmailTaken);
    }
    db.execute("DELETE FROM link WHERE hash = ?1", [hash])?;
    db.execute(
        "INSERT OR REPLACE INTO operator (email, password, sites) VALUES (?1, ?2, ?3)",
        params![email, password, written(&given)?],
    )?;
    // Whoever was signed in under the old password is not any more.
    db.execute("DELETE FROM session WHERE email = ?1", [email])?;
    Ok(RedeemOutcome::Redeemed)
}
