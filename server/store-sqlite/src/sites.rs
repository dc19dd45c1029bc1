//! Sites and the flows they publish.

use ::store::{FlowVersion, NewRecord, NewSite, PublishOutcome, Site, SiteId, Source};
use protocol::files::Flow;
use protocol::ids::{EventId, SiteKey};
use rusqlite::{Connection, OptionalExtension, Params, params};

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

const SITE: &str =
    "SELECT id, name, public_key, secret_hash, identity_secret, identity_key, verified_only FROM site";

pub(crate) fn list(db: &Connection) -> rusqlite::Result<Vec<Site>> {
    select(db, &format!("{SITE} ORDER BY id"), [])
}

pub(crate) fn by_public_key(db: &Connection, key: &SiteKey) -> rusqlite::Result<Option<Site>> {
    Ok(select(db, &format!("{SITE} WHERE public_key = ?1"), [key.as_str()])?.pop())
}

pub(crate) fn by_secret_hash(db: &Connection, hash: [u8; 32]) -> rusqlite::Result<Option<Site>> {
    Ok(select(db, &format!("{SITE} WHERE secret_hash = ?1 ORDER BY id LIMIT 1"), [hash])?.pop())
}

/// Sites are added and never changed, so the newest number tells whether the list is current.
pub(crate) fn version(db: &Connection) -> rusqlite::Result<i64> {
    db.prepare_cached("SELECT coalesce(max(id), 0) FROM site")?.query_row([], |row| row.get(0))
}

fn select(db: &Connection, query: &str, values: impl Params) -> rusqlite::Result<Vec<Site>> {
    let mut sites: Vec<Site> = db
        .prepare_cached(query)?
        .query_map(values, |row| {
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
    let mut origins = db.prepare_cached("SELECT origin FROM origin WHERE site = ?1 ORDER BY origin")?;
    for site in &mut sites {
        site.settings.origins =
            origins.query_map([site.id.0], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    }
    Ok(sites)
}

pub(crate) fn publish(db: &Connection, site: SiteId, row: &FlowVersion) -> rusqlite::Result<PublishOutcome> {
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
        return Ok(PublishOutcome::Unchanged(*version));
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
    Ok(PublishOutcome::New(flow.version))
}

pub(crate) fn flows(db: &Connection, site: SiteId) -> rusqlite::Result<Vec<FlowVersion>> {
    let mut query = db.prepare_cached(
        "SELECT compiled, source, published, id FROM flow WHERE site = ?1 ORDER BY published, name, version",
    )?;
    query
        .query_map([site.0], |row| {
            Ok(FlowVersion {
                flow: json(&row.get::<_, String>(0)?)?,
                source: row.get(1)?,
                published: row.get(2)?,
                id: EventId(uuid(row, 3)?),
            })
        })?
        .collect()
}

pub(crate) fn newest_flow(
    db: &Connection,
    site: SiteId,
    name: Option<&str>,
) -> rusqlite::Result<Option<Flow>> {
    // The order of `flows`: by publication, then by name and version.
    let newest = "ORDER BY published DESC, name DESC, version DESC LIMIT 1";
    let found: Option<String> = match name {
        Some(name) => db
            .prepare_cached(&format!("SELECT compiled FROM flow WHERE site = ?1 AND name = ?2 {newest}"))?
            .query_row(params![site.0, name], |row| row.get(0)),
        None => db
            .prepare_cached(&format!("SELECT compiled FROM flow WHERE site = ?1 {newest}"))?
            .query_row([site.0], |row| row.get(0)),
    }
    .optional()?;
    found.as_deref().map(json).transpose()
}
