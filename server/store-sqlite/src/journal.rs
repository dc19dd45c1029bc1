//! The journal's rows: parcels of records, and the ids that are in them.

use ::store::{NewRecord, Position, Record, RejectedBody, SiteId, Written};
use rusqlite::{Connection, params};

use crate::parcel::{self, Packer};
use crate::rows::Blob;

/// Refused bodies that are kept.
const REFUSED: i64 = 500;

/// Adds the records whose ids are new; says in their order what became of each.
pub(crate) fn append<'a>(
    db: &Connection,
    packer: &mut Packer,
    records: impl Iterator<Item = &'a NewRecord>,
) -> rusqlite::Result<Vec<Written>> {
    let mut know = db.prepare_cached("INSERT INTO known VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING")?;
    let mut fresh = Vec::new();
    let mut written = Vec::new();
    for record in records {
        let is_new =
            know.execute(params![record.site.0, parcel::number_of(record.source), Blob(record.id)])? == 1;
        written.push(if is_new { Written::Stored } else { Written::Duplicate });
        fresh.extend(is_new.then_some(record));
    }
    let mut last = head(db)?;
    let mut insert = db.prepare_cached("INSERT INTO parcel VALUES (?1, ?2)")?;
    for records in fresh.chunks(parcel::MOST) {
        last += records.len() as i64;
        insert.execute(params![last, packer.pack(records)?])?;
    }
    Ok(written)
}

/// Records after a place, of one site or of all: `limit` of them or a few more, fewer only at the end.
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
        let records = parcel::unpack(row.get_ref(1)?.as_blob()?)?;
        let places = last + 1 - records.len() as i64..;
        let records = places.zip(records);
        let wanted =
            records.filter(|(seq, record)| *seq > after && site.is_none_or(|site| site == record.site));
        found.extend(wanted.map(|(seq, record)| Record { position: Position::single(seq), record }));
    }
    Ok(found)
}

pub(crate) fn head(db: &Connection) -> rusqlite::Result<i64> {
    db.query_row("SELECT coalesce(max(last), 0) FROM parcel", [], |row| row.get(0))
}

/// Reads every parcel; the first place that is missing or damaged.
pub(crate) fn damage(db: &Connection) -> rusqlite::Result<Option<i64>> {
    let mut query = db.prepare("SELECT last, records FROM parcel ORDER BY last")?;
    let mut rows = query.query([])?;
    let mut whole = 0;
    while let Some(row) = rows.next()? {
        let last = row.get(0)?;
        let records = parcel::unpack(row.get_ref(1)?.as_blob()?).map_or(0, |records| records.len() as i64);
        if records == 0 || whole + records != last {
            return Ok(Some(whole + 1));
        }
        whole = last;
    }
    Ok(None)
}

pub(crate) fn refuse(db: &Connection, refused: &RejectedBody) -> rusqlite::Result<()> {
    db.prepare_cached("INSERT INTO refused (received, tag, prefix) VALUES (?1, ?2, ?3)")?
        .execute(params![refused.received, refused.tag, refused.prefix])?;
    db.prepare_cached("DELETE FROM refused WHERE seq <= (SELECT max(seq) FROM refused) - ?1")?
        .execute([REFUSED])?;
    Ok(())
}

pub(crate) fn refused(db: &Connection) -> rusqlite::Result<Vec<RejectedBody>> {
    let mut query = db.prepare("SELECT received, tag, prefix FROM refused ORDER BY seq DESC")?;
    query
        .query_map([], |row| {
            Ok(RejectedBody { received: row.get(0)?, tag: row.get(1)?, prefix: row.get(2)? })
        })?
        .collect()
}
