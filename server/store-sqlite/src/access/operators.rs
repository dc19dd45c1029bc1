//! The trait `Operators`: operators, their links and their sessions, call by call.

use async_trait::async_trait;
use protocol::Millis;
use rusqlite::{Connection, OptionalExtension, params};
use store::text::{WithoutNul, without_nul};
use store::{
    ConsoleSession, Grant, Operator, OperatorPicture, Operators, RedeemOutcome, SecondFactor, SiteId,
};

use super::rows::{self, OPERATOR};
use super::{links, pictures};
use crate::SqliteStore;
use crate::error::Result;

#[async_trait]
impl Operators for SqliteStore {
    async fn add_link(
        &self,
        hash: [u8; 32],
        grant: Grant,
        email: Option<String>,
        expires: Millis,
    ) -> Result<()> {
        let email = email.map(WithoutNul::without_nul);
        let add =
            "INSERT OR REPLACE INTO link (hash, expires, sites, role, email) VALUES (?1, ?2, ?3, ?4, ?5)";
        let add = move |db: &Connection| {
            db.execute(add, params![hash, expires, rows::written(&grant.sites)?, grant.role.word(), email])
        };
        self.write(add).await?;
        Ok(())
    }

    async fn is_link_valid(&self, hash: [u8; 32], now: Millis) -> Result<bool> {
        self.read(move |db| Ok(links::valid(db, hash, now)?.is_some())).await
    }

    async fn redeem_link(
        &self,
        hash: [u8; 32],
        email: &str,
        password: &str,
        now: Millis,
    ) -> Result<RedeemOutcome> {
        let (email, password) = (without_nul(email).into_owned(), password.to_owned());
        self.write(move |db| links::redeem(db, hash, &email, &password, now)).await
    }

    async fn operator(&self, email: &str) -> Result<Option<Operator>> {
        let email = without_nul(email).into_owned();
        self.read(move |db| rows::operator(db, &email)).await
    }

    async fn operators(&self) -> Result<Vec<Operator>> {
        self.read(|db| {
            db.prepare_cached(&format!("SELECT {OPERATOR} FROM operator ORDER BY email"))?
                .query_map([], rows::operator_row)?
                .collect()
        })
        .await
    }

    async fn set_grant(&self, email: &str, grant: Grant) -> Result<bool> {
        let email = without_nul(email).into_owned();
        let change = move |db: &Connection| {
            db.execute("DELETE FROM link WHERE email = ?1", [&email])?;
            db.execute(
                "UPDATE operator SET sites = ?2, role = ?3 WHERE email = ?1",
                params![email, rows::written(&grant.sites)?, grant.role.word()],
            )
        };
        Ok(self.write(change).await? > 0)
    }

    async fn set_operator_name(&self, email: &str, name: &str) -> Result<()> {
        let (email, name) = (without_nul(email).into_owned(), without_nul(name).into_owned());
        let change = "UPDATE operator SET name = ?2 WHERE email = ?1";
        self.write(move |db| db.execute(change, params![email, name])).await?;
        Ok(())
    }

    async fn set_operator_picture(&self, email: &str, picture: Option<OperatorPicture>) -> Result<()> {
        let email = without_nul(email).into_owned();
        self.write(move |db| pictures::set(db, &email, picture)).await?;
        Ok(())
    }

    async fn operator_picture(&self, email: &str) -> Result<Option<OperatorPicture>> {
        let email = without_nul(email).into_owned();
        self.read(move |db| pictures::of(db, &email)).await
    }

    async fn pictures_of_site(&self, site: SiteId) -> Result<Vec<(String, String)>> {
        self.read(move |db| pictures::of_site(db, site)).await
    }

    async fn picture_of_site(&self, site: SiteId, id: &str) -> Result<Option<OperatorPicture>> {
        let id = without_nul(id).into_owned();
        self.read(move |db| pictures::by_id(db, site, &id)).await
    }

