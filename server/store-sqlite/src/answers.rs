//! What people answered when they were asked how it feels: the newest word of each to each question,
//! whatever order the words came in.

use ::store::{SiteId, SurveyCount};
use protocol::Millis;
use protocol::backend::{AccountUpdate, FactValue};
use protocol::console::SurveyComment;
use protocol::files::Scale;
use protocol::ids::{AccountId, OrderKey, StageId, UserId};
use protocol::widget::{Event, EventKind};
use rusqlite::{Connection, Row, params};

use crate::rows::{Blob, json};

/// The longest comment that is shown, in characters; the journal has all of it.
const LONGEST: usize = 1000;
/// The longest id of a question, in bytes: a stage's has at most 64 and `mood-` before it.
const LONGEST_ID: usize = 69;
/// Comments in a list.
const COMMENTS: i64 = 50;

/// One word of a person to one question.
pub(crate) struct Answer {
    pub(crate) key: OrderKey,
    pub(crate) question: String,
    flow: String,
    stage: String,
    scale: Scale,
    /// None when the person turned the question down.
    score: Option<u32>,
    comment: String,
}

impl Answer {
    /// Reads an event; none when it answers nothing.
    pub(crate) fn of(event: &Event, at: Millis) -> Option<Self> {
        if event.kind != EventKind::SurveyAnswered {
            return None;
        }
        let scale = scale(event.text("scale")?)?;
        let (low, high) = scale.bounds();
        let score = match event.data.get("score") {
            Some(FactValue::Number(score)) if *score >= 0.0 && score.fract() == 0.0 => Some(*score as u32),
            Some(_) => return None,
            None => None,
        };
        if score.is_some_and(|score| !(low..=high).contains(&score)) {
            return None;
        }
        let (question, stage) = (event.text("question")?, event.text("stage").unwrap_or_default());
        // A person has one mood for each stage, and nobody else invents questions.
        let is_known = scale != Scale::Mood || question.strip_prefix("mood-") == Some(stage);
        if !is_known || !is_id(question) || !is_id(stage) {
            return None;
        }
        Some(Self {
            key: OrderKey(at, event.n, event.id),
            question: question.to_owned(),
            flow: event.flow.as_ref()?.name.clone(),
            stage: stage.to_owned(),
            scale,
            comment: event.text("comment").unwrap_or_default().trim().chars().take(LONGEST).collect(),
            score,
        })
    }

    /// Writes it down unless something newer is known. Who answered did not turn the question down, whatever
    /// happened in another tab.
    pub(crate) fn keep(
        &self,
        db: &Connection,
        site: SiteId,
        account: &AccountId,
        user: &UserId,
    ) -> rusqlite::Result<()> {
        let OrderKey(at, n, id) = self.key;
        db.prepare_cached(
            "INSERT INTO answer VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
             ON CONFLICT (site, account, user, question) DO UPDATE SET at = excluded.at, n = excluded.n,
             id = excluded.id, flow = excluded.flow, stage = excluded.stage, scale = excluded.scale,
             score = excluded.score, comment = excluded.comment
             WHERE (excluded.score IS NOT NULL, excluded.at, excluded.n, excluded.id)
                 > (score IS NOT NULL, at, n, id)",
        )?
        .execute(params![
            site.0,
            account.as_str(),
            user.as_str(),
            self.question,
            at,
            n,
            Blob(id),
            self.flow,
            self.stage,
            self.scale.as_str(),
            self.score,
            self.comment
        ])?;
        Ok(())
    }
}

fn is_id(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte);
    (1..=LONGEST_ID).contains(&text.len()) && text.bytes().all(plain)
}

fn scale(name: &str) -> Option<Scale> {
    [Scale::Mood, Scale::Ces, Scale::Nps].into_iter().find(|scale| scale.as_str() == name)
}

/// The scale in a column of a row that [`Answer::keep`] wrote.
fn scale_in(row: &Row<'_>, column: usize) -> rusqlite::Result<Scale> {
    scale(row.get_ref(column)?.as_str()?).ok_or_else(|| {
        rusqlite::Error::InvalidColumnType(column, "scale".to_owned(), rusqlite::types::Type::Text)
    })
}

/// Ids of the questions that a person answered or turned down.
pub(crate) fn answered(
    db: &Connection,
    site: SiteId,
    account: &AccountId,
    user: &UserId,
) -> rusqlite::Result<Vec<String>> {
    db.prepare_cached("SELECT question FROM answer WHERE site = ?1 AND account = ?2 AND user = ?3")?
        .query_map(params![site.0, account.as_str(), user.as_str()], |row| row.get(0))?
        .collect()
}

pub(crate) fn all(db: &Connection, site: SiteId, flow: &str) -> rusqlite::Result<Vec<SurveyCount>> {
    db.prepare_cached(
        "SELECT scale, stage, score, count(*) FROM answer WHERE site = ?1 AND flow = ?2 AND score IS NOT NULL
         GROUP BY scale, stage, score",
    )?
    .query_map(params![site.0, flow], |row| {
        let (scale, stage) = (scale_in(row, 0)?, StageId(row.get(1)?));
        Ok(SurveyCount { scale, stage, score: row.get(2)?, n: row.get::<_, i64>(3)?.unsigned_abs() })
    })?
    .collect()
}

pub(crate) fn comments(db: &Connection, site: SiteId, flow: &str) -> rusqlite::Result<Vec<SurveyComment>> {
    db.prepare_cached(
        "SELECT q.at, q.account, coalesce(p.name, q.user), q.scale, q.score, q.comment, a.known FROM answer q
         LEFT JOIN person p ON p.site = q.site AND p.account = q.account AND p.user = q.user
         LEFT JOIN account a ON a.site = q.site AND a.account = q.account
         WHERE q.site = ?1 AND q.flow = ?2 AND q.comment <> '' AND q.score IS NOT NULL
         ORDER BY q.at DESC, q.account, q.user LIMIT ?3",
    )?
    .query_map(params![site.0, flow, COMMENTS], |row| {
        let known: Option<String> = row.get(6)?;
        let known: Option<AccountUpdate> = known.as_deref().map(json).transpose()?;
        let account: String = row.get(1)?;
        Ok(SurveyComment {
            at: row.get(0)?,
            account: known.and_then(|known| known.name).unwrap_or(account),
            by: row.get(2)?,
            scale: scale_in(row, 3)?,
            score: row.get(4)?,
            text: row.get(5)?,
        })
    })?
    .collect()
}
