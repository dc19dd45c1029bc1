//! What goes away: conversations that are too old, people who want to be forgotten, people whom nobody hears.

use ::store::{Erased, SiteId, Visitor};
use protocol::{EventId, Millis, UserId};
use rusqlite::{Connection, params};

use crate::chat::number_of;
use crate::rows::{Blob, uuid};

pub(crate) fn sweep(db: &Connection, site: SiteId, before: Millis, limit: u64) -> rusqlite::Result<u64> {
    let old: Vec<EventId> = db
        .prepare_cached(
            "SELECT id FROM conversation WHERE site = ?1 AND created < ?2
             AND coalesce(json_extract(thread, '$.last'), 0) < ?2 LIMIT ?3",
        )?
        .query_map(params![site.0, before, number_of(limit)], |row| Ok(EventId(uuid(row, 0)?)))?
        .collect::<rusqlite::Result<_>>()?;
    delete(db, &old)?;
    Ok(old.len() as u64)
}

pub(crate) fn erase(db: &Connection, site: SiteId, user: &UserId) -> rusqlite::Result<Erased> {
    let theirs: Vec<EventId> = db
        .prepare_cached("SELECT id FROM conversation WHERE site = ?1 AND user = ?2")?
        .query_map(params![site.0, user.as_str()], |row| Ok(EventId(uuid(row, 0)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let mut erased = delete(db, &theirs)?;
    // What they brought and never sent. An owner's name ends with the person's id.
    erased.files += db
        .prepare_cached(
            "DELETE FROM attachment WHERE site = ?1 AND owner LIKE 'visitor%'
             AND substr(owner, -length(?2) - 1) = char(10) || ?2",
        )?
        .execute(params![site.0, user.as_str()])? as u64;
    Ok(erased)
}

/// Deletes conversations with all that is in them.
fn delete(db: &Connection, conversations: &[EventId]) -> rusqlite::Result<Erased> {
    let mut erased = Erased { conversations: conversations.len() as u64, ..Erased::default() };
    for id in conversations {
        let of_it = |from: &str| db.prepare_cached(from)?.execute([Blob(*id)]).map(|gone| gone as u64);
        erased.files += of_it("DELETE FROM attachment WHERE conversation = ?1")?;
        erased.lines += of_it("DELETE FROM line WHERE conversation = ?1")?;
        of_it("DELETE FROM conversation WHERE id = ?1")?;
    }
    Ok(erased)
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
        db.prepare_cached(
            "UPDATE conversation SET rev = (SELECT max(rev) + 1 FROM conversation WHERE site = ?1) WHERE id = ?2",
        )?
        .execute(params![site.0, Blob(id)])?;
    }
    Ok(())
}
