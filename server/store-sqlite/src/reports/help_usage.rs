//! How help was used, and what came after it.

use std::collections::BTreeMap;

use journey::reports::Who;
use journey::reports::help::{HelpUsage, Use, Used};
use protocol::Millis;
use protocol::ids::{AccountId, StepId, UserId};
use rusqlite::{Connection, params};
use store::SiteId;
use store::projection::{HelpKind, MilestoneKind};

use crate::columns::unreadable;

/// Returns everything that the report needs. Guests are only counted: they write under another id than they read.
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
            let kind = HelpKind::of_number(row.get(3)?).ok_or_else(|| unreadable(3, "what"))?;
            let what = match kind {
                HelpKind::Offered => Use::Offered,
                HelpKind::Read => Use::Read(article),
                HelpKind::Helped => Use::Helped(article),
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
    let mut rows = milestones.query(params![site.0, flow, MilestoneKind::Completed.as_str(), since])?;
    while let Some(row) = rows.next()? {
        done.entry(AccountId(row.get(0)?)).or_default().push((StepId(row.get(1)?), row.get(2)?));
    }
    let guests = db
        .prepare_cached(
            "SELECT count(DISTINCT account || char(10) || user) FROM helping
             WHERE site = ?1 AND at >= ?2 AND what = ?3 AND account LIKE '~%'",
        )?
        .query_row(params![site.0, since, HelpKind::Offered as u8], |row| row.get(0))?;
    Ok(HelpUsage { used, wrote, done, guests })
}
