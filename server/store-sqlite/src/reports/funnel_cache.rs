//! Accounts' paths through a flow, kept between two questions: only accounts that moved since are read again.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use journey::reports::funnel::Path;
use protocol::files::{Flow, FlowRef};
use protocol::ids::AccountId;
use rusqlite::{Connection, Row, params};
use store::projection::{FunnelShape, MilestoneKind};
use store::{FunnelPaths, SiteId};

use crate::columns::{json, unreadable};
use crate::projection;

/// When more than one in this many accounts moved, reading all at once is quicker.
const MANY: usize = 8;

/// The paths of every flow that was asked for.
#[derive(Default)]
pub(crate) struct FunnelCache(Mutex<BTreeMap<(SiteId, String), Known>>);

/// The paths of a flow when the projections stood at `cursor`.
struct Known {
    version: u32,
    cursor: i64,
    /// Where the path of an account stands among those of its kind.
    place: BTreeMap<String, usize>,
    paths: FunnelPaths,
}

impl FunnelCache {
    /// Returns every account's path, with the steps in the order of this version.
    pub(crate) fn paths(
        &self,
        db: &Connection,
        site: SiteId,
        flow: &FlowRef,
    ) -> rusqlite::Result<FunnelPaths> {
        self.read(db, site, flow, |known| known.paths.clone())
    }

    /// Returns the verified ones with the account of each path.
    pub(crate) fn accounts(
        &self,
        db: &Connection,
        site: SiteId,
        flow: &FlowRef,
    ) -> rusqlite::Result<(Arc<Vec<Path>>, Vec<AccountId>)> {
        self.read(db, site, flow, |known| {
            let mut accounts = vec![AccountId::default(); known.paths.verified.len()];
            for (account, place) in &known.place {
                let account = AccountId(account.clone());
                if !account.is_unverified() {
                    accounts[*place] = account;
                }
            }
            (Arc::clone(&known.paths.verified), accounts)
        })
    }

    /// Forgets a site's paths: accounts may be gone.
    pub(crate) fn forget(&self, site: SiteId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).retain(|(of, _), _| *of != site);
    }

    fn read<R>(
        &self,
        db: &Connection,
        site: SiteId,
        flow: &FlowRef,
        read: impl FnOnce(&Known) -> R,
    ) -> rusqlite::Result<R> {
        // One moment for everything that is read.
        let moment = db.unchecked_transaction()?;
        let cursor = projection::cursor(&moment)?;
        let shape = shape(&moment, site, flow)?;
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let slot = (site, flow.name.clone());
        let mut known = match all.remove(&slot) {
            Some(known) if known.version == flow.version => known,
            _ => Known::all(&moment, site, flow, &shape, cursor)?,
        };
        // A cursor that went back belongs to a rebuild, which ends with the same paths.
        if cursor > known.cursor {
            let moved = moved(&moment, site, known.cursor)?;
            if moved.len() * MANY > known.place.len() {
                known = Known::all(&moment, site, flow, &shape, cursor)?;
            } else {
                known.renew(&moment, site, flow, &shape, &moved)?;
                known.cursor = cursor;
            }
        }
        let read = read(&known);
        all.insert(slot, known);
        Ok(read)
    }
}

impl Known {
    fn all(
        db: &Connection,
        site: SiteId,
        flow: &FlowRef,
        shape: &FunnelShape,
        cursor: i64,
    ) -> rusqlite::Result<Self> {
        let mut known =
            Self { version: flow.version, cursor, place: BTreeMap::new(), paths: FunnelPaths::default() };
        let mut query = db.prepare_cached(
            "SELECT at, kind, name, account FROM milestone WHERE site = ?1 AND flow = ?2
             ORDER BY account, place",
        )?;
        let mut rows = query.query(params![site.0, flow.name])?;
        let mut current = String::new();
        while let Some(row) = rows.next()? {
            // Borrowed from the row: a site has some hundred thousand of them.
            let account = row.get_ref(3)?.as_str()?;
            if known.place.is_empty() || account != current {
                current = account.to_owned();
                known.put(&current, shape.empty());
            }
            if let Some(path) = paths_of(&mut known.paths, &current).last_mut() {
                take(shape, path, row)?;
            }
        }
        Ok(known)
    }

    fn renew(
        &mut self,
        db: &Connection,
        site: SiteId,
        flow: &FlowRef,
        shape: &FunnelShape,
        moved: &[String],
    ) -> rusqlite::Result<()> {
        let mut query = db.prepare_cached(
            "SELECT at, kind, name FROM milestone WHERE site = ?1 AND flow = ?2 AND account = ?3
             ORDER BY place",
        )?;
        for account in moved {
            let mut path = shape.empty();
            let mut rows = query.query(params![site.0, flow.name, account])?;
            while let Some(row) = rows.next()? {
                take(shape, &mut path, row)?;
            }
            if path == shape.empty() {
                continue;
            }
            self.put(account, path);
        }
        Ok(())
    }

    /// Puts the path of an account in the place of the one before, or behind the others.
    fn put(&mut self, account: &str, path: Path) {
        let paths = paths_of(&mut self.paths, account);
        match self.place.get(account) {
            Some(place) => paths[*place] = path,
            None => {
                self.place.insert(account.to_owned(), paths.len());
                paths.push(path);
            }
        }
    }
}

/// The paths among which an account's stands.
fn paths_of<'a>(paths: &'a mut FunnelPaths, account: &str) -> &'a mut Vec<Path> {
    let is_guest = account.starts_with('~');
    Arc::make_mut(if is_guest { &mut paths.guests } else { &mut paths.verified })
}

fn moved(db: &Connection, site: SiteId, after: i64) -> rusqlite::Result<Vec<String>> {
    db.prepare_cached("SELECT account FROM account WHERE site = ?1 AND seq > ?2")?
        .query_map(params![site.0, after], |row| row.get(0))?
        .collect()
}

/// Reads the shape of one version of a flow.
fn shape(db: &Connection, site: SiteId, flow: &FlowRef) -> rusqlite::Result<FunnelShape> {
    let compiled: String = db.query_row(
        "SELECT compiled FROM flow WHERE site = ?1 AND name = ?2 AND version = ?3",
        params![site.0, flow.name, flow.version],
        |row| row.get(0),
    )?;
    Ok(FunnelShape::of(&json::<Flow>(&compiled)?))
}

/// Adds a milestone to a path: its time, its kind and its name are the row's first columns.
fn take(shape: &FunnelShape, path: &mut Path, row: &Row<'_>) -> rusqlite::Result<()> {
    let kind = MilestoneKind::of_word(row.get_ref(1)?.as_str()?).ok_or_else(|| unreadable(1, "kind"))?;
    shape.add(path, kind, row.get_ref(2)?.as_str()?, row.get(0)?);
    Ok(())
}
