//! Published flows. A publication is a record of the journal, too, so that the projector meets it in order.

use async_trait::async_trait;
use protocol::files::Flow;
use protocol::ids::EventId;
use rusqlite::{Connection, OptionalExtension, params};
use store::text::WithoutNul;
use store::{FlowVersion, Flows, NewRecord, PublishOutcome, SiteId, Source};

use crate::SqliteStore;
use crate::columns::{Blob, json, to_json, uuid};
use crate::error::Result;
use crate::journal::{self, SegmentEncoder};

#[async_trait]
impl Flows for SqliteStore {
    async fn publish_flow(&self, site: SiteId, version: FlowVersion) -> Result<PublishOutcome> {
        let version = version.without_nul();
        self.write(move |db| publish(db, site, &version)).await
    }

    async fn flow_versions(&self, site: SiteId) -> Result<Vec<FlowVersion>> {
        self.read(move |db| versions(db, site)).await
    }

    async fn newest_flows(&self, site: SiteId) -> Result<Vec<Flow>> {
        self.read(move |db| newest(db, site)).await
    }
}

/// Publishes a flow as its next version, unless its newest was made from the same file.
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
    journal::append(db, &mut SegmentEncoder::new()?, [&record].into_iter())?;
    Ok(PublishOutcome::New(flow.version))
}

/// Returns every version, the oldest first.
pub(crate) fn versions(db: &Connection, site: SiteId) -> rusqlite::Result<Vec<FlowVersion>> {
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

fn newest(db: &Connection, site: SiteId) -> rusqlite::Result<Vec<Flow>> {
    let mut query = db.prepare_cached(
        "SELECT compiled FROM flow AS one
         WHERE site = ?1 AND version = (SELECT max(version) FROM flow WHERE site = one.site AND name = one.name)
         ORDER BY published DESC, name DESC",
    )?;
    query.query_map([site.0], |row| json(&row.get::<_, String>(0)?))?.collect()
}
