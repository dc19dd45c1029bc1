//! What stays of old events, and what is deleted by its date. Old segments are thinned a few at a time, in one transaction
//! with the rows that were projected from them, so that a rebuild is equal at any moment.

use std::collections::BTreeMap;

use protocol::Millis;
use protocol::ids::{OrderKey, UserId};
use rusqlite::{Connection, params};
use store::personal::thin;
use store::projection::{AccountChanges, gather};
use store::{NewRecord, Position, Record, Thinned};

use crate::SqliteStore;
use crate::columns::{Blob, to_json};
use crate::error::Result;
use crate::journal;
use crate::projection;

/// Segments of one transaction: at most a thousand records, some tens of milliseconds.
const SEGMENTS: usize = 8;
/// Files of one transaction.
const FILES: u32 = 100;

impl SqliteStore {
    /// Thins the oldest segments whose records all arrived before a time.
    pub(super) async fn thin(&self, before: Millis) -> Result<Thinned> {
        let plan = move |db: &Connection| {
            let after: i64 = db.query_row("SELECT thinned FROM retention", [], |row| row.get(0))?;
            let is_due = |records: &[NewRecord]| records.iter().all(|record| record.received < before);
            // What is not projected yet may be in the projector's hands.
            let place = (after, projection::cursor(db)?);
            Ok((after, journal::plan(db, place, SEGMENTS, is_due, thin)?))
        };
        let (after, rewrite) = self.read(plan).await?;
        let Some(through) = rewrite.through else { return Ok(Thinned::default()) };
        let records = rewrite.records.len() as u64;
        self.write(move |db| {
            if journal::carry_out(db, &rewrite)? {
                follow(db, rewrite.records)?;
                db.execute("UPDATE retention SET thinned = ?1 WHERE thinned = ?2", params![through, after])?;
            }
            Ok(())
        })
        .await?;
        Ok(Thinned { records, has_more: true })
    }
}

/// Takes from the projected rows what was taken from their records.
fn follow(db: &Connection, records: Vec<NewRecord>) -> rusqlite::Result<()> {
    projection::revise(db)?;
    let position = Position::single(0);
    let records: Vec<Record> = records.into_iter().map(|record| Record { position, record }).collect();
    for ((site, account), changes) in gather(&records).accounts {
        let AccountChanges { entries, answers, .. } = changes;
        let mut said = db.prepare_cached(
            "UPDATE entry SET what = ?6
             WHERE site = ?1 AND account = ?2 AND at = ?3 AND n = ?4 AND id = ?5 AND what <> ?6",
        )?;
        let mut changed = 0;
        for entry in entries {
            let OrderKey(at, n, id) = entry.key;
            changed +=
                said.execute(params![site.0, account.as_str(), at, n, Blob(id), to_json(&entry.what)?])?;
        }
        let mut comment = db.prepare_cached(
            "UPDATE answer SET comment = '' WHERE site = ?1 AND account = ?2 AND user = ?3 AND question = ?4
             AND at = ?5 AND n = ?6 AND id = ?7",
        )?;
        for ((user, question), answer) in answers {
            let OrderKey(at, n, id) = answer.key;
            let user: &UserId = &user;
            comment.execute(params![site.0, account.as_str(), user.as_str(), question, at, n, Blob(id)])?;
        }
        if changed > 0 {
            projection::replay_all(&mut BTreeMap::new(), db, site, &account)?;
        }
    }
    Ok(())
}

/// Deletes rejected bodies and files by their date, some at a time.
pub(super) fn delete_dated(
    db: &Connection,
    bodies_before: Millis,
    files_before: Option<Millis>,
) -> rusqlite::Result<u64> {
    let bodies = db.execute("DELETE FROM refused WHERE received < ?1", [bodies_before])?;
    let Some(before) = files_before else { return Ok(bodies as u64) };
    let files = db.execute(
        "DELETE FROM attachment WHERE (site, id) IN (SELECT site, id FROM attachment
         WHERE conversation IS NOT NULL AND created < ?1 LIMIT ?2)",
        params![before, FILES],
    )?;
    Ok((bodies + files) as u64)
}
