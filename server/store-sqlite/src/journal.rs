//! The journal's rows.

use ::store::{NewRecord, Record, Refused, SiteId, Source, Written};
use protocol::EventId;
use rusqlite::{Connection, Row, params};

use crate::rows::{Blob, account_id, uuid};

/// Refused bodies that are kept.
const REFUSED: i64 = 500;

pub(crate) fn append(db: &Connection, records: &[NewRecord]) -> rusqlite::Result<Vec<Written>> {
    let mut insert = db.prepare_cached(
        "INSERT INTO journal (site, id, source, received, at, account, user, quarantine, body)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (site, source, id) DO NOTHING",
    )?;
    let mut one = |record: &NewRecord| {
        let rows = insert.execute(params![
            record.site.0,
            Blob(record.id),
            number_of(record.source),
            record.received,
            record.at,
            record.account.as_ref().map(|account| account.as_str()),
            record.user.as_ref().map(|user| user.as_str()),
            record.quarantine,
            record.body,
        ])?;
        Ok(if rows == 1 { Written::Stored } else { Written::Duplicate })
    };
    records.iter().map(&mut one).collect()
}

pub(crate) fn after(
    db: &Connection,
    site: Option<SiteId>,
    after: i64,
    limit: usize,
) -> rusqlite::Result<Vec<Record>> {
    let mut query = db.prepare_cached(
        "SELECT seq, site, id, source, received, at, account, user, quarantine, body FROM journal
         WHERE seq > ?1 AND (?2 IS NULL OR site = ?2) ORDER BY seq LIMIT ?3",
    )?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    query.query_map(params![after, site.map(|site| site.0), limit], record)?.collect()
}

fn record(row: &Row<'_>) -> rusqlite::Result<Record> {
    let record = NewRecord {
        site: SiteId(row.get(1)?),
        id: EventId(uuid(row, 2)?),
        source: source_of(row.get(3)?),
        received: row.get(4)?,
        at: row.get(5)?,
        account: row.get::<_, Option<String>>(6)?.map(account_id),
        user: row.get::<_, Option<String>>(7)?.map(protocol::UserId),
        quarantine: row.get(8)?,
        body: row.get::<_, String>(9)?.into(),
    };
    Ok(Record { seq: row.get(0)?, record })
}

pub(crate) fn head(db: &Connection) -> rusqlite::Result<i64> {
    db.query_row("SELECT coalesce(max(seq), 0) FROM journal", [], |row| row.get(0))
}

pub(crate) fn refuse(db: &Connection, refused: &Refused) -> rusqlite::Result<()> {
    db.prepare_cached("INSERT INTO refused (received, tag, prefix) VALUES (?1, ?2, ?3)")?
        .execute(params![refused.received, refused.tag, refused.prefix])?;
    db.prepare_cached("DELETE FROM refused WHERE seq <= (SELECT max(seq) FROM refused) - ?1")?
        .execute([REFUSED])?;
    Ok(())
}

pub(crate) fn refused(db: &Connection) -> rusqlite::Result<Vec<Refused>> {
    let mut query = db.prepare("SELECT received, tag, prefix FROM refused ORDER BY seq DESC")?;
    query
        .query_map([], |row| Ok(Refused { received: row.get(0)?, tag: row.get(1)?, prefix: row.get(2)? }))?
        .collect()
}

fn number_of(source: Source) -> i64 {
    match source {
        Source::Event => 0,
        Source::Fact => 1,
        Source::Account => 2,
        Source::Person => 3,
        Source::Flow => 4,
    }
}

fn source_of(number: i64) -> Source {
    match number {
        0 => Source::Event,
        1 => Source::Fact,
        2 => Source::Account,
        3 => Source::Person,
        _ => Source::Flow,
    }
}
