//! Clips: the videos behind them, how far people watched, and whether that helped.

use async_trait::async_trait;
use journey::reports::clips::Viewer;
use protocol::ids::{AccountId, StepId, UserId};
use protocol::stored::{Video, Watched};
use protocol::{Millis, SortedMap};
use rusqlite::{Connection, params};
use store::projection::{ClipWatch, MilestoneKind, Moments};
use store::text::WithoutNul;
use store::{Clips, SiteId};

use crate::SqliteStore;
use crate::columns::{json, to_json};
use crate::error::Result;
use crate::projection::{WATCH, watch};

/// How long after watching a step counts as completed because of it, in milliseconds.
const IN_TIME: Millis = 10 * 60 * 1000;

#[async_trait]
impl Clips for SqliteStore {
    async fn upsert_video(&self, site: SiteId, video: Video) -> Result<()> {
        let video = video.without_nul();
        self.write(move |db| upsert(db, site, &video)).await
    }

    async fn videos(&self, site: SiteId) -> Result<Vec<Video>> {
        self.read(move |db| videos(db, site)).await
    }

    async fn watched_clips(
        &self,
        site: SiteId,
        account: &AccountId,
        user: &UserId,
    ) -> Result<SortedMap<String, Watched>> {
        let (account, user) = (account.clone().without_nul(), user.clone().without_nul());
        self.read(move |db| watched(db, site, &account, &user)).await
    }

    async fn clip_viewers(&self, site: SiteId, clip: &str) -> Result<Vec<Viewer>> {
        let clip = clip.to_owned();
        self.read(move |db| viewers(db, site, &clip)).await
    }

    async fn clip_effect(
        &self,
        site: SiteId,
        flow: &str,
        step: &StepId,
        clip: &str,
        now: Millis,
    ) -> Result<[(u64, u64); 2]> {
        let (flow, step, clip) = (flow.to_owned(), step.clone(), clip.to_owned());
        self.read(move |db| effect(db, site, &flow, &step, &clip, now)).await
    }
}

fn upsert(db: &Connection, site: SiteId, video: &Video) -> rusqlite::Result<()> {
    let values = params![site.0, video.clip, video.version, to_json(video)?];
    db.prepare_cached("INSERT OR REPLACE INTO film VALUES (?1, ?2, ?3, ?4)")?.execute(values)?;
    Ok(())
}

fn videos(db: &Connection, site: SiteId) -> rusqlite::Result<Vec<Video>> {
    db.prepare_cached("SELECT film FROM film WHERE site = ?1 ORDER BY clip")?
        .query_map([site.0], |row| json(&row.get::<_, String>(0)?))?
        .collect()
}

/// Returns how far a person watched the video that each clip has now.
fn watched(
    db: &Connection,
    site: SiteId,
    account: &AccountId,
    user: &UserId,
) -> rusqlite::Result<SortedMap<String, Watched>> {
    db.prepare_cached(&format!(
        "SELECT {WATCH}, watched.clip FROM watched
         JOIN film ON film.site = watched.site AND film.clip = watched.clip AND version = watched.film
         WHERE watched.site = ?1 AND account = ?2 AND user = ?3"
    ))?
    .query_map(params![site.0, account.as_str(), user.as_str()], |row| {
        let ClipWatch { place, seen, .. } = watch(row)?;
        Ok((row.get(10)?, Watched { at: place, seen }))
    })?
    .collect()
}

/// Returns everybody who watched the video that a clip has now.
fn viewers(db: &Connection, site: SiteId, clip: &str) -> rusqlite::Result<Vec<Viewer>> {
    db.prepare_cached(&format!(
        "SELECT {WATCH}, account, user FROM watched
         JOIN film ON film.site = watched.site AND film.clip = watched.clip AND version = watched.film
         WHERE watched.site = ?1 AND watched.clip = ?2"
    ))?
    .query_map(params![site.0, clip], |row| {
        let ClipWatch { received: Moments { first, last }, seen, captioned, returned, .. } = watch(row)?;
        let who = (AccountId(row.get(10)?), UserId(row.get(11)?));
        Ok(Viewer { who, first, last, seen, captioned, returned })
    })?
    .collect()
}

/// Counts the accounts that completed a step in time: of those that watched, and of the others.
fn effect(
    db: &Connection,
    site: SiteId,
    flow: &str,
    step: &StepId,
    clip: &str,
    now: Millis,
) -> rusqlite::Result<[(u64, u64); 2]> {
    // An account that completed the step before watching counts among the others, and one whose ten minutes are
    // not over is not counted yet. An account whose only viewers are implausible may have watched or not, and counts
    // nowhere. Ids contain no quotes.
    let mut query = db.prepare_cached(
        "WITH seen AS (SELECT account, json_extract(state, ?5) AS at FROM progress
                       WHERE site = ?1 AND flow = ?2 AND at IS NOT NULL AND account NOT LIKE '~%'),
              watching AS (SELECT account, min(first) FILTER (WHERE is_plausible(
                                  seen, received_first, received_last, film.film ->> 'seconds')) AS at
                           FROM watched LEFT JOIN film ON film.site = watched.site
                                AND film.clip = watched.clip AND version = watched.film
                           WHERE watched.site = ?1 AND watched.clip = ?4 GROUP BY account),
              done AS (SELECT account, min(at) AS at FROM milestone
                       WHERE site = ?1 AND flow = ?2 AND kind = ?6 AND name = ?3 GROUP BY account),
              began AS (SELECT watching.at IS NOT NULL AS watched, done.at AS done,
                               max(seen.at, coalesce(watching.at, 0)) AS at
                        FROM seen LEFT JOIN done USING (account)
                        LEFT JOIN watching ON watching.account = seen.account
                             AND (done.at IS NULL OR watching.at <= done.at)
                        WHERE seen.account NOT IN (SELECT account FROM watching WHERE at IS NULL))
         SELECT watched, count(*), coalesce(sum(done - at <= ?7), 0) FROM began
         WHERE done >= at OR done IS NULL AND at <= ?8 - ?7 GROUP BY watched",
    )?;
    let shown = format!("$.steps.\"{}\".shown", step.as_str());
    let mut both = [(0, 0); 2];
    let values =
        params![site.0, flow, step.as_str(), clip, shown, MilestoneKind::Completed.as_str(), IN_TIME, now];
    let mut rows = query.query(values)?;
    while let Some(row) = rows.next()? {
        let place = if row.get(0)? { 0 } else { 1 };
        both[place] = (row.get::<_, i64>(1)?.unsigned_abs(), row.get::<_, i64>(2)?.unsigned_abs());
    }
    Ok(both)
}
