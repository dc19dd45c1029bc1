//! Writes what records say of an account by themselves: its row, its people, and the entries for the fold.

use journey::progress::{Entry, EntryKind};
use protocol::ids::{AccountId, OrderKey, UserId};
use rusqlite::{Connection, OptionalExtension, params};
use store::SiteId;
use store::projection::{AccountChanges, EntryPlan, FirstEntry, plan_entries};

use super::person::{PersonKey, PersonRow};
use crate::accounts;
use crate::columns::{Blob, key, to_json};

/// Plans what becomes of new entries; those that are there already are left out. It only reads.
pub(crate) fn plan(
    db: &Connection,
    site: SiteId,
    account: &AccountId,
    entries: Vec<Entry>,
) -> rusqlite::Result<EntryPlan> {
    if entries.is_empty() {
        return Ok(EntryPlan::default());
    }
    let mut plan = plan_entries(entries, first_entry(db, site, account)?.as_ref());
    // A fact and an event may have the same id at the same moment; the first to arrive is the entry.
    plan.add.dedup_by_key(|entry| entry.key);
    let mut find = db.prepare_cached(
        "SELECT 1 FROM entry WHERE site = ?1 AND account = ?2 AND (at, n, id) = (?3, ?4, ?5)",
    )?;
    let mut fresh = Vec::with_capacity(plan.add.len());
    for entry in plan.add {
        let OrderKey(at, n, id) = entry.key;
        if !find.exists(params![site.0, account.as_str(), at, n, Blob(id)])? {
            fresh.push(entry);
        }
    }
    plan.add = fresh;
    Ok(plan)
}

/// Writes everything but the progress.
pub(crate) fn write(
    db: &Connection,
    site: SiteId,
    account: &AccountId,
    changes: AccountChanges,
    plan: &EntryPlan,
) -> rusqlite::Result<()> {
    db.prepare_cached(
        "INSERT INTO account VALUES (?1, ?2, '{}', ?3, ?4, ?5)
         ON CONFLICT (site, account) DO UPDATE SET first_seen = min(first_seen, excluded.first_seen),
         last_seen = max(last_seen, excluded.last_seen), seq = excluded.seq",
    )?
    .execute(params![
        site.0,
        account.as_str(),
        changes.seen.first,
        changes.seen.last,
        changes.position.seq
    ])?;
    if let Some(update) = changes.update {
        let mut known = accounts::row(db, site, account)?.known;
        journey::account::merge(&mut known, update);
        db.prepare_cached("UPDATE account SET known = ?3 WHERE site = ?1 AND account = ?2")?
            .execute(params![site.0, account.as_str(), to_json(&known)?])?;
    }
    let of = |user| PersonKey { db, site, account, user };
    for (user, name) in &changes.names {
        name.write(of(user))?;
    }
    for (user, tour) in &changes.tours {
        tour.write(of(user))?;
    }
    for ((user, _), answer) in &changes.answers {
        answer.write(of(user))?;
    }
    for (key, watch) in &changes.watched {
        (key, watch.clone()).write(of(&key.user))?;
    }
    for (user, used) in &changes.help {
        used.write(of(user))?;
    }
    add_entries(db, site, account, plan)
}

fn add_entries(db: &Connection, site: SiteId, account: &AccountId, plan: &EntryPlan) -> rusqlite::Result<()> {
    let mut insert = db.prepare_cached("INSERT INTO entry VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?;
    for entry in &plan.add {
        let OrderKey(at, n, id) = entry.key;
        let user = entry.user.as_ref().map(UserId::as_str);
        insert.execute(params![site.0, account.as_str(), at, n, Blob(id), user, to_json(&entry.what)?])?;
    }
    if let Some(OrderKey(at, n, id)) = plan.delete {
        db.prepare_cached(
            "DELETE FROM entry WHERE site = ?1 AND account = ?2 AND (at, n, id) = (?3, ?4, ?5)",
        )?
        .execute(params![site.0, account.as_str(), at, n, Blob(id)])?;
    }
    Ok(())
}

/// Reads an account's earliest entry.
fn first_entry(db: &Connection, site: SiteId, account: &AccountId) -> rusqlite::Result<Option<FirstEntry>> {
    let presence = to_json(&EntryKind::Present)?;
    db.prepare_cached(
        "SELECT at, n, id, what FROM entry WHERE site = ?1 AND account = ?2 ORDER BY at, n, id LIMIT 1",
    )?
    .query_row(params![site.0, account.as_str()], |row| {
        Ok(FirstEntry { key: key(row, 0)?, is_presence: row.get_ref(3)?.as_str()? == presence })
    })
    .optional()
}

/// Sets the journal place that moved an account last.
pub(crate) fn set_revision(
    db: &Connection,
    site: SiteId,
    account: &AccountId,
    seq: i64,
) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE account SET seq = ?3 WHERE site = ?1 AND account = ?2")?
        .execute(params![site.0, account.as_str(), seq])
        .map(drop)
}

/// Returns the next accounts of a site after one, in the order of their ids.
pub(crate) fn ids_after(
    db: &Connection,
    site: SiteId,
    after: &str,
    limit: usize,
) -> rusqlite::Result<Vec<AccountId>> {
    db.prepare_cached(
        "SELECT account FROM account WHERE site = ?1 AND account > ?2 ORDER BY account LIMIT ?3",
    )?
    .query_map(params![site.0, after, i64::try_from(limit).unwrap_or(i64::MAX)], |row| {
        Ok(AccountId(row.get(0)?))
    })?
    .collect()
}
