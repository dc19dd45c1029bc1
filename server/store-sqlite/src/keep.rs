//! What a record says by itself: the account, the person, and the entry that the fold will read.

use journey::{Entry, What};
use protocol::{AccountId, AccountUpdate, Event, Fact, Key, Millis, UserId};
use rusqlite::{Connection, params};
use store::{SiteId, Source};

use crate::rows::{Blob, json, to_json};

/// Writes down what a record says by itself; gives the entry that progress depends on, if any.
pub(crate) fn keep(db: &Connection, seq: i64, record: &store::NewRecord) -> rusqlite::Result<Option<Entry>> {
    let (Some(account), None) = (&record.account, &record.quarantine) else { return Ok(None) };
    note_revision(db, record.site, account, seq)?;
    let update = match record.source {
        Source::Account => json(&record.body)?,
        _ => AccountUpdate::default(),
    };
    note_account(db, record.site, account, update, record.at)?;
    if let (Source::Person, Some(user)) = (record.source, &record.user) {
        let name: String = json(&record.body)?;
        db.prepare_cached("INSERT OR REPLACE INTO person VALUES (?1, ?2, ?3, ?4)")?.execute(params![
            record.site.0,
            account.as_str(),
            user.as_str(),
            name
        ])?;
    }
    let Some(entry) = entry_of(record)? else { return Ok(None) };
    let Key(at, n, id) = entry.key;
    // A fact and an event may have the same id at the same moment; the first of them is the entry.
    let added = db
        .prepare_cached("INSERT OR IGNORE INTO entry VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?
        .execute(params![
            record.site.0,
            account.as_str(),
            at,
            n,
            Blob(id),
            entry.user.as_ref().map(UserId::as_str),
            to_json(&entry.what)?
        ])?;
    Ok((added == 1).then_some(entry))
}

fn entry_of(record: &store::NewRecord) -> rusqlite::Result<Option<Entry>> {
    Ok(match record.source {
        Source::Event => {
            let event: Event = json(&record.body)?;
            Some(Entry::from_event(&event, record.at, record.user.clone()))
        }
        Source::Fact => {
            let fact: Fact = json(&record.body)?;
            let what = What::Fact(fact.name, fact.value);
            Some(Entry { key: Key(record.at, 0, record.id), user: record.user.clone(), what })
        }
        Source::Account | Source::Person | Source::Flow => None,
    })
}

/// Notes the journal place that moved an account last.
pub(crate) fn note_revision(
    db: &Connection,
    site: SiteId,
    account: &AccountId,
    seq: i64,
) -> rusqlite::Result<()> {
    db.prepare_cached("INSERT OR REPLACE INTO revision VALUES (?1, ?2, ?3)")?.execute(params![
        site.0,
        account.as_str(),
        seq
    ])?;
    Ok(())
}

fn note_account(
    db: &Connection,
    site: SiteId,
    account: &AccountId,
    update: AccountUpdate,
    at: Millis,
) -> rusqlite::Result<()> {
    let row = crate::read::account(db, site, account)?;
    let (first, last) = row.seen.unwrap_or((at, at));
    let mut known = row.known;
    known.merge(update);
    db.prepare_cached("INSERT OR REPLACE INTO account VALUES (?1, ?2, ?3, ?4, ?5)")?.execute(params![
        site.0,
        account.as_str(),
        to_json(&known)?,
        first.min(at),
        last.max(at)
    ])?;
    Ok(())
}

/// Every account of a site.
pub(crate) fn accounts(db: &Connection, site: SiteId) -> rusqlite::Result<Vec<AccountId>> {
    db.prepare_cached("SELECT account FROM account WHERE site = ?1 ORDER BY account")?
        .query_map([site.0], |row| Ok(AccountId(row.get(0)?)))?
        .collect()
}
