//! What guests used of a day.

use async_trait::async_trait;
use rusqlite::{OptionalExtension, params};
use store::{GuestUse, Guests, SiteId};

use crate::SqliteStore;
use crate::error::Result;

#[async_trait]
impl Guests for SqliteStore {
    async fn set_guest_use(&self, site: SiteId, day: i64, used: GuestUse) -> Result<()> {
        let GuestUse { records, bytes, accounts, conversations, files, sockets } = used;
        self.write(move |db| {
            db.prepare_cached("DELETE FROM guest_use WHERE site = ?1 AND day < ?2")?
                .execute(params![site.0, day])?;
            db.prepare_cached("INSERT OR REPLACE INTO guest_use VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")?
                .execute(params![site.0, day, records, bytes, accounts, conversations, files, sockets])
                .map(drop)
        })
        .await
    }

    async fn guest_use(&self, site: SiteId, day: i64) -> Result<GuestUse> {
        self.read(move |db| {
            let used = db
                .prepare_cached(
                    "SELECT records, bytes, accounts, conversations, files, sockets FROM guest_use
                     WHERE site = ?1 AND day = ?2",
                )?
                .query_row(params![site.0, day], |row| {
                    Ok(GuestUse {
                        records: row.get(0)?,
                        bytes: row.get(1)?,
                        accounts: row.get(2)?,
                        conversations: row.get(3)?,
                        files: row.get(4)?,
                        sockets: row.get(5)?,
                    })
                })
                .optional()?;
            Ok(used.unwrap_or_default())
        })
        .await
    }
}
