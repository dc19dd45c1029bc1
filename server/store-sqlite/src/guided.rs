//! Where people stand in guides: the newest word of each, whatever order the words came in.

use protocol::{AccountId, Event, FactValue, GuidePlace, Key, Kind, Millis, StepId, UserId};
use rusqlite::{Connection, OptionalExtension, params};
use store::SiteId;

use crate::rows::Blob;

/// Reasons for which a guide ends here and goes on elsewhere or later.
const GOES_ON: [&str; 2] = ["navigated", "replaced"];

/// What an event says of a person's place.
#[derive(Clone)]
pub(crate) struct Guided {
    pub(crate) key: Key,
    /// The step and the stop; none when the guide is over.
    place: Option<(StepId, u32)>,
}

impl Guided {
    /// Reads an event; none when it says nothing of a place.
    pub(crate) fn of(event: &Event, at: Millis) -> Option<Self> {
        let place = match event.kind {
            Kind::GuideStarted => {
                let Some(FactValue::Number(stop)) = event.data.get("stop") else { return None };
                Some((event.step.clone()?, *stop as u32))
            }
            Kind::GuideEnded if !event.text("reason").is_some_and(|why| GOES_ON.contains(&why)) => None,
            _ => return None,
        };
        Some(Self { key: Key(at, event.n, event.id), place })
    }

    /// Writes it down unless something newer is known.
    pub(crate) fn keep(
        &self,
        db: &Connection,
        site: SiteId,
        account: &AccountId,
        user: &UserId,
    ) -> rusqlite::Result<()> {
        let Key(at, n, id) = self.key;
        let (step, stop) = self.place.as_ref().map_or((None, 0), |(step, stop)| (Some(step.as_str()), *stop));
        db.prepare_cached(
            "INSERT INTO guiding VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
             ON CONFLICT (site, account, user) DO UPDATE SET at = excluded.at, n = excluded.n,
             id = excluded.id, step = excluded.step, stop = excluded.stop
             WHERE (excluded.at, excluded.n, excluded.id) > (at, n, id)",
        )?
        .execute(params![site.0, account.as_str(), user.as_str(), at, n, Blob(id), step, stop])?;
        Ok(())
    }
}

/// Where a person stands.
pub(crate) fn place(
    db: &Connection,
    site: SiteId,
    account: &AccountId,
    user: &UserId,
) -> rusqlite::Result<Option<GuidePlace>> {
    db.prepare_cached(
        "SELECT step, stop, at FROM guiding
         WHERE site = ?1 AND account = ?2 AND user = ?3 AND step IS NOT NULL",
    )?
    .query_row(params![site.0, account.as_str(), user.as_str()], |row| {
        Ok(GuidePlace { step: StepId(row.get(0)?), stop: row.get(1)?, at: row.get(2)? })
    })
    .optional()
}
