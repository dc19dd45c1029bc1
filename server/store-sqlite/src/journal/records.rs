//! The journal's tables: segments of records (`parcel`), and the ids that are in them (`known`).

use std::borrow::Cow;

use rusqlite::{CachedStatement, Connection, params};
use store::{NewRecord, Position, Record, SiteId, Written};

use super::segment::{self, SegmentEncoder};
use crate::columns::Blob;

/// Adds the records whose ids are new; returns for each, in their order, whether it was.
pub(crate) fn append<'a>(
    db: &Connection,
    encoder: &mut SegmentEncoder,
    records: impl Iterator<Item = &'a NewRecord>,
) -> rusqlite::Result<Vec<Written>> {
    let mut ids = Ids::new(db)?;
    let mut fresh: Vec<Cow<'a, NewRecord>> = Vec::new();
    let mut written = Vec::new();
    for record in records {
        let outcome = ids.note(record)?;
        written.push(outcome);
        match outcome {
            Written::Stored => fresh.push(Cow::Borrowed(record)),
            Written::Duplicate => {}
            Written::Conflict => {
                let record = record.in_conflict();
                if ids.note(&record)? == Written::Stored {
                    fresh.push(Cow::Owned(record));
                }
            }
        }
    }
    let mut last = head(db)?;
    let mut insert = db.prepare_cached("INSERT INTO parcel VALUES (?1, ?2)")?;
    for records in fresh.chunks(segment::MAX_RECORDS) {
        last += records.len() as i64;
        let records: Vec<&NewRecord> = records.iter().map(AsRef::as_ref).collect();
        insert.execute(params![last, encoder.encode(&records)?])?;
    }
    Ok(written)
}

/// The table of ids, each with what stands under it.
struct Ids<'a> {
    add: CachedStatement<'a>,
    look: CachedStatement<'a>,
}

impl<'a> Ids<'a> {
    fn new(db: &'a Connection) -> rusqlite::Result<Self> {
        let add = db.prepare_cached("INSERT INTO known VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING")?;
        let look =
            db.prepare_cached("SELECT content FROM known WHERE site = ?1 AND source = ?2 AND id = ?3")?;
        Ok(Self { add, look })
    }

    /// Notes the id of a record; says whether it was there, and with the same content.
    fn note(&mut self, record: &NewRecord) -> rusqlite::Result<Written> {
        let (site, source, id) = (record.site.0, segment::number_of(record.source), Blob(record.id));
        let fingerprint = record.fingerprint();
        if self.add.execute(params![site, source, id, fingerprint])? == 1 {
            return Ok(Written::Stored);
        }
        // Of what an earlier version wrote, the content is not known.
        let known: Option<i64> =
            self.look.query_row(params![site, source, Blob(record.id)], |row| row.get(0))?;
        Ok(if known.is_none_or(|known| known == fingerprint) {
            Written::Duplicate
        } else {
            Written::Conflict
        })
    }
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
