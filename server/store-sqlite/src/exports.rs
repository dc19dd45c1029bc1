//! The trait `Exports`: rows for exports, quarantined records, and how much of the visits has arrived.

use async_trait::async_trait;
use protocol::Millis;
use protocol::ids::AccountId;
use rusqlite::{Connection, params};
use store::{
    AccountRow, Arrived, ExportedStep, Exports, Position, QuarantineReason, Record, SiteId, StepPlace,
    UNCOUNTED,
};

use crate::columns::{clamped, json};
use crate::error::Result;
use crate::{SqliteStore, journal, projection};

/// The newest visits that are added up.
const MAX_VISITS: u32 = 50_000;
/// The newest quarantined records whose reasons are counted.
const MAX_QUARANTINED: u32 = 100_000;
/// Reasons that are listed: a device can name any.
const MAX_REASONS: u32 = 20;

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
        let old = "(site, session) IN (SELECT site, session FROM visit WHERE last < ?1 LIMIT ?2)";
        self.write(move |db| {
            db.execute(&format!("DELETE FROM dropped WHERE {old}"), params![before, clamped(limit)])?;
            let visits =
                db.execute(&format!("DELETE FROM visit WHERE {old}"), params![before, clamped(limit)])?;
            Ok(visits as u64)
        })
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
        "SELECT reason, count(*), max(received)
         FROM (SELECT reason, received FROM quarantined WHERE site = ?1 ORDER BY seq DESC LIMIT ?2)
         GROUP BY reason ORDER BY count(*) DESC, reason LIMIT ?3",
    )?
    .query_map(params![site.0, MAX_QUARANTINED, MAX_REASONS], |row| {
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
    // A page asks for this again and again.
    let newest = "WITH newest AS (SELECT session, last, highest, stored, quarantined FROM visit
                                  WHERE site = ?1 AND last >= ?2 ORDER BY last DESC LIMIT ?3)";
    let dropped: Vec<(String, u64)> = db
        .prepare_cached(&format!(
            "{newest} SELECT reason, sum(n) FROM newest JOIN dropped USING (session) WHERE site = ?1
             GROUP BY reason ORDER BY reason LIMIT ?4"
        ))?
        .query_map(params![site.0, since, MAX_VISITS, MAX_REASONS], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let uncounted: u64 = dropped.iter().filter(|(reason, _)| reason == UNCOUNTED).map(|(_, n)| n).sum();
    db.prepare_cached(&format!(
        "{newest},
         lost AS (SELECT newest.*, coalesce((SELECT sum(n) FROM dropped WHERE site = ?1
                      AND session = newest.session AND reason <> ?5), 0) AS lost FROM newest),
         counted AS (SELECT *, max(highest, stored + quarantined + lost) AS tracked FROM lost)
         SELECT coalesce(sum(tracked), 0), coalesce(sum(stored), 0), coalesce(sum(quarantined), 0),
                coalesce(sum(tracked - stored - quarantined - lost) FILTER (WHERE last >= ?4), 0) FROM counted"
    ))?
    .query_row(params![site.0, since, MAX_VISITS, pending_since, UNCOUNTED], |row| {
        Ok(Arrived {
            tracked: row.get::<_, u64>(0)? + uncounted,
            stored: row.get(1)?,
            quarantined: row.get(2)?,
            pending: row.get(3)?,
            dropped,
        })
    })
}
