//! The journal's tables: segments of records (`parcel`), and the ids that are in them (`known`).

use rusqlite::{Connection, params};
use store::{NewRecord, Position, Record, SiteId, Written};

use super::segment::{self, SegmentEncoder};
use crate::columns::Blob;

/// Adds the records whose ids are new; returns for each, in their order, whether it was.
pub(crate) fn append<'a>(
    db: &Connection,
    encoder: &mut SegmentEncoder,
    records: impl Iterator<Item = &'a NewRecord>,
) -> rusqlite::Result<Vec<Written>> {
    let mut note_id = db.prepare_cached("INSERT INTO known VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING")?;
    let mut fresh = Vec::new();
    let mut written = Vec::new();
    for record in records {
        let is_new =
            note_id.execute(params![record.site.0, segment::number_of(record.source), Blob(record.id)])? == 1;
        written.push(if is_new { Written::Stored } else { Written::Duplicate });
        fresh.extend(is_new.then_some(record));
    }
    let mut last = head(db)?;
    let mut insert = db.prepare_cached("INSERT INTO parcel VALUES (?1, ?2)")?;
    for records in fresh.chunks(segment::MAX_RECORDS) {
        last += records.len() as i64;
        insert.execute(params![last, encoder.encode(records)?])?;
    }
    Ok(written)
}

/// Returns records after a place, of one site or of all: `limit` of them or a few more, since segments are read
/// whole; fewer only at the end.
pub(crate) fn after(
    db: &Connection,
    site: Option<SiteId>,
    after: i64,
    limit: usize,
) -> rusqlite::Result<Vec<Record>> {
    let mut query = db.prepare_cached("SELECT last, records FROM parcel WHERE last > ?1 ORDER BY last")?;
    let mut rows = query.query([after])?;
    let mut found = Vec::new();
    while found.len() < limit
        && let Some(row) = rows.next()?
    {
        let last: i64 = row.get(0)?;
        let records = segment::decode(row.get_ref(1)?.as_blob()?)?;
        let places = last + 1 - records.len() as i64..;
        let records = places.zip(records);
        let wanted =
            records.filter(|(seq, record)| *seq > after && site.is_none_or(|site| site == record.site));
        found.extend(wanted.map(|(seq, record)| Record { position: Position::single(seq), record }));
    }
    Ok(found)
}

/// Returns the last place.
pub(crate) fn head(db: &Connection) -> rusqlite::Result<i64> {
    db.query_row("SELECT coalesce(max(last), 0) FROM parcel", [], |row| row.get(0))
}

/// Reads every segment; returns the first place that is missing or damaged.
pub(crate) fn damage(db: &Connection) -> rusqlite::Result<Option<i64>> {
    let mut query = db.prepare("SELECT last, records FROM parcel ORDER BY last")?;
    let mut rows = query.query([])?;
    let mut whole = 0;
    while let Some(row) = rows.next()? {
        let last = row.get(0)?;
        let records = segment::decode(row.get_ref(1)?.as_blob()?).map_or(0, |records| records.len() as i64);
        if records == 0 || whole + records != last {
            return Ok(Some(whole + 1));
        }
        whole = last;
    }
    Ok(None)
}