    async fn set_password(&self, email: &str, password: &str, stays: [u8; 32]) -> Result<()> {
        let (email, password) = (without_nul(email).into_owned(), password.to_owned());
        let change = move |db: &Connection| {
            db.execute("UPDATE operator SET password = ?2 WHERE email = ?1", params![email, password])?;
            db.execute("DELETE FROM session WHERE email = ?1 AND hash <> ?2", params![email, stays])
        };
        self.write(move |db| change(db)).await?;
        Ok(())
    }

    async fn remove_operator(&self, email: &str) -> Result<bool> {
        let email = without_nul(email).into_owned();
        let gone = self.write(move |db| {
            db.execute("DELETE FROM session WHERE email = ?1", [&email])?;
            db.execute("DELETE FROM link WHERE email = ?1", [&email])?;
            db.execute("DELETE FROM operator_picture WHERE email = ?1", [&email])?;
            db.execute("DELETE FROM known_browser WHERE email = ?1", [&email])?;
            db.execute("DELETE FROM operator WHERE email = ?1", [&email])
        });
        Ok(gone.await? > 0)
    }

    async fn set_second_factor(&self, email: &str, second: Option<SecondFactor>) -> Result<()> {
        let email = without_nul(email).into_owned();
        let on = second.as_ref().is_some_and(|second| second.enabled);
        let secret = second.map(|second| second.totp_secret);
        // A secret that is not enabled yet never replaces one that is.
        let set = "UPDATE operator SET second = ?2, second_on = ?3
            WHERE email = ?1 AND (second_on = 0 OR ?3 OR ?2 IS NULL)";
        self.write(move |db| db.execute(set, params![email, secret, on])).await?;
        Ok(())
    }

    async fn use_totp_code(&self, email: &str, number: u64) -> Result<bool> {
        let email = without_nul(email).into_owned();
        let used = "UPDATE operator SET second_used = ?2 WHERE email = ?1 AND second_used < ?2";
        Ok(self.write(move |db| db.execute(used, params![email, number])).await? > 0)
    }

    async fn add_session(&self, hash: [u8; 32], session: ConsoleSession) -> Result<()> {
        let ConsoleSession { email, created, used, browser } = session.without_nul();
        let add = "INSERT INTO session (hash, email, created, used, browser) VALUES (?1, ?2, ?3, ?4, ?5)";
        self.write(move |db| db.execute(add, params![hash, email, created, used, browser])).await?;
        Ok(())
    }

    async fn session(&self, hash: [u8; 32]) -> Result<Option<(ConsoleSession, Grant)>> {
        // An operator who was removed has no session.
        let of_cookie = "SELECT session.email, created, used, browser, sites, role
            FROM session JOIN operator USING (email) WHERE hash = ?1";
        self.read(move |db| {
            db.prepare_cached(of_cookie)?
                .query_row([hash], |row| Ok((rows::session(row)?, rows::grant(row, 4)?)))
                .optional()
        })
        .await
    }

    async fn sessions(&self, email: &str) -> Result<Vec<([u8; 32], ConsoleSession)>> {
        let email = without_nul(email).into_owned();
        let all =
            "SELECT email, created, used, browser, hash FROM session WHERE email = ?1 ORDER BY used DESC";
        self.read(move |db| {
            db.prepare_cached(all)?
                .query_map([email], |row| Ok((row.get(4)?, rows::session(row)?)))?
                .collect()
        })
        .await
    }

    async fn touch_session(&self, hash: [u8; 32], now: Millis) -> Result<()> {
        let note = "UPDATE session SET used = ?2 WHERE hash = ?1";
        self.write(move |db| db.execute(note, params![hash, now])).await?;
        Ok(())
    }

    async fn end_session(&self, hash: [u8; 32]) -> Result<()> {
        self.write(move |db| db.execute("DELETE FROM session WHERE hash = ?1", [hash])).await?;
        Ok(())
    }

    async fn delete_expired_access(&self, now: Millis, used: Millis, begun: Millis) -> Result<()> {
        let delete = move |db: &Connection| {
            db.execute("DELETE FROM link WHERE expires <= ?1", [now])?;
            db.execute("DELETE FROM session WHERE used < ?1 OR created < ?2", [used, begun])
        };
        self.write(delete).await?;
        Ok(())
    }
}
