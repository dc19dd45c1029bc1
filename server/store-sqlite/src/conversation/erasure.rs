//! Deletion: conversations that are too old, and what a person wrote. What is to go is looked for beside the
//! writer and deleted a little at a time, so that nobody waits for it. See docs/decisions/0009-chat.md.

use protocol::Millis;
use protocol::ids::EventId;
use rusqlite::{Connection, params};
use store::{Erased, SiteId, Visitor};

use super::next_change;
use crate::SqliteStore;
use crate::columns::{Blob, clamped, uuid};
use crate::error::Result;
use crate::integration::forget;
use crate::personal::Subject;

/// A conversation without a message since a time.
const INACTIVE: &str = "created < ?2 AND last < ?2";
/// A transaction that deletes so many entries deletes no further conversation.
const ENOUGH: u64 = 1_000;

impl SqliteStore {
    /// Deletes inactive conversations, at most `limit`, and fewer where their logs are long: others wait for the writer
    /// as long as entries are deleted. Returns how many were found; none is left when that is zero.
    pub(super) async fn delete_old(&self, site: SiteId, before: Millis, limit: u64) -> Result<u64> {
        let old = self.read(move |db| {
            db.prepare_cached(&format!(
                "SELECT id, pub + int FROM conversation WHERE site = ?1 AND {INACTIVE} LIMIT ?3"
            ))?
            .query_map(params![site.0, before, clamped(limit)], |row| {
                Ok((EventId(uuid(row, 0)?), row.get::<_, u64>(1)?))
            })?
            .collect::<rusqlite::Result<Vec<_>>>()
        });
        let mut entries = 0;
        let fits = |(id, its): (EventId, u64)| {
            let is_next = entries < ENOUGH;
            entries += its;
            is_next.then_some(id)
        };
        let old: Vec<EventId> = old.await?.into_iter().map_while(fits).collect();
        let found = old.len() as u64;
        self.write(move |db| {
            for id in old {
                // A message may have come since it was looked for.
                let still = format!("SELECT 1 FROM conversation WHERE id = ?1 AND {INACTIVE}");
                if db.prepare_cached(&still)?.exists(params![Blob(id), before])? {
                    delete(db, id)?;
                }
            }
            Ok(())
        })
        .await?;
        Ok(found)
    }

    /// Erases the conversations and files of a person or an account.
    pub(crate) async fn erase_conversations(&self, site: SiteId, subject: &Subject) -> Result<Erased> {
        let mut erased = Erased::default();
        let (column, id) = subject.column();
        let asked = id.clone();
        let theirs = self.read(move |db| {
            db.prepare_cached(&format!("SELECT id FROM conversation WHERE site = ?1 AND {column} = ?2"))?
                .query_map(params![site.0, asked], |row| Ok(EventId(uuid(row, 0)?)))?
                .collect::<rusqlite::Result<Vec<_>>>()
        });
        for conversation in theirs.await? {
            let (entries, files) = self.write(move |db| delete(db, conversation)).await?;
            erased.conversations += 1;
            erased.entries += entries;
            erased.files += files;
        }
        let subject = subject.clone();
        let rest = self.write(move |db| {
            forget(db, site, column, &id)?;
            let blocked = format!("DELETE FROM barred WHERE site = ?1 AND {column} = ?2");
            let blocked = db.prepare_cached(&blocked)?.execute(params![site.0, id])? as u64;
            // Files that they uploaded and never sent.
            let unsent = format!("DELETE FROM attachment WHERE site = ?1 AND {}", subject.uploader());
            Ok((blocked, db.prepare_cached(&unsent)?.execute(params![site.0, id])? as u64))
        });
        let (blocked, unsent) = rest.await?;
        erased.files += unsent;
        let rows =
            [("conversation", erased.conversations), ("line", erased.entries), ("attachment", erased.files)];
        erased.count(rows.into_iter().chain([("barred", blocked)]).collect());
        Ok(erased)
    }
}

/// Deletes a conversation with its logs and files; returns how many entries and files there were.
fn delete(db: &Connection, id: EventId) -> rusqlite::Result<(u64, u64)> {
    let of_it = |from: &str| db.prepare_cached(from)?.execute([Blob(id)]).map(|gone| gone as u64);
    let files = of_it("DELETE FROM attachment WHERE conversation = ?1")?;
    let entries = of_it("DELETE FROM line WHERE conversation = ?1")?;
    of_it("DELETE FROM conversation WHERE id = ?1")?;
    Ok((entries, files))
}

/// Blocks or unblocks a customer.
pub(super) fn set_blocked(
    db: &Connection,
    visitor: &Visitor,
    blocked: bool,
    at: Millis,
) -> rusqlite::Result<()> {
    let Visitor { site, account, user } = visitor;
    if blocked {
        db.prepare_cached("INSERT OR IGNORE INTO barred VALUES (?1, ?2, ?3, ?4)")?.execute(params![
            site.0,
            account.as_str(),
            user.as_str(),
            at
        ])?;
    } else {
        db.prepare_cached("DELETE FROM barred WHERE site = ?1 AND account = ?2 AND user = ?3")?
            .execute(params![site.0, account.as_str(), user.as_str()])?;
    }
    // Their conversations count as changed, so that lists show it.
    let theirs: Vec<EventId> = db
        .prepare_cached("SELECT id FROM conversation WHERE site = ?1 AND account = ?2 AND user = ?3")?
        .query_map(params![site.0, account.as_str(), user.as_str()], |row| Ok(EventId(uuid(row, 0)?)))?
        .collect::<rusqlite::Result<_>>()?;
    for id in theirs {
        db.prepare_cached("UPDATE conversation SET rev = ?2 WHERE id = ?1")?
            .execute(params![Blob(id), next_change(db, *site)?])?;
    }
    Ok(())
}
