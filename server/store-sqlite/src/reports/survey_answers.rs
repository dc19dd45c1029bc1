//! Survey answers, counted, and the comments beside them.

use protocol::backend::AccountUpdate;
use protocol::console::SurveyComment;
use protocol::files::Scale;
use protocol::ids::{AccountId, StageId, UserId};
use rusqlite::{Connection, params};
use store::{SiteId, SurveyCount, SurveyPerson};

use crate::columns::json;
use crate::projection::scale;

/// The most comments that are listed.
const MAX_COMMENTS: i64 = 50;

/// Returns how many people gave each answer.
pub(crate) fn counts(db: &Connection, site: SiteId, flow: &str) -> rusqlite::Result<Vec<SurveyCount>> {
    db.prepare_cached(
        "SELECT scale, stage, score, count(*) FROM answer WHERE site = ?1 AND flow = ?2 AND score IS NOT NULL
         GROUP BY scale, stage, score",
    )?
    .query_map(params![site.0, flow], |row| {
        let stage = StageId(row.get(1)?);
        Ok(SurveyCount {
            scale: scale(row, 0)?,
            stage,
            score: row.get(2)?,
            n: row.get::<_, i64>(3)?.unsigned_abs(),
        })
    })?
    .collect()
}

/// Returns who answered on a scale; at one stage and with one score, where they are given.
pub(crate) fn people(
    db: &Connection,
    site: SiteId,
    flow: &str,
    scale: Scale,
    stage: Option<&StageId>,
    score: Option<u32>,
) -> rusqlite::Result<Vec<SurveyPerson>> {
    db.prepare_cached(
        "SELECT account, user, at, score FROM answer
         WHERE site = ?1 AND flow = ?2 AND scale = ?3 AND score IS NOT NULL
           AND (?4 IS NULL OR stage = ?4) AND (?5 IS NULL OR score = ?5)",
    )?
    .query_map(params![site.0, flow, scale.as_str(), stage.map(StageId::as_str), score], |row| {
        let who = (AccountId(row.get(0)?), UserId(row.get(1)?));
        Ok(SurveyPerson { who, at: row.get(2)?, score: row.get(3)? })
    })?
    .collect()
}

/// Returns comments, the newest first.
pub(crate) fn comments(db: &Connection, site: SiteId, flow: &str) -> rusqlite::Result<Vec<SurveyComment>> {
    db.prepare_cached(
        "SELECT q.at, q.account, coalesce(p.name, q.user), q.scale, q.score, q.comment, a.known FROM answer q
         LEFT JOIN person p ON p.site = q.site AND p.account = q.account AND p.user = q.user
         LEFT JOIN account a ON a.site = q.site AND a.account = q.account
         WHERE q.site = ?1 AND q.flow = ?2 AND q.comment <> '' AND q.score IS NOT NULL
         ORDER BY q.at DESC, q.account, q.user LIMIT ?3",
    )?
    .query_map(params![site.0, flow, MAX_COMMENTS], |row| {
        let known: Option<String> = row.get(6)?;
        let known: Option<AccountUpdate> = known.as_deref().map(json).transpose()?;
        let account: String = row.get(1)?;
        Ok(SurveyComment {
            at: row.get(0)?,
            account: known.and_then(|known| known.name).unwrap_or(account),
            by: row.get(2)?,
            scale: scale(row, 3)?,
            score: row.get(4)?,
            text: row.get(5)?,
        })
    })?
    .collect()
}
