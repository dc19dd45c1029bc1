//! Open steps that people snoozed.

use protocol::backend::AccountUpdate;
use protocol::ids::{AccountId, StepId};
use rusqlite::{Connection, params};
use store::{SiteId, SnoozedStep, Vouched};

use super::of_account;
use crate::columns::json;

/// The most steps that are listed: more than a team follows up in a week.
const MAX_LISTED: i64 = 200;

/// Returns the snoozed steps of a flow, the next to end first.
pub(crate) fn list(
    db: &Connection,
    site: SiteId,
    flow: &str,
    of: Vouched,
) -> rusqlite::Result<Vec<SnoozedStep>> {
    let of = of_account(of);
    db.prepare_cached(&format!(
        "SELECT q.account, q.step, q.until, coalesce(p.name, q.user), q.reason, a.known FROM postponed q
         LEFT JOIN person p ON p.site = q.site AND p.account = q.account AND p.user = q.user
         LEFT JOIN account a ON a.site = q.site AND a.account = q.account
         WHERE q.site = ?1 AND q.flow = ?2 AND q.account {of} ORDER BY q.until, q.account, q.step LIMIT ?3"
    ))?
    .query_map(params![site.0, flow, MAX_LISTED], |row| {
        let known: Option<String> = row.get(5)?;
        let known: Option<AccountUpdate> = known.as_deref().map(json).transpose()?;
        Ok(SnoozedStep {
            account: AccountId(row.get(0)?),
            name: known.and_then(|known| known.name),
            step: StepId(row.get(1)?),
            until: row.get(2)?,
            by: row.get(3)?,
            reason: row.get(4)?,
        })
    })?
    .collect()
}
