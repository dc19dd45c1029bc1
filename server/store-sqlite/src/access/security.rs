//! The trait `SecurityLog`: what happened to access, and which browsers are known.

use async_trait::async_trait;
use protocol::Millis;
use rusqlite::{Connection, Row, params};
use store::text::{WithoutNul, without_nul};
use store::{SecurityEvent, SecurityLog, SiteId, VisibleSites};

use super::rows;
use crate::SqliteStore;
use crate::columns::{json, to_json};
use crate::error::Result;

#[async_trait]
impl SecurityLog for SqliteStore {
    async fn add_security_event(&self, event: SecurityEvent) -> Result<()> {
        self.write(move |db| add(db, event)).await
    }

    async fn security_events(
        &self,
        sites: VisibleSites,
        before: Option<i64>,
        most: u32,
    ) -> Result<Vec<(i64, SecurityEvent)>> {
        let newest = "SELECT id, at, kind, done_by, of_site, about, n FROM security_event
            WHERE id < ?1 AND (?2 IS NULL OR of_site IN (SELECT value FROM json_each(?2)))
            ORDER BY id DESC LIMIT ?3";
        self.read(move |db| {
            let values = params![before.unwrap_or(i64::MAX), rows::written(&sites)?, most];
            db.prepare_cached(newest)?.query_map(values, event)?.collect()
        })
        .await
    }

    async fn add_known_browser(&self, hash: [u8; 32], email: &str, at: Millis) -> Result<()> {
        let email = without_nul(email).into_owned();
        let add = "INSERT OR REPLACE INTO known_browser (hash, email, used) VALUES (?1, ?2, ?3)";
        self.write(move |db| db.execute(add, params![hash, email, at])).await?;
        Ok(())
    }

    async fn is_known_browser(&self, hash: [u8; 32], email: &str) -> Result<bool> {
        let email = without_nul(email).into_owned();
        let known = "SELECT EXISTS (SELECT 1 FROM known_browser WHERE hash = ?1 AND email = ?2)";
        self.read(move |db| db.prepare_cached(known)?.query_row(params![hash, email], |row| row.get(0))).await
    }

    async fn forget_security(&self, events: Millis, browsers: Millis) -> Result<()> {
        let forget = move |db: &Connection| {
            // Nothing is deleted from where the log begins on.
            db.execute("UPDATE security_log SET begins = max(begins, ?1)", [events])?;
            db.execute("DELETE FROM security_event WHERE at < ?1", [events])?;
            db.execute("DELETE FROM known_browser WHERE used < ?1", [browsers])
        };
        self.write(forget).await?;
        Ok(())
    }
}

/// Adds an event to the log.
pub(crate) fn add(db: &Connection, event: SecurityEvent) -> rusqlite::Result<()> {
    let add =
        "INSERT INTO security_event (at, kind, done_by, of_site, about, n) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let SecurityEvent { at, kind, by, site, about, count } = event.without_nul();
    db.execute(add, params![at, to_json(&kind)?, by, site.map(|site| site.0), about, count])?;
    Ok(())
}

fn event(row: &Row<'_>) -> rusqlite::Result<(i64, SecurityEvent)> {
    let event = SecurityEvent {
        at: row.get(1)?,
        kind: json(&row.get::<_, String>(2)?)?,
        by: row.get(3)?,
        site: row.get::<_, Option<i64>>(4)?.map(SiteId),
        about: row.get(5)?,
        count: row.get(6)?,
    };
    Ok((row.get(0)?, event))
}
