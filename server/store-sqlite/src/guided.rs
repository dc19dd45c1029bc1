//! Where people stand in guides: the newest word of each, whatever order the words came in.

use ::store::SiteId;
use protocol::Millis;
use protocol::backend::FactValue;
use protocol::ids::{AccountId, OrderKey, StepId, UserId};
use protocol::widget::{Event, EventKind, GuidePosition};
use rusqlite::{Connection, OptionalExtension, params};

use crate::rows::Blob;

/// Reasons for which a guide ends here and goes on elsewhere or later.
const GOES_ON: [&str; 2] = ["navigated", "replaced"];

/// What an event says of a person's place.
#[derive(Clone)]
pub(crate) struct Guided {
    pub(crate) key: OrderKey,
    step: StepId,
    /// The stop, from 1; 0 when the guide is over.
    stop: u32,
}

impl Guided {
    /// Reads an event; none when it says nothing of a place.
    pub(crate) fn of(event: &Event, at: Millis) -> Option<Self> {
        let stop = match (&event.kind, event.data.get("stop")) {
            (EventKind::GuideStarted, Some(FactValue::Number(stop))) => *stop as u32,
            (EventKind::GuideEnded, _) if !event.text("reason").is_some_and(|why| GOES_ON.contains(&why)) => {
                0
            }
            _ => return None,
        };
        Some(Self { key: OrderKey(at, event.n, event.id), step: event.step.clone()?, stop })
    }

    /// Writes it down unless something newer is known.
    pub(crate) fn keep(
        &self,
        db: &Connection,
        site: SiteId,
        account: &AccountId,
        user: &UserId,
    ) -> rusqlite::Result<()> {
        let OrderKey(at, n, id) = self.key;
        db.prepare_cached(
            "INSERT INTO guiding VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
             ON CONFLICT (site, account, user) DO UPDATE SET at = excluded.at, n = excluded.n,
             id = excluded.id, step = excluded.step, stop = excluded.stop
             WHERE (excluded.at, excluded.n, excluded.id) > (at, n, id)",
        )?
        .execute(params![
            site.0,
            account.as_str(),
            user.as_str(),
            at,
            n,
            Blob(id),
            self.step.as_str(),
            self.stop
        ])?;
        Ok(())
    }
}

/// Where a person stands, or stood last.
pub(crate) fn place(
    db: &Connection,
    site: SiteId,
    account: &AccountId,
    user: &UserId,
) -> rusqlite::Result<Option<GuidePosition>> {
    db.prepare_cached(
        "SELECT step, stop, at FROM guiding
         WHERE site = ?1 AND account = ?2 AND user = ?3",
    )?
    .query_row(params![site.0, account.as_str(), user.as_str()], |row| {
        Ok(GuidePosition { step: StepId(row.get(0)?), stop: row.get(1)?, at: row.get(2)? })
    })
    .optional()
}
