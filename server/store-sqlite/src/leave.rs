//! What goes away: conversations that are too old, people who want to be forgotten, people whom nobody hears.
//! What is to go is looked for beside the writer, and goes a little at a time, so that nobody waits for it.

use ::store::{Erased, SiteId, Visitor};
use protocol::Millis;
use protocol::ids::{EventId, UserId};
use rusqlite::{Connection, params};

use crate::chat::next_change;
use crate::lines::number_of;
use crate::rows::{Blob, uuid};
use crate::{Result, SqliteStore};

/// A conversation that nobody has said anything in since a time.
const OLD: &str = "created < ?2 AND coalesce(json_extract(thread, '$.last'), 0) < ?2";

impl SqliteStore {
    pub(crate) async fn sweep_old(&self, site: SiteId, before: Millis, limit: u64) -> Result<u64> {
        let old = self.read(move |db| {
            db.prepare_cached(&format!("SELECT id FROM conversation WHERE site = ?1 AND {OLD} LIMIT ?3"))?
                .query_map(params![site.0, before, number_of(limit)], |row| Ok(EventId(uuid(row, 0)?)))?
                .collect::<rusqlite::Result<Vec<_>>>()
        });
        let old = old.await?;
        let found = old.len() as u64;
        self.writer
            .run(move |db| {
                for id in old {
                    // Somebody may have written since it was looked for.
                    let still = format!("SELECT 1 FROM conversation WHERE id = ?1 AND {OLD}");
                    if db.prepare_cached(&still)?.exists(params![Blob(id), before])? {
                        delete(db, id)?;
                    }
                }
                Ok(())
            })
            .await?;
        Ok(found)
    }

    pub(crate) async fn erase_person(&self, site: SiteId, user: UserId) -> Result<Erased> {
        let mut erased = Erased::default();
        let asked = user.clone();
        let theirs = self.read(move |db| {
            db.prepare_cached("SELECT id FROM conversation WHERE site = ?1 AND user = ?2")?
                .query_map(params![site.0, asked.as_str()], |row| Ok(EventId(uuid(row, 0)?)))?
                .collect::<rusqlite::Result<Vec<_>>>()
        });
        for id in theirs.await? {
            let (lines, files) = self.writer.run(move |db| delete(db, id)).await?;
            erased.conversations += 1;
            erased.entries += lines;
            erased.files += files;
        }
        // What they brought and never sent; an owner's name ends with the person's id. And that nobody hears them.
        let unsent = "DELETE FROM attachment WHERE site = ?1 AND owner LIKE 'visitor%'
            AND substr(owner, -length(?2) - 1) = char(10) || ?2";
        let heard = "DELETE FROM barred WHERE site = ?1 AND user = ?2";
        let rest = self.writer.run(move |db| {
            db.prepare_cached(heard)?.execute(params![site.0, user.as_str()])?;
            Ok(db.prepare_cached(unsent)?.execute(params![site.0, user.as_str()])? as u64)
        });
        erased.files += rest.await?;
        Ok(erased)
    }
}

/// Deletes a conversation with all that is in it; gives how many lines and files that were.
fn delete(db: &Connection, id: EventId) -> rusqlite::Result<(u64, u64)> {
    let of_it = |from: &str| db.prepare_cached(from)?.execute([Blob(id)]).map(|gone| gone as u64);
    let files = of_it("DELETE FROM attachment WHERE conversation = ?1")?;
    let lines = of_it("DELETE FROM line WHERE conversation = ?1")?;
    of_it("DELETE FROM conversation WHERE id = ?1")?;
    Ok((lines, files))
}

pub(crate) fn bar(db: &Connection, visitor: &Visitor, barred: bool, at: Millis) -> rusqlite::Result<()> {
    let Visitor { site, account, user } = visitor;
    if barred {
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
    // Whoever lists conversations sees it.
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
