//! The trait `Exports`: rows for exports, quarantined records, and how much of the visits has arrived.

use async_trait::async_trait;
use protocol::Millis;
use protocol::ids::AccountId;
use rusqlite::{Connection, params};
use store::{
    AccountRow, Arrived, ExportedStep, Exports, Position, QuarantineReason, Record, SiteId, StepPlace,
};

use crate::columns::{clamped, json};
use crate::error::Result;
use crate::{SqliteStore, journal, projection};

#[async_trait]
impl Exports for SqliteStore {
    async fn accounts_after(
        &self,
        site: SiteId,
        after: &AccountId,
        limit: usize,
    ) -> Result<Vec<(AccountId, AccountRow)>> {
        let after = after.clone();
        self.read(move |db| accounts(db, site, &after, limit)).await
    }

    async fn steps_after(&self, site: SiteId, after: &StepPlace, limit: usize) -> Result<Vec<ExportedStep>> {
        let after = after.clone();
        self.read(move |db| steps(db, site, &after, limit)).await
    }

    async fn quarantine_reasons(&self, site: SiteId) -> Result<Vec<QuarantineReason>> {
        self.read(move |db| reasons(db, site)).await
    }

    async fn quarantined(&self, site: SiteId, before: Option<Position>, limit: usize) -> Result<Vec<Record>> {
        let before = before.map_or(i64::MAX, |before| before.seq);
        self.read(move |db| quarantined(db, site, before, limit)).await
    }

    async fn arrived(&self, site: SiteId, since: Millis, pending_since: Millis) -> Result<Arrived> {
        self.read(move |db| arrived(db, site, since, pending_since)).await
    }

    async fn delete_visits(&self, before: Millis, limit: u64) -> Result<u64> {
        let delete = "DELETE FROM visit WHERE (site, session) IN
                          (SELECT site, session FROM visit WHERE last < ?1 LIMIT ?2)";
        self.write(move |db| Ok(db.prepare_cached(delete)?.execute(params![before, clamped(limit)])? as u64))
            .await
    }
}

fn accounts(
    db: &Connection,
    site: SiteId,
    after: &AccountId,
    limit: usize,
) -> rusqlite::Result<Vec<(AccountId, AccountRow)>> {
    db.prepare_cached(
        "SELECT account, known, first_seen, last_seen FROM account WHERE site = ?1 AND account > ?2
         ORDER BY account LIMIT ?3",
    )?
    .query_map(params![site.0, after.as_str(), clamped(limit as u64)], |row| {
        let known = json(&row.get::<_, String>(1)?)?;
        Ok((AccountId(row.get(0)?), AccountRow { known, seen: Some((row.get(2)?, row.get(3)?)) }))
    })?
    .collect()
}

fn steps(
    db: &Connection,
    site: SiteId,
    after: &StepPlace,
    limit: usize,
) -> rusqlite::Result<Vec<ExportedStep>> {
    let StepPlace { flow, account, number } = after;
    db.prepare_cached(
        "SELECT flow, account, place, at, kind, name, visit, user FROM milestone
         WHERE site = ?1 AND (flow, account, place) > (?2, ?3, ?4) ORDER BY flow, account, place LIMIT ?5",
    )?
    .query_map(params![site.0, flow, account.as_str(), clamped(*number), clamped(limit as u64)], |row| {
        let place = StepPlace { flow: row.get(0)?, account: AccountId(row.get(1)?), number: row.get(2)? };
        Ok(ExportedStep { place, milestone: projection::milestone(row, 3)? })
    })?
    .collect()
}

fn reasons(db: &Connection, site: SiteId) -> rusqlite::Result<Vec<QuarantineReason>> {
    db.prepare_cached(
        "SELECT reason, count(*), max(received) FROM quarantined WHERE site = ?1
         GROUP BY reason ORDER BY count(*) DESC, reason",
    )?
    .query_map([site.0], |row| {
        Ok(QuarantineReason { reason: row.get(0)?, n: row.get(1)?, last: row.get(2)? })
    })?
    .collect()
}

fn quarantined(db: &Connection, site: SiteId, before: i64, limit: usize) -> rusqlite::Result<Vec<Record>> {
    let places: Vec<i64> = db
        .prepare_cached(
            "SELECT seq FROM quarantined WHERE site = ?1 AND seq < ?2 ORDER BY seq DESC LIMIT ?3",
        )?
        .query_map(params![site.0, before, clamped(limit as u64)], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let mut found = Vec::new();
    for seq in places {
        let records = journal::after(db, Some(site), seq - 1, 1)?;
        // One that was erased since says nothing.
        let is_there = |record: &Record| record.position.seq == seq && *record.record.body != *"null";
        found.extend(records.into_iter().find(is_there));
    }
    Ok(found)
}

fn arrived(db: &Connection, site: SiteId, since: Millis, pending_since: Millis) -> rusqlite::Result<Arrived> {
    db.prepare_cached(
        "SELECT coalesce(sum(max(highest, stored + quarantined)), 0), coalesce(sum(stored), 0),
                coalesce(sum(quarantined), 0),
                coalesce(sum(max(highest - stored - quarantined, 0)) FILTER (WHERE last >= ?3), 0)
         FROM visit WHERE site = ?1 AND last >= ?2",
    )?
    .query_row(params![site.0, since, pending_since], |row| {
        Ok(Arrived {
            tracked: row.get(0)?,
            stored: row.get(1)?,
            quarantined: row.get(2)?,
            pending: row.get(3)?,
        })
    })
}
