//! Sites and the flows they publish.

use ::store::{FlowRow, NewRecord, NewSite, Published, Site, SiteId, Source};
use protocol::{EventId, SiteKey};
use rusqlite::{Connection, OptionalExtension, params};

use crate::journal;
use crate::parcel::Packer;
use crate::rows::{Blob, json, to_json, uuid};

pub(crate) fn add(db: &Connection, site: &NewSite) -> rusqlite::Result<SiteId> {
    db.execute(
        "INSERT INTO site (name, public_key, secret_hash, identity_secret, identity_key, verified_only)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![
            site.name,
            site.public_key.as_str(),
            site.secret_hash,
            site.identity_secret,
            site.identity_key,
            site.verified_only
        ],
    )?;
    let id = db.last_insert_rowid();
    for origin in &site.origins {
        db.execute("INSERT OR IGNORE INTO origin VALUES (?1, ?2)", params![id, origin])?;
    }
    Ok(SiteId(id))
}

pub(crate) fn list(db: &Connection, key: Option<&SiteKey>) -> rusqlite::Result<Vec<Site>> {
    let mut origins = db.prepare_cached("SELECT origin FROM origin WHERE site = ?1 ORDER BY origin")?;
    let mut query = db.prepare_cached(
        "SELECT id, name, public_key, secret_hash, identity_secret, identity_key, verified_only FROM site
         WHERE ?1 IS NULL OR public_key = ?1 ORDER BY id",
    )?;
    let mut sites: Vec<Site> = query
        .query_map([key.map(SiteKey::as_str)], |row| {
            let settings = NewSite {
                name: row.get(1)?,
                public_key: SiteKey(row.get(2)?),
                secret_hash: row.get(3)?,
                identity_secret: row.get(4)?,
                identity_key: row.get(5)?,
                verified_only: row.get(6)?,
                origins: Vec::new(),
            };
            Ok(Site { id: SiteId(row.get(0)?), settings })
        })?
        .collect::<rusqlite::Result<_>>()?;
    for site in &mut sites {
        site.settings.origins =
            origins.query_map([site.id.0], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    }
    Ok(sites)
}

pub(crate) fn publish(db: &Connection, site: SiteId, row: &FlowRow) -> rusqlite::Result<Published> {
    let newest: Option<(u32, String)> = db
        .query_row(
            "SELECT version, source FROM flow WHERE site = ?1 AND name = ?2 ORDER BY version DESC LIMIT 1",
            params![site.0, row.flow.name],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .optional()?;
    if let Some((version, source)) = &newest
        && *source == row.source
    {
        return Ok(Published::Unchanged(*version));
    }
    let mut flow = row.flow.clone();
    flow.version = newest.map_or(0, |(version, _)| version) + 1;
    db.execute(
        "INSERT INTO flow VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![site.0, flow.name, flow.version, to_json(&flow)?, row.source, row.published, Blob(row.id)],
    )?;
    let record = NewRecord {
        site,
        id: row.id,
        source: Source::Flow,
        received: row.published,
        at: row.published,
        account: None,
        user: None,
        quarantine: None,
        body: to_json(&flow.reference())?.into(),
    };
    journal::append(db, &mut Packer::new()?, [&record].into_iter())?;
    Ok(Published::New(flow.version))
}

pub(crate) fn flows(db: &Connection, site: SiteId) -> rusqlite::Result<Vec<FlowRow>> {
    let mut query = db.prepare_cached(
        "SELECT compiled, source, published, id FROM flow WHERE site = ?1 ORDER BY published, name, version",
    )?;
    query
        .query_map([site.0], |row| {
            Ok(FlowRow {
                flow: json(&row.get::<_, String>(0)?)?,
                source: row.get(1)?,
                published: row.get(2)?,
                id: EventId(uuid(row, 3)?),
            })
        })?
        .collect()
}
