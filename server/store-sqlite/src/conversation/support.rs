//! Support: published support files, waiting customers, and how many conversations each agent has.
//! Decision: docs/decisions/0010-desk.md.

use async_trait::async_trait;
use journey::support::hours::FirstResponse;
use protocol::Millis;
use protocol::files::SupportFile;
use protocol::ids::{AccountId, ConversationId, EventId, StepId, UserId};
use rusqlite::{Connection, OptionalExtension, params};
use store::text::WithoutNul;
use store::{SiteId, Support, Unanswered, Visitor};

use crate::SqliteStore;
use crate::columns::{json, to_json, uuid};
use crate::error::Result;

#[async_trait]
impl Support for SqliteStore {
    async fn publish_support_file(&self, site: SiteId, since: Millis, file: SupportFile) -> Result<bool> {
        let file = file.without_nul();
        self.write(move |db| publish(db, site, since, &file)).await
    }

    async fn support_files(&self, site: SiteId) -> Result<Vec<(Millis, SupportFile)>> {
        self.read(move |db| versions(db, site)).await
    }

    async fn support_file(&self, site: SiteId) -> Result<Option<(Millis, SupportFile)>> {
        self.read(move |db| in_force(db, site)).await
    }

    async fn unanswered(&self, site: SiteId) -> Result<Vec<Unanswered>> {
        self.read(move |db| unanswered(db, site)).await
    }

    async fn count_unanswered(&self, site: SiteId) -> Result<(u64, Option<Millis>)> {
        self.read(move |db| {
            let count =
                "SELECT count(*), min(waiting) FROM conversation WHERE site = ?1 AND waiting IS NOT NULL";
            db.prepare_cached(count)?.query_row([site.0], |row| Ok((row.get(0)?, row.get(1)?)))
        })
        .await
    }

    async fn first_response_times(&self, site: SiteId, since: Millis) -> Result<Vec<FirstResponse>> {
        self.read(move |db| first_response_times(db, site, since)).await
    }

    async fn open_per_agent(&self, site: SiteId) -> Result<Vec<(String, u64)>> {
        self.read(move |db| open_per_agent(db, site)).await
    }
}

/// Conversations that one scan looks at, those that wait longest first; the next scan looks at the rest.
const MAX_UNANSWERED: u32 = 500;
/// The newest conversations whose first answers are measured.
const MAX_MEASURED: u32 = 10_000;

fn publish(db: &Connection, site: SiteId, since: Millis, file: &SupportFile) -> rusqlite::Result<bool> {
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
    // Versions are strictly increasing even if the clock moved backwards.
    db.prepare_cached("INSERT INTO desk VALUES (?1, ?2, ?3)")?.execute(params![
        site.0,
        since.max(before.saturating_add(1)),
        file
    ])?;
    Ok(true)
}

fn versions(db: &Connection, site: SiteId) -> rusqlite::Result<Vec<(Millis, SupportFile)>> {
    db.prepare_cached("SELECT since, file FROM desk WHERE site = ?1 ORDER BY since")?
        .query_map([site.0], |row| Ok((row.get(0)?, json(&row.get::<_, String>(1)?)?)))?
        .collect()
}

fn in_force(db: &Connection, site: SiteId) -> rusqlite::Result<Option<(Millis, SupportFile)>> {
    db.prepare_cached("SELECT since, file FROM desk WHERE site = ?1 ORDER BY since DESC LIMIT 1")?
        .query_row([site.0], |row| Ok((row.get(0)?, json(&row.get::<_, String>(1)?)?)))
        .optional()
}

fn unanswered(db: &Connection, site: SiteId) -> rusqlite::Result<Vec<Unanswered>> {
    db.prepare_cached(
        "SELECT id, account, user, thread, pub, step FROM conversation WHERE site = ?1 AND waiting IS NOT NULL
         ORDER BY waiting LIMIT ?2",
    )?
    .query_map(params![site.0, MAX_UNANSWERED], |row| {
        Ok(Unanswered {
            id: ConversationId(EventId(uuid(row, 0)?)),
            visitor: Visitor { site, account: AccountId(row.get(1)?), user: UserId(row.get(2)?) },
            state: json(&row.get::<_, String>(3)?)?,
            step: row.get::<_, Option<String>>(5)?.map(StepId),
            head: row.get(4)?,
        })
    })?
    .collect()
}

fn first_response_times(
    db: &Connection,
    site: SiteId,
    since: Millis,
) -> rusqlite::Result<Vec<FirstResponse>> {
    db.prepare_cached(
        "SELECT * FROM (SELECT first_asked, first_answered, step FROM conversation
         WHERE site = ?1 AND created > ?2 AND first_asked IS NOT NULL ORDER BY created DESC LIMIT ?3)
         UNION ALL
         SELECT * FROM (SELECT waiting, NULL, step FROM conversation WHERE site = ?1 AND waiting IS NOT NULL
         ORDER BY waiting LIMIT ?3)",
    )?
    .query_map(params![site.0, since, MAX_MEASURED], |row| {
        let step = row.get::<_, Option<String>>(2)?.map(StepId);
        Ok(FirstResponse { step, asked: row.get(0)?, answered: row.get(1)? })
    })?
    .collect()
}

fn open_per_agent(db: &Connection, site: SiteId) -> rusqlite::Result<Vec<(String, u64)>> {
    db.prepare_cached(
        "SELECT agent, count(*) FROM conversation
         WHERE site = ?1 AND agent IS NOT NULL AND standing = 'open' GROUP BY agent",
    )?
    .query_map([site.0], |row| Ok((row.get(0)?, row.get(1)?)))?
    .collect()
}
