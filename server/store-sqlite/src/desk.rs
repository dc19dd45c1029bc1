//! The desk: what was published of it, and who waits.

use ::store::{SiteId, Unanswered, Visitor};
use journey::support::hours::FirstResponse;
use protocol::Millis;
use protocol::files::SupportFile;
use protocol::ids::{AccountId, ConversationId, EventId, StepId, UserId};
use rusqlite::{Connection, OptionalExtension, params};

use crate::rows::{json, to_json, uuid};

pub(crate) fn publish(
    db: &Connection,
    site: SiteId,
    since: Millis,
    file: &SupportFile,
) -> rusqlite::Result<bool> {
    let newest: Option<(Millis, String)> = db
        .prepare_cached("SELECT since, file FROM desk WHERE site = ?1 ORDER BY since DESC LIMIT 1")?
        .query_row([site.0], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let file = to_json(file)?;
    let before = match newest {
        Some((_, same)) if same == file => return Ok(false),
        Some((since, _)) => since,
        None => Millis::MIN,
    };
    // A clock that was set back publishes after what it published before.
    db.prepare_cached("INSERT INTO desk VALUES (?1, ?2, ?3)")?.execute(params![
        site.0,
        since.max(before.saturating_add(1)),
        file
    ])?;
    Ok(true)
}

pub(crate) fn versions(db: &Connection, site: SiteId) -> rusqlite::Result<Vec<(Millis, SupportFile)>> {
    db.prepare_cached("SELECT since, file FROM desk WHERE site = ?1 ORDER BY since")?
        .query_map([site.0], |row| Ok((row.get(0)?, json(&row.get::<_, String>(1)?)?)))?
        .collect()
}

pub(crate) fn in_force(db: &Connection, site: SiteId) -> rusqlite::Result<Option<(Millis, SupportFile)>> {
    db.prepare_cached("SELECT since, file FROM desk WHERE site = ?1 ORDER BY since DESC LIMIT 1")?
        .query_row([site.0], |row| Ok((row.get(0)?, json(&row.get::<_, String>(1)?)?)))
        .optional()
}

pub(crate) fn waiting(db: &Connection, site: SiteId) -> rusqlite::Result<Vec<Unanswered>> {
    db.prepare_cached(
        "SELECT id, account, user, thread, pub, json_extract(context, '$.step') FROM conversation
         WHERE site = ?1 AND json_extract(thread, '$.waiting') IS NOT NULL",
    )?
    .query_map([site.0], |row| {
        Ok(Unanswered {
            c: ConversationId(EventId(uuid(row, 0)?)),
            visitor: Visitor { site, account: AccountId(row.get(1)?), user: UserId(row.get(2)?) },
            thread: json(&row.get::<_, String>(3)?)?,
            step: row.get::<_, Option<String>>(5)?.map(StepId),
            head: row.get(4)?,
        })
    })?
    .collect()
}

pub(crate) fn waits(db: &Connection, site: SiteId, since: Millis) -> rusqlite::Result<Vec<FirstResponse>> {
    db.prepare_cached(
        "SELECT json_extract(thread, '$.first[0]'), json_extract(thread, '$.first[1]'),
             json_extract(context, '$.step') FROM conversation
         WHERE site = ?1 AND created > ?2 AND json_extract(thread, '$.first[0]') IS NOT NULL
         UNION ALL
         SELECT json_extract(thread, '$.waiting'), NULL, json_extract(context, '$.step') FROM conversation
         WHERE site = ?1 AND json_extract(thread, '$.waiting') IS NOT NULL",
    )?
    .query_map(params![site.0, since], |row| {
        let step = row.get::<_, Option<String>>(2)?.map(StepId);
        Ok(FirstResponse { step, asked: row.get(0)?, answered: row.get(1)? })
    })?
    .collect()
}

pub(crate) fn load(db: &Connection, site: SiteId) -> rusqlite::Result<Vec<(String, u64)>> {
    db.prepare_cached(
        "SELECT json_extract(thread, '$.agent.id') AS agent, count(*) FROM conversation
         WHERE site = ?1 AND agent IS NOT NULL AND coalesce(json_extract(thread, '$.standing'), 'open') = 'open'
         GROUP BY agent",
    )?
    .query_map([site.0], |row| Ok((row.get(0)?, row.get(1)?)))?
    .collect()
}
