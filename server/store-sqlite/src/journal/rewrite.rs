//! Rewriting what is in the journal, for people who want it gone: places stay, and what stands in them changes.

use rusqlite::{Connection, params};
use store::NewRecord;

use super::segment::{SegmentEncoder, decode};

/// A stretch of the journal as it is to be written.
pub(crate) struct Rewrite {
    /// Segments that change: the place, what stands there, and what is to stand there.
    segments: Vec<(i64, Vec<u8>, Vec<u8>)>,
    /// Records that changed, as they are to be.
    pub(crate) records: Vec<NewRecord>,
    /// The last place that was looked at; none at the end of the journal.
    pub(crate) through: Option<i64>,
}

/// Reads the next `limit` segments after a place and up to another, and changes records as `change` says, which tells
/// whether it did. Ends before a segment for which `is_due` is false.
pub(crate) fn plan(
    db: &Connection,
    (after, up_to): (i64, i64),
    limit: usize,
    is_due: impl Fn(&[NewRecord]) -> bool,
    change: impl Fn(&mut NewRecord) -> bool,
) -> rusqlite::Result<Rewrite> {
    let mut encoder = SegmentEncoder::new()?;
    let mut rewrite = Rewrite { segments: Vec::new(), records: Vec::new(), through: None };
    let mut query = db.prepare_cached(
        "SELECT last, records FROM parcel WHERE last > ?1 AND last <= ?2 ORDER BY last LIMIT ?3",
    )?;
    let mut rows = query.query(params![after, up_to, i64::try_from(limit).unwrap_or(i64::MAX)])?;
    while let Some(row) = rows.next()? {
        let (last, before) = (row.get(0)?, row.get_ref(1)?.as_blob()?);
        let mut records = decode(before)?;
        if !is_due(&records) {
            break;
        }
        let changed: Vec<bool> = records.iter_mut().map(&change).collect();
        if changed.contains(&true) {
            let all: Vec<&NewRecord> = records.iter().collect();
            rewrite.segments.push((last, before.to_vec(), encoder.encode(&all)?));
            let changed = records.into_iter().zip(changed).filter(|(_, changed)| *changed);
            rewrite.records.extend(changed.map(|(record, _)| record));
        }
        rewrite.through = Some(last);
    }
    Ok(rewrite)
}

/// Writes it, unless something else stands there by now; returns whether it did.
pub(crate) fn carry_out(db: &Connection, rewrite: &Rewrite) -> rusqlite::Result<bool> {
    let mut stands = db.prepare_cached("SELECT 1 FROM parcel WHERE last = ?1 AND records = ?2")?;
    for (last, before, _) in &rewrite.segments {
        if !stands.exists(params![last, before])? {
            return Ok(false);
        }
    }
    let mut replace = db.prepare_cached("UPDATE parcel SET records = ?2 WHERE last = ?1")?;
    for (last, _, after) in &rewrite.segments {
        replace.execute(params![last, after])?;
    }
    Ok(true)
}
