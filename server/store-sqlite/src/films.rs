//! Clips: what they are made of, and how far people watched them, whatever order their words came in.

use std::collections::BTreeMap;

use ::store::SiteId;
use journey::reports::clips::Viewer;
use protocol::backend::FactValue;
use protocol::ids::{AccountId, EventId, OrderKey, StepId, UserId};
use protocol::stored::{TimeRanges, Video, Watched};
use protocol::widget::{Event, EventKind};
use protocol::{Millis, SortedMap};
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::fold::kind;
use crate::rows::{Blob, json, to_json, uuid};

/// How long after watching a step counts as done by it, in milliseconds.
const IN_TIME: Millis = 10 * 60 * 1000;
/// The longest id of a clip, in bytes.
const LONGEST_ID: usize = 64;

/// The last second in which a film can be.
const LONGEST: u32 = 320;

pub(crate) fn keep(db: &Connection, site: SiteId, film: &Video) -> rusqlite::Result<()> {
    db.prepare_cached("INSERT OR REPLACE INTO film VALUES (?1, ?2, ?3, ?4)")?.execute(params![
        site.0,
        film.clip,
        film.version,
        to_json(film)?
    ])?;
    Ok(())
}

pub(crate) fn all(db: &Connection, site: SiteId) -> rusqlite::Result<Vec<Video>> {
    db.prepare_cached("SELECT film FROM film WHERE site = ?1 ORDER BY clip")?
        .query_map([site.0], |row| json(&row.get::<_, String>(0)?))?
        .collect()
}

/// What an event says of somebody who watches.
pub(crate) struct Watching {
    clip: String,
    film: String,
    said: Known,
}

/// What is known of one person and one film.
struct Known {
    first: Millis,
    key: OrderKey,
    place: f64,
    seen: TimeRanges,
    captioned: bool,
    returned: BTreeMap<u32, u32>,
}

impl Known {
    /// Adds what was said another time; the order does not matter.
    fn add(&mut self, other: Self) {
        self.first = self.first.min(other.first);
        self.seen = self.seen.iter().chain(other.seen.iter()).collect();
        self.captioned |= other.captioned;
        for (second, times) in other.returned {
            *self.returned.entry(second).or_default() += times;
        }
        if other.key > self.key {
            (self.key, self.place) = (other.key, other.place);
        }
    }
}

/// How the columns of what is known are called, as [`known`] reads them.
const KNOWN: &str = "first, at, n, watched.id, place, seen, captioned, returned";

fn known(row: &Row<'_>) -> rusqlite::Result<Known> {
    Ok(Known {
        first: row.get(0)?,
        key: OrderKey(row.get(1)?, row.get(2)?, EventId(uuid(row, 3)?)),
        place: row.get(4)?,
        // Only good stretches are written.
        seen: row.get::<_, String>(5)?.parse().unwrap_or_default(),
        captioned: row.get(6)?,
        returned: json(&row.get::<_, String>(7)?)?,
    })
}

impl Watching {
    /// Reads an event; none when it says nothing of watching.
    pub(crate) fn of(event: &Event, at: Millis) -> Option<Self> {
        if !matches!(
            event.kind,
            EventKind::VideoStarted | EventKind::VideoProgress | EventKind::VideoCompleted
        ) {
            return None;
        }
        let place = match event.data.get("at") {
            Some(FactValue::Number(place)) if place.is_finite() && *place >= 0.0 => *place,
            _ => return None,
        };
        let clip = event.text("clip").filter(|clip| !clip.is_empty() && clip.len() <= LONGEST_ID)?;
        let film = event.text("film").filter(|film| film.len() <= LONGEST_ID).unwrap_or_default();
        let mut returned = BTreeMap::new();
        for second in event.text("back").unwrap_or_default().split(',').filter_map(|back| back.parse().ok()) {
            if second <= LONGEST {
                *returned.entry(second).or_default() += 1;
            }
        }
        let said = Known {
            first: at,
            key: OrderKey(at, event.n, event.id),
            place,
            seen: event.text("seen").unwrap_or_default().parse().ok()?,
            captioned: event.data.get("captions") == Some(&FactValue::Flag(true)),
            returned,
        };
        Some(Self { clip: clip.to_owned(), film: film.to_owned(), said })
    }

