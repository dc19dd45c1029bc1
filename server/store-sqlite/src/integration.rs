//! What was seen of a site's integration: a row for each origin, one for the newest person and one for the newest fact,
//! and the newest refused requests.

use async_trait::async_trait;
use protocol::Millis;
use protocol::ids::{AccountId, UserId};
use rusqlite::{Connection, Row, params};
use store::text::WithoutNul;
use store::{Integrations, MAX_REFUSED, RefusedRequests, Seen, Sighting, SiteId};

use crate::SqliteStore;
use crate::columns::clamped;
use crate::error::Result;

/// The numbers of the kinds in `sighting`.
const PAGE: u8 = 0;
const PERSON: u8 = 1;
const FACT: u8 = 2;
/// Where requests stand that name no site.
const NO_SITE: SiteId = SiteId(0);

#[async_trait]
impl Integrations for SqliteStore {
    async fn note_sighting(&self, site: SiteId, sighting: Sighting, at: Millis) -> Result<()> {
        self.write(move |db| note_sighting(db, site, sighting, at)).await
    }

    async fn sightings(&self, site: SiteId) -> Result<Vec<Seen>> {
        self.read(move |db| sightings(db, site)).await
    }

    async fn note_refused(&self, site: Option<SiteId>, refused: RefusedRequests) -> Result<()> {
        self.write(move |db| note_refused(db, site.unwrap_or(NO_SITE), refused)).await
    }

    async fn refused_requests(&self, site: Option<SiteId>) -> Result<Vec<RefusedRequests>> {
        self.read(move |db| refused_requests(db, site.unwrap_or(NO_SITE))).await
    }
}

fn note_sighting(db: &Connection, site: SiteId, sighting: Sighting, at: Millis) -> rusqlite::Result<()> {
    let (kind, origin, what, account) = match sighting {
        Sighting::Page { origin } => (PAGE, origin, String::new(), String::new()),
        Sighting::Person { user, account } => (PERSON, String::new(), user.0, account.0),
        Sighting::Fact { name, account } => (FACT, String::new(), name, account.0),
    };
    // The site may have been removed since the request came.
    db.prepare_cached(
        "INSERT INTO sighting SELECT id, ?2, ?3, ?4, ?5, ?6, ?6 FROM site WHERE id = ?1
         ON CONFLICT DO UPDATE SET what = ?4, account = ?5, last = ?6",
    )?
    .execute(params![
        site.0,
        kind,
        origin.without_nul(),
        what.without_nul(),
        account.without_nul(),
        at
    ])?;
    Ok(())
}

fn sightings(db: &Connection, site: SiteId) -> rusqlite::Result<Vec<Seen>> {
    db.prepare_cached(
        "SELECT kind, origin, what, account, first, last FROM sighting WHERE site = ?1 ORDER BY kind, origin",
    )?
    .query_map([site.0], seen)?
    .collect()
}

fn seen(row: &Row<'_>) -> rusqlite::Result<Seen> {
    let account = AccountId(row.get(3)?);
    let sighting = match row.get::<_, u8>(0)? {
        PAGE => Sighting::Page { origin: row.get(1)? },
        PERSON => Sighting::Person { user: UserId(row.get(2)?), account },
        _ => Sighting::Fact { name: row.get(2)?, account },
    };
    Ok(Seen { sighting, first: row.get(4)?, last: row.get(5)? })
}

fn note_refused(db: &Connection, site: SiteId, refused: RefusedRequests) -> rusqlite::Result<()> {
    let RefusedRequests { tag, origin, message, times: (first, last), count } = refused;
    db.prepare_cached(
        "INSERT INTO refused_request VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT DO UPDATE SET message = ?4, last = max(last, ?6), n = n + ?7",
    )?
    .execute(params![
        site.0,
        tag,
        origin.unwrap_or_default().without_nul(),
        message.without_nul(),
        first,
        last,
        clamped(count)
    ])?;
    db.prepare_cached(
        "DELETE FROM refused_request WHERE site = ?1 AND (tag, origin) NOT IN
         (SELECT tag, origin FROM refused_request WHERE site = ?1 ORDER BY last DESC, tag, origin LIMIT ?2)",
    )?
    .execute(params![site.0, clamped(MAX_REFUSED)])?;
    Ok(())
}

fn refused_requests(db: &Connection, site: SiteId) -> rusqlite::Result<Vec<RefusedRequests>> {
    db.prepare_cached(
        "SELECT tag, origin, message, first, last, n FROM refused_request WHERE site = ?1
         ORDER BY last DESC, tag, origin",
    )?
    .query_map([site.0], |row| {
        Ok(RefusedRequests {
            tag: row.get(0)?,
            origin: Some(row.get(1)?).filter(|origin: &String| !origin.is_empty()),
            message: row.get(2)?,
            times: (row.get(3)?, row.get(4)?),
            count: row.get::<_, i64>(5)?.unsigned_abs(),
        })
    })?
    .collect()
}

/// Forgets that a person was seen; that a token was accepted stays.
pub(crate) fn forget(db: &Connection, site: SiteId, column: &str, id: &str) -> rusqlite::Result<()> {
    let is_theirs = if column == "account" { "account = ?2" } else { "kind = 1 AND what = ?2" };
    db.prepare_cached(&format!(
        "UPDATE sighting SET what = CASE kind WHEN 1 THEN '' ELSE what END, account = ''
         WHERE site = ?1 AND {is_theirs}"
    ))?
    .execute(params![site.0, id])?;
    Ok(())
}
