//! Reads and writes an account's progress in a site's flows.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry as Slot;

use journey::progress::{Entry, Rules};
use protocol::files::LocalizedText;
use protocol::ids::{AccountId, UserId};
use protocol::stored::Progress;
use rusqlite::{Connection, OptionalExtension, params};
use store::SiteId;
use store::projection::{self as pure, FlowChange, Milestone, SiteRules, Snoozed};

use super::rows::entry;
use crate::columns::{json, to_json};
use crate::flows;

/// Returns the rules of a site, read once until it publishes again.
pub(crate) fn rules_of<'a>(
    known: &'a mut BTreeMap<SiteId, SiteRules>,
    db: &Connection,
    site: SiteId,
) -> rusqlite::Result<&'a SiteRules> {
    match known.entry(site) {
        Slot::Occupied(known) => Ok(known.into_mut()),
        Slot::Vacant(slot) => Ok(slot.insert(pure::rules(flows::versions(db, site)?))),
    }
}

/// Folds new entries on from where the account stands, or replays everything when one of them came late.
pub(crate) fn advance(
    db: &Connection,
    site: SiteId,
    account: &AccountId,
    rules: &SiteRules,
    entries: &[Entry],
) -> rusqlite::Result<()> {
    for (flow, rules) in rules {
        let state: Option<String> = db
            .prepare_cached("SELECT state FROM progress WHERE site = ?1 AND account = ?2 AND flow = ?3")?
            .query_row(params![site.0, account.as_str(), flow], |row| row.get(0))
            .optional()?;
        let state: Option<Progress> = state.as_deref().map(json).transpose()?;
        match pure::advance(rules, state, entries) {
            Some(change) => write(db, site, account, flow, &change)?,
            None => replay(db, site, account, flow, rules)?,
        }
    }
    Ok(())
}

/// Folds everything that ever happened to the account, in every flow of its site.
pub(crate) fn replay_all(
    known: &mut BTreeMap<SiteId, SiteRules>,
    db: &Connection,
    site: SiteId,
    account: &AccountId,
) -> rusqlite::Result<()> {
    for (flow, rules) in rules_of(known, db, site)? {
        replay(db, site, account, flow, rules)?;
    }
    Ok(())
}

/// Folds everything that ever happened to the account.
pub(crate) fn replay(
    db: &Connection,
    site: SiteId,
    account: &AccountId,
    flow: &str,
    rules: &Rules<LocalizedText>,
) -> rusqlite::Result<()> {
    let entries = db
        .prepare_cached(
            "SELECT at, n, id, user, what FROM entry WHERE site = ?1 AND account = ?2 ORDER BY at, n, id",
        )?
        .query_map(params![site.0, account.as_str()], |row| entry(row, 0))?
        .collect::<rusqlite::Result<_>>()?;
    match pure::replay(rules, entries) {
        Some(change) => write(db, site, account, flow, &change),
        None => Ok(()),
    }
}

fn write(
    db: &Connection,
    site: SiteId,
    account: &AccountId,
    flow: &str,
    change: &FlowChange,
) -> rusqlite::Result<()> {
    db.prepare_cached("INSERT OR REPLACE INTO progress VALUES (?1, ?2, ?3, ?4)")?.execute(params![
        site.0,
        account.as_str(),
        flow,
        to_json(&change.progress)?
    ])?;
    if let Some(snoozed) = &change.snoozed {
        write_snoozed(db, site, account, flow, snoozed)?;
    }
    if change.replaces {
        db.prepare_cached("DELETE FROM milestone WHERE site = ?1 AND flow = ?2 AND account = ?3")?
            .execute(params![site.0, flow, account.as_str()])?;
    }
    add_milestones(db, site, account, flow, &change.milestones)
}

fn write_snoozed(
    db: &Connection,
    site: SiteId,
    account: &AccountId,
    flow: &str,
    snoozed: &[Snoozed],
) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM postponed WHERE site = ?1 AND flow = ?2 AND account = ?3")?
        .execute(params![site.0, flow, account.as_str()])?;
    let mut insert = db.prepare_cached("INSERT INTO postponed VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?;
    for (step, later) in snoozed {
        let user = later.user.as_ref().map(UserId::as_str);
        insert.execute(params![
            site.0,
            flow,
            account.as_str(),
            step.as_str(),
            later.until,
            user,
            later.reason
        ])?;
    }
    Ok(())
}

fn add_milestones(
    db: &Connection,
    site: SiteId,
    account: &AccountId,
    flow: &str,
    milestones: &[Milestone],
) -> rusqlite::Result<()> {
    if milestones.is_empty() {
        return Ok(());
    }
    let mut place: i64 = db
        .prepare_cached(
            "SELECT coalesce(max(place), 0) FROM milestone WHERE site = ?1 AND flow = ?2 AND account = ?3",
        )?
        .query_row(params![site.0, flow, account.as_str()], |row| row.get(0))?;
    let mut insert =
        db.prepare_cached("INSERT INTO milestone VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")?;
    for Milestone { at, kind, name, visit, user } in milestones {
        place += 1;
        let user = user.as_ref().map(UserId::as_str);
        let values = params![site.0, flow, account.as_str(), place, at, kind.as_str(), name, visit, user];
        insert.execute(values)?;
    }
    Ok(())
}
