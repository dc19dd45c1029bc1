//! How people use help before they ask a person, whatever order their words came in.

use std::collections::BTreeMap;

use ::store::{HelpUsage, SiteId};
use journey::reports::help::{Use, Used, Who};
use protocol::Millis;
use protocol::ids::{AccountId, OrderKey, StepId, UserId};
use protocol::widget::{Event, EventKind};
use rusqlite::{Connection, params};

use crate::fold::kind;
use crate::rows::Blob;

/// The longest id of an article, in bytes.
const LONGEST_ID: usize = 64;

/// What an event says of help.
pub(crate) struct Helped {
    key: OrderKey,
    what: i64,
    step: String,
    article: String,
}

impl Helped {
    /// Reads an event; none when it says nothing of help.
    pub(crate) fn of(event: &Event, at: Millis) -> Option<Self> {
        let offered = event.data.get("help") == Some(&protocol::backend::FactValue::Flag(true));
        let what = match event.kind {
            EventKind::ChatOpened if offered => 0,
            EventKind::FaqViewed => 1,
            EventKind::FaqHelped => 2,
            _ => return None,
        };
        let article = event.text("article").unwrap_or_default();
        if article.len() > LONGEST_ID || (what > 0 && article.is_empty()) {
            return None;
        }
        let step = event.step.as_ref().map_or_else(String::new, ToString::to_string);
        Some(Self { key: OrderKey(at, event.n, event.id), what, step, article: article.to_owned() })
    }

    /// Writes it down; the same again is the same row.
    pub(crate) fn keep(
        &self,
        db: &Connection,
        site: SiteId,
        account: &AccountId,
        user: &UserId,
    ) -> rusqlite::Result<()> {
        let OrderKey(at, n, id) = self.key;
        db.prepare_cached("INSERT OR IGNORE INTO helping VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")?
            .execute(params![
                site.0,
                account.as_str(),
                user.as_str(),
                at,
                n,
                Blob(id),
                self.what,
                self.step,
                self.article
            ])?;
        Ok(())
    }
}

/// Everything that a report of it needs. Guests are left out: they write under another name than they read.
pub(crate) fn since(db: &Connection, site: SiteId, flow: &str, since: Millis) -> rusqlite::Result<HelpUsage> {
    let who = |account: String, user: String| -> Who { (AccountId(account), UserId(user)) };
    let used = db
        .prepare_cached(
            "SELECT account, user, at, what, step, article FROM helping
             WHERE site = ?1 AND at >= ?2 AND account NOT LIKE '~%' ORDER BY account, user, at, n, id",
        )?
        .query_map(params![site.0, since], |row| {
            let article: String = row.get(5)?;
            let step = Some(row.get::<_, String>(4)?).filter(|step| !step.is_empty()).map(StepId);
            let what = match row.get::<_, i64>(3)? {
                0 => Use::Offered,
                1 => Use::Read(article),
                _ => Use::Helped(article),
            };
            Ok(Used { who: who(row.get(0)?, row.get(1)?), at: row.get(2)?, step, what })
        })?
        .collect::<rusqlite::Result<_>>()?;
    let mut wrote: BTreeMap<Who, Vec<Millis>> = BTreeMap::new();
    let mut lines = db.prepare_cached(
        "SELECT account, user, line.at FROM conversation JOIN line ON line.conversation = conversation.id
         WHERE site = ?1 AND line.log = 0 AND side = 0 AND line.at >= ?2
           AND json_extract(said, '$.kind') IN ('message', 'callback')",
    )?;
    let mut rows = lines.query(params![site.0, since])?;
    while let Some(row) = rows.next()? {
        wrote.entry(who(row.get(0)?, row.get(1)?)).or_default().push(row.get(2)?);
    }
    let mut done: BTreeMap<AccountId, Vec<(StepId, Millis)>> = BTreeMap::new();
    let mut milestones = db.prepare_cached(
        "SELECT account, name, at FROM milestone WHERE site = ?1 AND flow = ?2 AND kind = ?3 AND at >= ?4",
    )?;
    let mut rows = milestones.query(params![site.0, flow, kind::COMPLETED, since])?;
    while let Some(row) = rows.next()? {
        done.entry(AccountId(row.get(0)?)).or_default().push((StepId(row.get(1)?), row.get(2)?));
    }
    Ok(HelpUsage { used, wrote, done })
}
