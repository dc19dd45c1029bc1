//! Reads and writes an account's progress in a site's flows.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry as Slot;

use journey::progress::Entry;
use protocol::ids::{AccountId, OrderKey, UserId};
use protocol::stored::Progress;
use rusqlite::{Connection, OptionalExtension, params};
use store::SiteId;
use store::projection::{self as pure, FlowChange, Milestone, Replay, SiteRules, Snoozed};

use super::revise;
use super::rows::{entry, milestone};
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

/// What is to be written of an account's progress in one flow. It is made on a connection that only reads: how much
/// there is to read and to fold is for strangers to choose, and the journal's writer waits for nothing of it.
pub(crate) struct FlowWrite {
    flow: String,
    change: FlowChange,
    /// Milestones that stay, where the change replaces them; those of the change come after them.
    kept: usize,
}

/// Folds new entries on from where the account stands, or replays everything when one of them came late. `gone` is an
/// entry that is about to be deleted.
pub(crate) fn fold(
    db: &Connection,
    site: SiteId,
    account: &AccountId,
    rules: &SiteRules,
    (fresh, gone): (&[Entry], Option<OrderKey>),
) -> rusqlite::Result<Vec<FlowWrite>> {
    let (mut writes, mut late) = (Vec::new(), SiteReplay::new());
    for (flow, rules) in rules {
        let state: Option<String> = db
            .prepare_cached("SELECT state FROM progress WHERE site = ?1 AND account = ?2 AND flow = ?3")?
            .query_row(params![site.0, account.as_str(), flow], |row| row.get(0))
            .optional()?;
        let state: Option<Progress> = state.as_deref().map(json).transpose()?;
        match pure::advance(rules, state, fresh) {
            Some(change) => writes.push(FlowWrite { flow: flow.clone(), change, kept: 0 }),
            None => late.push((flow, Replay::new(rules))),
        }
    }
    writes.extend(replay(db, site, account, late, (fresh, gone))?);
    Ok(writes)
}

/// Folds everything that ever happened to the account again, after entries of it were changed, and writes it at once.
pub(crate) fn replay_all(
    known: &mut BTreeMap<SiteId, SiteRules>,
    db: &Connection,
    site: SiteId,
    account: &AccountId,
) -> rusqlite::Result<()> {
    revise(db)?;
    let folded = fold_again(db, site, account, rules_of(known, db, site)?)?;
    folded.iter().try_for_each(|flow| write(db, site, account, flow))
}

/// Folds everything that ever happened to the account.
pub(crate) fn fold_again(
    db: &Connection,
    site: SiteId,
    account: &AccountId,
    rules: &SiteRules,
) -> rusqlite::Result<Vec<FlowWrite>> {
    let all = rules.iter().map(|(flow, rules)| (flow, Replay::new(rules))).collect();
    replay(db, site, account, all, (&[], None))
}

/// Replays of some flows in one pass over the entries.
type SiteReplay<'a> = Vec<(&'a String, Replay<'a>)>;

fn replay(
    db: &Connection,
    site: SiteId,
    account: &AccountId,
    mut flows: SiteReplay<'_>,
    (fresh, gone): (&[Entry], Option<OrderKey>),
) -> rusqlite::Result<Vec<FlowWrite>> {
    if flows.is_empty() {
        return Ok(Vec::new());
    }
    let mut add = |entry: &Entry| flows.iter_mut().for_each(|(_, replay)| replay.add(entry));
    let mut fresh = fresh.iter().peekable();
    let mut query = db.prepare_cached(
        "SELECT at, n, id, user, what FROM entry WHERE site = ?1 AND account = ?2 ORDER BY at, n, id",
    )?;
    let mut rows = query.query(params![site.0, account.as_str()])?;
    while let Some(row) = rows.next()? {
        let known = entry(row, 0)?;
        while let Some(new) = fresh.next_if(|new| new.key < known.key) {
            add(new);
        }
        if gone != Some(known.key) {
            add(&known);
        }
    }
    fresh.for_each(&mut add);
    let finished = flows.into_iter().filter_map(|(flow, replay)| Some((flow, replay.finish()?)));
    finished.map(|(flow, change)| changed(db, site, account, flow, change)).collect()
}

/// Leaves out of a change the milestones that are there already.
fn changed(
    db: &Connection,
    site: SiteId,
    account: &AccountId,
    flow: &str,
    mut change: FlowChange,
) -> rusqlite::Result<FlowWrite> {
    let mut query = db.prepare_cached(
        "SELECT at, kind, name, visit, user FROM milestone WHERE site = ?1 AND flow = ?2 AND account = ?3
         ORDER BY place",
    )?;
    let mut rows = query.query(params![site.0, flow, account.as_str()])?;
    let mut kept = 0;
    while let Some(row) = rows.next()?
        && change.milestones.get(kept).is_some_and(|new| milestone(row, 0).is_ok_and(|known| known == *new))
    {
        kept += 1;
    }
    change.milestones.drain(..kept);
    Ok(FlowWrite { flow: flow.to_owned(), change, kept })
}

/// Writes what was folded.
pub(crate) fn write(
    db: &Connection,
    site: SiteId,
    account: &AccountId,
    FlowWrite { flow, change, kept }: &FlowWrite,
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
        db.prepare_cached(
            "DELETE FROM milestone WHERE site = ?1 AND flow = ?2 AND account = ?3 AND place > ?4",
        )?
        .execute(params![
            site.0,
            flow,
            account.as_str(),
            i64::try_from(*kept).unwrap_or(i64::MAX)
        ])?;
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
