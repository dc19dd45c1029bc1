//! Uploads: who uploads a file, and in which conversation it was sent.
//! Decision: docs/decisions/0011-files.md.

use async_trait::async_trait;
use protocol::Millis;
use protocol::chat::Attachment;
use protocol::ids::{ConversationId, EventId};
use rusqlite::{Connection, OptionalExtension, params};
use store::text::WithoutNul;
use store::{NewUpload, Party, SiteId, UploadQuota, UploadStart, Uploader, Uploads};

use super::{find, is_blocked};
use crate::SqliteStore;
use crate::columns::{Blob, uuid};
use crate::error::Result;

#[async_trait]
impl Uploads for SqliteStore {
    async fn begin_upload(
        &self,
        owner: Uploader,
        file: NewUpload,
        quota: UploadQuota,
    ) -> Result<UploadStart> {
        let file = file.without_nul();
        // Sums are made beside the writer; two uploads that begin at once may both just fit.
        let (asks, size) = (owner.clone(), file.size);
        let fits = self.read(move |db| fits(db, &asks, size, quota)).await?;
        self.write(move |db| begin(db, &owner, &file, fits)).await
    }

    async fn open_upload(&self, site: SiteId, id: EventId) -> Result<Option<NewUpload>> {
        self.read(move |db| open(db, site, id)).await
    }

    async fn finish_upload(&self, site: SiteId, file: Attachment) -> Result<()> {
        let file = file.without_nul();
        let finish = "UPDATE attachment SET name = ?3, size = ?4, kind = ?5
            WHERE site = ?1 AND id = ?2 AND kind IS NULL";
        self.write(move |db| {
            let values = params![site.0, Blob(file.id), file.name, file.size, file.kind];
            db.prepare_cached(finish)?.execute(values).map(drop)
        })
        .await
    }

    async fn cancel_upload(&self, site: SiteId, id: EventId) -> Result<()> {
        let forget = "DELETE FROM attachment WHERE site = ?1 AND id = ?2 AND kind IS NULL";
        self.write(move |db| db.prepare_cached(forget)?.execute(params![site.0, Blob(id)]).map(drop)).await
    }

    async fn sent_file(
        &self,
        party: &Party,
        conversation: ConversationId,
        id: EventId,
    ) -> Result<Option<Attachment>> {
        let party = party.clone();
        self.read(move |db| sent(db, &party, conversation, id)).await
    }

    async fn delete_unsent(&self, site: SiteId, open: Millis, unsent: Millis) -> Result<()> {
        let forget = "DELETE FROM attachment WHERE site = ?1 AND conversation IS NULL
            AND (created < ?3 OR kind IS NULL AND created < ?2)";
        self.write(move |db| db.prepare_cached(forget)?.execute(params![site.0, open, unsent]).map(drop))
            .await
    }

    async fn uploads(&self, site: SiteId) -> Result<Vec<(EventId, bool)>> {
        let all = "SELECT id, kind IS NOT NULL FROM attachment WHERE site = ?1";
        self.read(move |db| {
            db.prepare_cached(all)?
                .query_map([site.0], |row| Ok((EventId(uuid(row, 0)?), row.get(1)?)))?
                .collect()
        })
        .await
    }
}

/// Whether an uploader may add so many bytes. However small, a file takes a block of the disk.
fn fits(db: &Connection, owner: &Uploader, size: u64, quota: UploadQuota) -> rusqlite::Result<bool> {
    let (site, name) = (owner.site().0, owner.name());
    if let Uploader::Visitor(visitor) = owner
        && is_blocked(db, visitor)?
    {
        return Ok(false);
    }
    let sum = |of: &str, values: &[&dyn rusqlite::ToSql]| -> rusqlite::Result<u64> {
        let all = format!("SELECT coalesce(sum(max(size, {BLOCK})), 0) FROM attachment WHERE site = ?1 {of}");
        db.prepare_cached(&all)?.query_row(values, |row| row.get(0))
    };
    let unsent: u64 = db
        .prepare_cached(
            "SELECT count(*) FROM attachment WHERE site = ?1 AND owner = ?2 AND conversation IS NULL",
        )?
        .query_row(params![site, name], |row| row.get(0))?;
    let more = size.max(BLOCK);
    let is_guest = name.starts_with(GUEST);
    let guests = format!("{GUEST}\u{10ffff}");
    Ok(unsent < quota.unsent
        && sum("", &[&site])? + more <= quota.site
        && sum("AND owner = ?2 AND created > ?3", &[&site, &name, &quota.since])? + more <= quota.owner
        && (!is_guest
            || sum("AND owner BETWEEN ?2 AND ?3", &[&site, &GUEST, &guests])? + more <= quota.guests))
}

/// How the names of guests begin: people without an identity token have accounts that begin with "~".
const GUEST: &str = "visitor\n~";
/// The least space that a file takes, in bytes.
const BLOCK: u64 = 4096;

fn begin(db: &Connection, owner: &Uploader, file: &NewUpload, fits: bool) -> rusqlite::Result<UploadStart> {
    let (site, name) = (owner.site().0, owner.name());
    let before: Option<(String, String, u64, Option<String>)> = db
        .prepare_cached("SELECT owner, name, size, kind FROM attachment WHERE site = ?1 AND id = ?2")?
        .query_row(params![site, Blob(file.id)], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })
        .optional()?;
    Ok(match before {
        Some((theirs, ..)) if theirs != name => UploadStart::Conflict,
        Some((_, called, size, Some(kind))) => {
            UploadStart::Complete(Attachment { id: file.id, name: called, size, kind })
        }
        Some((_, called, size, None)) if called == file.name && size == file.size => UploadStart::Open,
        Some(_) => UploadStart::Conflict,
        None if !fits => UploadStart::OverQuota,
        None => {
            let add = "INSERT INTO attachment VALUES (?1, ?2, ?3, ?4, ?5, ?6, NULL, NULL)";
            let values = params![site, Blob(file.id), name, file.name, file.size, file.created];
            db.prepare_cached(add)?.execute(values)?;
            UploadStart::Open
        }
    })
}

fn open(db: &Connection, site: SiteId, id: EventId) -> rusqlite::Result<Option<NewUpload>> {
    db.prepare_cached(
        "SELECT name, size, created FROM attachment WHERE site = ?1 AND id = ?2 AND kind IS NULL",
    )?
    .query_row(params![site.0, Blob(id)], |row| {
        Ok(NewUpload { id, name: row.get(0)?, size: row.get(1)?, created: row.get(2)? })
    })
    .optional()
}

fn sent(
    db: &Connection,
    party: &Party,
    c: ConversationId,
    id: EventId,
) -> rusqlite::Result<Option<Attachment>> {
    let Some(found) = find(db, party, c)? else { return Ok(None) };
    db.prepare_cached(
        "SELECT name, size, kind FROM attachment
         WHERE site = ?1 AND id = ?2 AND conversation = ?3 AND kind IS NOT NULL",
    )?
    .query_row(params![found.visitor.site.0, Blob(id), Blob(c.0)], |row| {
        Ok(Attachment { id, name: row.get(0)?, size: row.get(1)?, kind: row.get(2)? })
    })
    .optional()
}
