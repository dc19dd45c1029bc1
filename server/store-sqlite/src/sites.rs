//! Sites, by number and by their keys. What removing one means: docs/decisions/0016-first-minutes.md.

mod removal;

use async_trait::async_trait;
use protocol::ids::SiteKey;
use rusqlite::{Connection, Params, params};
use store::text::WithoutNul;
use store::{NewSite, PreviousKeys, Site, SiteId, Sites, StoreError};

use crate::SqliteStore;
use crate::error::Result;

#[async_trait]
impl Sites for SqliteStore {
    async fn add_site(&self, site: NewSite) -> Result<SiteId> {
        let site = site.without_nul();
        let name = site.name.clone();
        let added = self.write(move |db| add(db, &site)).await;
        added.map_err(|error| taken(error, &name))
    }

    async fn update_site(&self, site: Site) -> Result<()> {
        let site = Site { settings: site.settings.without_nul(), ..site };
        let name = site.name.clone();
        let updated = self.write(move |db| update(db, &site)).await;
        updated.map_err(|error| taken(error, &name))
    }

    async fn remove_site(&self, site: SiteId) -> Result<()> {
        self.write(move |db| {
            removal::remove(db, site)?;
            count_change(db)
        })
        .await
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

/// Says which name is taken.
fn taken(error: StoreError, name: &str) -> StoreError {
    match error {
        StoreError::Exists(_) => StoreError::Exists(format!("a site named {name}")),
        other => other,
    }
}

pub(crate) fn add(db: &Connection, site: &NewSite) -> rusqlite::Result<SiteId> {
    count_change(db)?;
    // A number that a removed site had is never used again.
    let last =
        "UPDATE site_change SET last = max(last, (SELECT coalesce(max(id), 0) FROM site)) + 1 RETURNING last";
    let id: i64 = db.query_row(last, [], |row| row.get(0))?;
    db.execute(
        "INSERT INTO site (id, name, public_key, secret_hash, identity_secret, identity_key, verified_only,
         signing_secret) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            id,
            site.name,
            site.public_key.as_str(),
            site.secret_hash,
            site.identity_secret,
            site.identity_key,
            site.verified_only,
            site.signing_secret
        ],
    )?;
    list_origins(db, SiteId(id), &site.origins)?;
    Ok(SiteId(id))
}

fn update(db: &Connection, site: &Site) -> rusqlite::Result<()> {
    count_change(db)?;
    let (secret_hash, secret_until) = site.previous.secret_hash.unzip();
    let (identity_secret, identity_until) = site.previous.identity_secret.clone().unzip();
    let (identity_key, key_until) = site.previous.identity_key.clone().unzip();
    let (signing_secret, signing_until) = site.previous.signing_secret.clone().unzip();
    db.execute(
        "UPDATE site SET name = ?2, public_key = ?3, secret_hash = ?4, identity_secret = ?5, identity_key = ?6,
         verified_only = ?7, previous_secret_hash = ?8, previous_secret_until = ?9, previous_identity_secret = ?10,
         previous_identity_until = ?11, signing_secret = ?12, previous_signing_secret = ?13,
         previous_signing_until = ?14, previous_identity_key = ?15, previous_key_until = ?16 WHERE id = ?1",
        params![
            site.id.0,
            site.name,
            site.public_key.as_str(),
            site.secret_hash,
            site.identity_secret,
            site.identity_key,
            site.verified_only,
            secret_hash,
            secret_until,
            identity_secret,
            identity_until,
            site.signing_secret,
            signing_secret,
            signing_until,
            identity_key,
            key_until
        ],
    )?;
    db.execute("DELETE FROM origin WHERE site = ?1", [site.id.0])?;
    list_origins(db, site.id, &site.origins)?;
    // What was seen of an origin goes with it.
    db.execute(
        "DELETE FROM sighting WHERE site = ?1 AND origin <> '' AND origin NOT IN
         (SELECT origin FROM origin WHERE site = ?1)",
        [site.id.0],
    )?;
    Ok(())
}

fn list_origins(db: &Connection, site: SiteId, origins: &[String]) -> rusqlite::Result<()> {
    for origin in origins {
        db.execute("INSERT OR IGNORE INTO origin VALUES (?1, ?2)", params![site.0, origin])?;
    }
    Ok(())
}

fn count_change(db: &Connection) -> rusqlite::Result<()> {
    db.execute("UPDATE site_change SET version = version + 1", []).map(drop)
}

const SITE: &str = "SELECT id, name, public_key, secret_hash, identity_secret, identity_key, verified_only,
    previous_secret_hash, previous_secret_until, previous_identity_secret, previous_identity_until, signing_secret,
    previous_signing_secret, previous_signing_until, previous_identity_key, previous_key_until FROM site";

fn list(db: &Connection) -> rusqlite::Result<Vec<Site>> {
    select(db, &format!("{SITE} ORDER BY id"), [])
}

fn by_public_key(db: &Connection, key: &SiteKey) -> rusqlite::Result<Option<Site>> {
    Ok(select(db, &format!("{SITE} WHERE public_key = ?1"), [key.as_str()])?.pop())
}

fn by_secret_hash(db: &Connection, hash: [u8; 32]) -> rusqlite::Result<Option<Site>> {
    Ok(select(db, &format!("{SITE} WHERE secret_hash = ?1 ORDER BY id LIMIT 1"), [hash])?.pop())
}

fn version(db: &Connection) -> rusqlite::Result<i64> {
    db.prepare_cached("SELECT version FROM site_change")?.query_row([], |row| row.get(0))
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
                signing_secret: row.get(11)?,
                origins: Vec::new(),
            };
            let previous = PreviousKeys {
                secret_hash: row.get::<_, Option<_>>(7)?.zip(row.get(8)?),
                identity_secret: row.get::<_, Option<_>>(9)?.zip(row.get(10)?),
                signing_secret: row.get::<_, Option<_>>(12)?.zip(row.get(13)?),
                identity_key: row.get::<_, Option<_>>(14)?.zip(row.get(15)?),
            };
            Ok(Site { id: SiteId(row.get(0)?), settings, previous })
        })?
        .collect::<rusqlite::Result<_>>()?;
    let mut origins = db.prepare_cached("SELECT origin FROM origin WHERE site = ?1 ORDER BY origin")?;
    for site in &mut sites {
        site.settings.origins =
            origins.query_map([site.id.0], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    }
    Ok(sites)
}
