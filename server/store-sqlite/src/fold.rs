//! Folds accounts: on from where they stand, or anew from all that ever happened to them.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry as Slot;

use ::store::SiteId;
use journey::progress::{Change, Entry, Rules, Transition, apply, replay};
use protocol::files::{Flow, LocalizedText};
use protocol::ids::{AccountId, EventId, OrderKey, StepId, UserId};
use protocol::stored::{Progress, Snooze};
use rusqlite::{Connection, OptionalExtension, params};

use crate::rows::{json, to_json, uuid};

/// The words in `milestone.kind`.
pub(crate) mod kind {
    pub(crate) const ENTERED: &str = "entered";
    pub(crate) const COMPLETED: &str = "completed";
    pub(crate) const REOPENED: &str = "reopened";
}

/// The rules of a site's flows, by name.
pub(crate) type SiteRules = BTreeMap<String, Rules<LocalizedText>>;

/// The rules of a site, read once until it publishes again.
pub(crate) fn rules_of<'a>(
    known: &'a mut BTreeMap<SiteId, SiteRules>,
    db: &Connection,
    site: SiteId,
) -> rusqlite::Result<&'a SiteRules> {
    match known.entry(site) {
        Slot::Occupied(known) => Ok(known.into_mut()),
        Slot::Vacant(slot) => {
            let mut versions: BTreeMap<String, Vec<(OrderKey, Flow)>> = BTreeMap::new();
            for row in crate::sites::flows(db, site)? {
                versions
                    .entry(row.flow.name.clone())
                    .or_default()
                    .push((OrderKey(row.published, 0, row.id), row.flow));
            }
            let rules = versions.into_iter().map(|(name, versions)| (name, Rules::new(versions))).collect();
            Ok(slot.insert(rules))
        }
    }
}

/// Folds new entries on from where the account stands, or anew when one of them came late.
pub(crate) fn fold_on(
    db: &Connection,
    site: SiteId,
    account: &AccountId,
    rules: &SiteRules,
    mut entries: Vec<Entry>,
) -> rusqlite::Result<()> {
    entries.sort_by_key(|entry| entry.key);
    for (flow, rules) in rules {
        let state: Option<String> = db
            .prepare_cached("SELECT state FROM progress WHERE site = ?1 AND account = ?2 AND flow = ?3")?
            .query_row(params![site.0, account.as_str(), flow], |row| row.get(0))
            .optional()?;
        let mut progress: Progress = state.as_deref().map_or(Ok(Progress::default()), json)?;
        if entries.first().is_some_and(|entry| entry.key <= progress.last) || state.is_none() {
            fold_again(db, site, account, flow, rules)?;
            continue;
        }
        let had = promises(&progress).next().is_some();
        let transitions: Vec<Transition> =
            entries.iter().flat_map(|entry| apply(rules, &mut progress, entry)).collect();
        save(db, site, account, flow, &progress)?;
        if had || promises(&progress).next().is_some() {
            postpone(db, site, account, flow, &progress)?;
        }
        add_milestones(db, site, account, flow, &transitions)?;
    }
    Ok(())
}

/// Folds everything that ever happened to the account.
pub(crate) fn fold_again(
    db: &Connection,
    site: SiteId,
    account: &AccountId,
    flow: &str,
    rules: &Rules<LocalizedText>,
) -> rusqlite::Result<()> {
    let entries = entries(db, site, account)?;
    if entries.is_empty() {
        return Ok(());
    }
    let (progress, transitions) = replay(rules, entries);
    save(db, site, account, flow, &progress)?;
    postpone(db, site, account, flow, &progress)?;
    db.prepare_cached("DELETE FROM milestone WHERE site = ?1 AND flow = ?2 AND account = ?3")?
        .execute(params![site.0, flow, account.as_str()])?;
    add_milestones(db, site, account, flow, &transitions)
}

fn entries(db: &Connection, site: SiteId, account: &AccountId) -> rusqlite::Result<Vec<Entry>> {
    db.prepare_cached(
        "SELECT at, n, id, user, what FROM entry WHERE site = ?1 AND account = ?2 ORDER BY at, n, id",
    )?
    .query_map(params![site.0, account.as_str()], |row| {
        Ok(Entry {
            key: OrderKey(row.get(0)?, row.get(1)?, EventId(uuid(row, 2)?)),
            user: row.get::<_, Option<String>>(3)?.map(UserId),
            what: json(&row.get::<_, String>(4)?)?,
        })
    })?
    .collect()
}

fn save(
    db: &Connection,
    site: SiteId,
    account: &AccountId,
    flow: &str,
    progress: &Progress,
) -> rusqlite::Result<()> {
    db.prepare_cached("INSERT OR REPLACE INTO progress VALUES (?1, ?2, ?3, ?4)")?.execute(params![
        site.0,
        account.as_str(),
        flow,
        to_json(progress)?
    ])?;
    Ok(())
}

/// Open steps that somebody promised to do later.
fn promises(progress: &Progress) -> impl Iterator<Item = (&StepId, &Snooze)> {
    progress.steps.iter().filter_map(|(id, step)| Some((id, step.later.as_ref()?)))
}

fn postpone(
    db: &Connection,
    site: SiteId,
    account: &AccountId,
    flow: &str,
    progress: &Progress,
) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM postponed WHERE site = ?1 AND flow = ?2 AND account = ?3")?
        .execute(params![site.0, flow, account.as_str()])?;
    let mut insert = db.prepare_cached("INSERT INTO postponed VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?;
    for (step, later) in promises(progress) {
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
    transitions: &[Transition],
) -> rusqlite::Result<()> {
    if transitions.is_empty() {
        return Ok(());
    }
    let mut place: i64 = db
        .prepare_cached(
            "SELECT coalesce(max(place), 0) FROM milestone WHERE site = ?1 AND flow = ?2 AND account = ?3",
        )?
        .query_row(params![site.0, flow, account.as_str()], |row| row.get(0))?;
    let mut insert =
        db.prepare_cached("INSERT INTO milestone VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")?;
    for Transition { key, user, change } in transitions {
        let (kind, name, visit) = match change {
            Change::Entered { to, visit, .. } => (kind::ENTERED, to.as_str(), visit),
            Change::Completed { step, visit, .. } => (kind::COMPLETED, step.as_str(), visit),
            Change::Reopened { step, visit } => (kind::REOPENED, step.as_str(), visit),
        };
        place += 1;
        let user = user.as_ref().map(UserId::as_str);
        insert.execute(params![site.0, flow, account.as_str(), place, key.0, kind, name, visit, user])?;
    }
    Ok(())
}
