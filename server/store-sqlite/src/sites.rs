//! Sites, by number and by their keys.

use async_trait::async_trait;
use protocol::ids::SiteKey;
use rusqlite::{Connection, Params, params};
use store::text::WithoutNul;
use store::{NewSite, Site, SiteId, Sites, StoreError};

use crate::SqliteStore;
use crate::error::Result;

#[async_trait]
impl Sites for SqliteStore {
    async fn add_site(&self, site: NewSite) -> Result<SiteId> {
        let site = site.without_nul();
        let name = site.name.clone();
        let added = self.write(move |db| add(db, &site)).await;
        added.map_err(|error| match error {
            StoreError::Exists(_) => StoreError::Exists(format!("a site named {name}")),
            other => other,
        })
    }

    async fn sites(&self) -> Result<Vec<Site>> {
        self.read(list).await
    }

    async fn sites_version(&self) -> Result<i64> {
        self.read(version).await
    }

    async fn site_by_public_key(&self, key: &SiteKey) -> Result<Option<Site>> {
        let key = key.clone();
        self.read(move |db| by_public_key(db, &key)).await
    }

    async fn site_by_secret_hash(&self, hash: [u8; 32]) -> Result<Option<Site>> {
        self.read(move |db| by_secret_hash(db, hash)).await
    }
}

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

fn list(db: &Connection) -> rusqlite::Result<Vec<Site>> {
    select(db, &format!("{SITE} ORDER BY id"), [])
}

fn by_public_key(db: &Connection, key: &SiteKey) -> rusqlite::Result<Option<Site>> {
    Ok(select(db, &format!("{SITE} WHERE public_key = ?1"), [key.as_str()])?.pop())
}

fn by_secret_hash(db: &Connection, hash: [u8; 32]) -> rusqlite::Result<Option<Site>> {
    Ok(select(db, &format!("{SITE} WHERE secret_hash = ?1 ORDER BY id LIMIT 1"), [hash])?.pop())
}

/// Sites are added and never changed, so the newest number tells whether the list is current.
fn version(db: &Connection) -> rusqlite::Result<i64> {
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