    /// Writes it down together with what was known.
    pub(crate) fn keep(
        self,
        db: &Connection,
        site: SiteId,
        account: &AccountId,
        user: &UserId,
    ) -> rusqlite::Result<()> {
        let Self { clip, film, mut said } = self;
        let of_one = params![site.0, account.as_str(), user.as_str(), clip, film];
        let before = db
            .prepare_cached(&format!(
                "SELECT {KNOWN} FROM watched WHERE site = ?1 AND account = ?2 AND user = ?3 AND clip = ?4 AND film = ?5"
            ))?
            .query_row(of_one, known)
            .optional()?;
        if let Some(before) = before {
            said.add(before);
        }
        let OrderKey(at, n, id) = said.key;
        db.prepare_cached(
            "INSERT OR REPLACE INTO watched VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
        )?
        .execute(params![
            site.0,
            account.as_str(),
            user.as_str(),
            clip,
            film,
            said.first,
            at,
            n,
            Blob(id),
            said.place,
            String::from(said.seen),
            said.captioned,
            to_json(&said.returned)?
        ])?;
        Ok(())
    }
}

/// How far a person watched the film that each clip has now.
pub(crate) fn watched(
    db: &Connection,
    site: SiteId,
    account: &AccountId,
    user: &UserId,
) -> rusqlite::Result<SortedMap<String, Watched>> {
    db.prepare_cached(&format!(
        "SELECT {KNOWN}, watched.clip FROM watched
         JOIN film ON film.site = watched.site AND film.clip = watched.clip AND version = watched.film
         WHERE watched.site = ?1 AND account = ?2 AND user = ?3"
    ))?
    .query_map(params![site.0, account.as_str(), user.as_str()], |row| {
        let Known { place, seen, .. } = known(row)?;
        Ok((row.get(8)?, Watched { at: place, seen }))
    })?
    .collect()
}

/// Everybody who watched the film that a clip has now.
pub(crate) fn viewers(db: &Connection, site: SiteId, clip: &str) -> rusqlite::Result<Vec<Viewer>> {
    db.prepare_cached(&format!(
        "SELECT {KNOWN} FROM watched
         JOIN film ON film.site = watched.site AND film.clip = watched.clip AND version = watched.film
         WHERE watched.site = ?1 AND watched.clip = ?2"
    ))?
    .query_map(params![site.0, clip], |row| {
        let Known { first, key, seen, captioned, returned, .. } = known(row)?;
        Ok(Viewer { first, last: key.0, seen, captioned, returned })
    })?
    .collect()
}

/// How many accounts did a step in time: of those that watched, and of the others.
pub(crate) fn helped(
    db: &Connection,
    site: SiteId,
    flow: &str,
    step: &StepId,
    clip: &str,
    now: Millis,
) -> rusqlite::Result<[(u64, u64); 2]> {
    // Whoever had done the step before does not show what the clip did, and of whom the ten minutes are not
    // over nothing is known yet. Ids have no quotes.
    let mut query = db.prepare_cached(
        "WITH seen AS (SELECT account, json_extract(state, ?5) AS at FROM progress
                       WHERE site = ?1 AND flow = ?2 AND at IS NOT NULL),
              watching AS (SELECT account, min(first) AS at FROM watched
                           WHERE site = ?1 AND clip = ?4 GROUP BY account),
              done AS (SELECT account, min(at) AS at FROM milestone
                       WHERE site = ?1 AND flow = ?2 AND kind = ?6 AND name = ?3 GROUP BY account),
              began AS (SELECT watching.at IS NOT NULL AS watched, done.at AS done,
                               max(seen.at, coalesce(watching.at, 0)) AS at
                        FROM seen LEFT JOIN done USING (account)
                        LEFT JOIN watching ON watching.account = seen.account
                             AND (done.at IS NULL OR watching.at <= done.at))
         SELECT watched, count(*), coalesce(sum(done - at <= ?7), 0) FROM began
         WHERE done >= at OR done IS NULL AND at <= ?8 - ?7 GROUP BY watched",
    )?;
    let shown = format!("$.steps.\"{}\".shown", step.as_str());
    let mut both = [(0, 0); 2];
    let values = params![site.0, flow, step.as_str(), clip, shown, kind::COMPLETED, IN_TIME, now];
    let mut rows = query.query(values)?;
    while let Some(row) = rows.next()? {
        let place = if row.get(0)? { 0 } else { 1 };
        both[place] = (row.get::<_, i64>(1)?.unsigned_abs(), row.get::<_, i64>(2)?.unsigned_abs());
    }
    Ok(both)
}
