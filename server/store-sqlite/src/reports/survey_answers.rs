//! Survey answers, counted, and the comments beside them.

use protocol::backend::AccountUpdate;
use protocol::console::SurveyComment;
use protocol::files::Scale;
use protocol::ids::{AccountId, StageId, UserId};
use rusqlite::{Connection, params};
use store::{SiteId, SurveyCount, SurveyPerson, Vouched};

use super::of_account;
use crate::columns::json;
use crate::projection::scale;

/// The most comments that are listed.
const MAX_COMMENTS: i64 = 50;

/// The questions of a site's flow.
pub(crate) struct Asked {
    site: SiteId,
    flow: String,
    /// Their ids, as a JSON list.
    questions: String,
}

/// The answers to these questions, with the site, the flow and the list as ?1 to ?3.
const ANSWERED: &str =
    "q.site = ?1 AND q.flow = ?2 AND q.question IN (SELECT value FROM json_each(?3)) AND q.score IS NOT NULL";

impl Asked {
    /// These questions of a flow.
    pub(crate) fn new(site: SiteId, flow: &str, questions: &[String]) -> Self {
        let questions = serde_json::Value::from(questions).to_string();
        Self { site, flow: flow.to_owned(), questions }
    }
}

/// Returns how many people gave each answer.
pub(crate) fn counts(
    db: &Connection,
    Asked { site, flow, questions }: &Asked,
) -> rusqlite::Result<Vec<SurveyCount>> {
    db.prepare_cached(&format!(
        "SELECT scale, stage, score, count(*), sum(account LIKE '~%') FROM answer q WHERE {ANSWERED}
         GROUP BY scale, stage, score"
    ))?
    .query_map(params![site.0, flow, questions], |row| {
        let (all, guests) = (row.get::<_, u64>(3)?, row.get::<_, u64>(4)?);
        let stage = StageId(row.get(1)?);
        Ok(SurveyCount { scale: scale(row, 0)?, stage, score: row.get(2)?, n: all - guests, guests })
    })?
    .collect()
}

/// Returns who answered on a scale; at one stage and with one score, where they are given.
pub(crate) fn people(
    db: &Connection,
    Asked { site, flow, questions }: &Asked,
    scale: Scale,
    stage: Option<&StageId>,
    score: Option<u32>,
) -> rusqlite::Result<Vec<SurveyPerson>> {
    let values = params![site.0, flow, questions, scale.as_str(), stage.map(StageId::as_str), score];
    let verified = of_account(Vouched::Verified);
    db.prepare_cached(&format!(
        "SELECT account, user, at, score FROM answer q
         WHERE {ANSWERED} AND scale = ?4 AND account {verified}
           AND (?5 IS NULL OR stage = ?5) AND (?6 IS NULL OR score = ?6)"
    ))?
    .query_map(values, |row| {
        let who = (AccountId(row.get(0)?), UserId(row.get(1)?));
        Ok(SurveyPerson { who, at: row.get(2)?, score: row.get(3)? })
    })?
    .collect()
}

/// Returns comments, the newest first.
pub(crate) fn comments(
    db: &Connection,
    Asked { site, flow, questions }: &Asked,
    of: Vouched,
) -> rusqlite::Result<Vec<SurveyComment>> {
    let of = of_account(of);
    db.prepare_cached(&format!(
        "SELECT q.at, q.account, coalesce(p.name, q.user), q.scale, q.score, q.comment, a.known FROM answer q
         LEFT JOIN person p ON p.site = q.site AND p.account = q.account AND p.user = q.user
         LEFT JOIN account a ON a.site = q.site AND a.account = q.account
         WHERE {ANSWERED} AND q.comment <> '' AND q.account {of}
         ORDER BY q.at DESC, q.account, q.user LIMIT ?4"
    ))?
    .query_map(params![site.0, flow, questions, MAX_COMMENTS], |row| {
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
