//! Writes what arrived of each visit, what its device dropped, and where quarantined records stand.

use std::collections::BTreeMap;

use protocol::ids::EventId;
use rusqlite::{Connection, params};
use store::SiteId;
use store::projection::{Quarantined, VisitChange};

use crate::columns::{Blob, clamped};

pub(crate) fn write(
    db: &Connection,
    visits: &BTreeMap<(SiteId, EventId), VisitChange>,
    quarantined: &[Quarantined],
) -> rusqlite::Result<()> {
    let mut visit = db.prepare_cached(
        "INSERT INTO visit VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (site, session) DO UPDATE SET last = max(last, excluded.last),
         highest = max(highest, excluded.highest), stored = stored + excluded.stored,
         quarantined = quarantined + excluded.quarantined",
    )?;
    let mut loss = db.prepare_cached(
        "INSERT INTO dropped VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (site, session, reason) DO UPDATE SET n = n + excluded.n",
    )?;
    for ((site, session), change) in visits {
        let VisitChange { last, highest, stored, quarantined, dropped } = change;
        visit.execute(params![site.0, Blob(*session), last, highest, stored, quarantined])?;
        for (reason, n) in dropped {
            loss.execute(params![site.0, Blob(*session), reason, clamped(*n)])?;
        }
    }
    let mut place = db.prepare_cached("INSERT OR REPLACE INTO quarantined VALUES (?1, ?2, ?3, ?4)")?;
    for Quarantined { site, position, received, reason } in quarantined {
        place.execute(params![site.0, position.seq, received, reason])?;
    }
    Ok(())
}
