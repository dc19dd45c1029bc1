//! The trait `Journal`: the journal, and the projector that follows it.

use async_trait::async_trait;
use rusqlite::Connection;
use store::text::WithoutNul;
use store::{Journal, Mark, NewRecord, ProjectionUpdate, Record, RejectedBody, SiteId, StoreLoad, Written};
use tokio::sync::broadcast;

use crate::error::{Result, failed};
use crate::{SqliteStore, journal, projection};

#[async_trait]
impl Journal for SqliteStore {
    async fn append(&self, records: Vec<NewRecord>) -> Result<Vec<Written>> {
        self.writer.append(records).await
    }

    async fn records(&self, site: SiteId, after: &Mark, limit: usize) -> Result<Vec<Record>> {
        let after = after.in_lane(journal::LANE);
        let mut records = self.read(move |db| journal::after(db, Some(site), after, limit)).await?;
        records.truncate(limit);
        Ok(records)
    }

    async fn head(&self) -> Result<Mark> {
        self.read(journal::head).await.map(Mark::single)
    }

    async fn cursor(&self) -> Result<Mark> {
        self.read(projection::cursor).await.map(Mark::single)
    }

    fn subscribe(&self) -> broadcast::Receiver<ProjectionUpdate> {
        match &self.projector {
            Some(projector) => projector.subscribe(),
            // A visit projects nothing, so its channel is closed from the start.
            None => broadcast::channel(1).1,
        }
    }

    async fn rebuild(&self, progress: Box<dyn FnMut(i64, i64) + Send>) -> Result<()> {
        let projector = self.projector.as_ref().ok_or_else(|| failed("a visit cannot rebuild"))?;
        projector.rebuild(progress).await
    }

    async fn checksum(&self) -> Result<String> {
        self.read(projection::checksum).await
    }

    async fn load(&self) -> StoreLoad {
        self.writer.load().await
    }

    async fn can_write(&self) -> Result<()> {
        self.writer.check().await
    }

    async fn broken(&self) -> String {
        self.writer.disk().broken().await
    }

    async fn verify(&self) -> Result<std::result::Result<(), String>> {
        self.read(damage).await
    }

    async fn record_rejected_body(&self, body: RejectedBody) -> Result<()> {
        self.write(move |db| journal::add_rejected(db, &body.without_nul())).await
    }

    async fn rejected_bodies(&self) -> Result<Vec<RejectedBody>> {
        self.read(journal::rejected).await
    }
}

/// Reads the whole database, and says where it is damaged, if it is.
pub(crate) fn damage(db: &Connection) -> rusqlite::Result<std::result::Result<(), String>> {
    let said: String = db.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if said != "ok" {
        return Ok(Err(said));
    }
    let damage = journal::damage(db)?;
    Ok(damage.map_or(Ok(()), |place| Err(format!("the journal cannot be read at place {place}"))))
}
