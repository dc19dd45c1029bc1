//! Removing a site with everything that it has collected. The journal counts its records without a gap, so the places
//! of a removed site's records stay and say nothing.

use rusqlite::{Connection, params};
use store::SiteId;

use crate::journal::{SegmentEncoder, decode};

/// What a record of a removed site is quarantined for, so that no report counts it.
const REMOVED: &str = "removed";

/// Rows that refer to others come first; what is not named here follows in any order.
const FIRST: [&str; 3] = [
    "DELETE FROM line WHERE conversation IN (SELECT id FROM conversation WHERE site = ?1)",
    "DELETE FROM attachment WHERE site = ?1",
    "DELETE FROM conversation WHERE site = ?1",
];

/// Removes a site.
pub(super) fn remove(db: &Connection, site: SiteId) -> rusqlite::Result<()> {
    for delete in FIRST {
        db.execute(delete, [site.0])?;
    }
    for table in tables(db)? {
        db.execute(&format!("DELETE FROM \"{table}\" WHERE site = ?1"), [site.0])?;
    }
    db.execute("DELETE FROM site WHERE id = ?1", [site.0])?;
    blank_records(db, site)
}

/// The tables whose rows belong to a site each.
fn tables(db: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut query = db.prepare(
        "SELECT t.name FROM sqlite_schema AS t, pragma_table_info(t.name) AS c
         WHERE t.type = 'table' AND c.name = 'site'",
    )?;
    query.query_map([], |row| row.get(0))?.collect()
}

fn blank_records(db: &Connection, site: SiteId) -> rusqlite::Result<()> {
    let mut encoder = SegmentEncoder::new()?;
    let mut query = db.prepare("SELECT last, records FROM parcel ORDER BY last")?;
    let mut replace = db.prepare("UPDATE parcel SET records = ?2 WHERE last = ?1")?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let mut records = decode(row.get_ref(1)?.as_blob()?)?;
        let mut is_theirs = false;
        for record in records.iter_mut().filter(|record| record.site == site) {
            is_theirs = true;
            (record.account, record.user, record.body) = (None, None, "null".into());
            record.quarantine = Some(REMOVED.to_owned());
        }
        if is_theirs {
            let records: Vec<_> = records.iter().collect();
            replace.execute(params![row.get::<_, i64>(0)?, encoder.encode(&records)?])?;
        }
    }
    Ok(())
}
