//! What is known of an account: questions to its projections.

use async_trait::async_trait;
use protocol::Millis;
use protocol::ids::{AccountId, StepId, UserId};
use protocol::stored::Progress;
use protocol::widget::GuidePosition;
use rusqlite::{Connection, OptionalExtension, params};
use store::text::WithoutNul;
use store::{AccountRow, Accounts, Names, Person, SiteId};

use crate::columns::{json, to_json};
use crate::error::Result;
use crate::{SqliteStore, epoch};

#[async_trait]
impl Accounts for SqliteStore {
    async fn progress(&self, site: SiteId, account: &AccountId, flow: &str) -> Result<(Progress, i64)> {
        let (account, flow) = (account.clone().without_nul(), flow.to_owned());
        self.read(move |db| progress(db, site, &account, &flow)).await
    }

    async fn account(&self, site: SiteId, account: &AccountId) -> Result<AccountRow> {
        let id = account.clone().without_nul();
        self.read(move |db| row(db, site, &id)).await
    }

    async fn names(&self, site: SiteId, of: Vec<(AccountId, Option<UserId>)>) -> Result<Vec<Names>> {
        self.read(move |db| names(db, site, &of)).await
    }

    async fn people(&self, site: SiteId, account: &AccountId) -> Result<Vec<Person>> {
        let account = account.clone().without_nul();
        self.read(move |db| people(db, site, &account)).await
    }

    async fn person(&self, site: SiteId, account: &AccountId, user: &UserId) -> Result<Option<Person>> {
        let people = self.people(site, account).await?;
        Ok(people.into_iter().find(|person| person.user == *user))
    }

    async fn guide_position(
        &self,
        site: SiteId,
        account: &AccountId,
        user: &UserId,
    ) -> Result<Option<GuidePosition>> {
        let (account, user) = (account.clone().without_nul(), user.clone().without_nul());
        self.read(move |db| guide_position(db, site, &account, &user)).await
    }

    async fn answered_questions(
        &self,
        site: SiteId,
        account: &AccountId,
        user: &UserId,
    ) -> Result<Vec<(String, Millis)>> {
        let (account, user) = (account.clone().without_nul(), user.clone().without_nul());
        self.read(move |db| answered_questions(db, site, &account, &user)).await
    }
}

fn progress(
    db: &Connection,
    site: SiteId,
    account: &AccountId,
    flow: &str,
) -> rusqlite::Result<(Progress, i64)> {
    let base = epoch::base(db)?;
    // One statement, so that state and revision are of the same moment.
    let found: Option<(Option<String>, i64)> = db
        .prepare_cached(
            "SELECT p.state, a.seq FROM account a
             LEFT JOIN progress p ON p.site = a.site AND p.account = a.account AND p.flow = ?3
             WHERE a.site = ?1 AND a.account = ?2",
        )?
        .query_row(params![site.0, account.as_str(), flow], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    match found {
        Some((Some(state), seq)) => Ok((json(&state)?, base + seq)),
        Some((None, seq)) => Ok((Progress::default(), base + seq)),
        None => Ok((Progress::default(), base)),
    }
}

/// Returns what is known of an account.
pub(crate) fn row(db: &Connection, site: SiteId, account: &AccountId) -> rusqlite::Result<AccountRow> {
    let found: Option<(String, Millis, Millis)> = db
        .prepare_cached("SELECT known, first_seen, last_seen FROM account WHERE site = ?1 AND account = ?2")?
        .query_row(params![site.0, account.as_str()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    let Some((known, first, last)) = found else { return Ok(AccountRow::default()) };
    Ok(AccountRow { known: json(&known)?, seen: Some((first, last)) })
}

/// Returns the names of all in one statement.
fn names(db: &Connection, site: SiteId, of: &[(AccountId, Option<UserId>)]) -> rusqlite::Result<Vec<Names>> {
    db.prepare_cached(
        "SELECT json_extract(a.known, '$.name'), p.name FROM json_each(?2) AS one
         LEFT JOIN account a ON a.site = ?1 AND a.account = one.value ->> 0
         LEFT JOIN person p ON p.site = ?1 AND p.account = one.value ->> 0 AND p.user = one.value ->> 1
         ORDER BY one.key",
    )?
    .query_map(params![site.0, to_json(&of)?], |row| Ok(Names { account: row.get(0)?, person: row.get(1)? }))?
    .collect()
}

fn people(db: &Connection, site: SiteId, account: &AccountId) -> rusqlite::Result<Vec<Person>> {
    db.prepare_cached("SELECT user, name FROM person WHERE site = ?1 AND account = ?2 LIMIT 1000")?
        .query_map(params![site.0, account.as_str()], |row| {
            Ok(Person { user: UserId(row.get(0)?), name: row.get(1)? })
        })?
        .collect()
}

/// Returns where a person stands in a guide, or stood last.
fn guide_position(
    db: &Connection,
    site: SiteId,
    account: &AccountId,
    user: &UserId,
) -> rusqlite::Result<Option<GuidePosition>> {
    db.prepare_cached("SELECT step, stop, at FROM guiding WHERE site = ?1 AND account = ?2 AND user = ?3")?
        .query_row(params![site.0, account.as_str(), user.as_str()], |row| {
            Ok(GuidePosition { step: StepId(row.get(0)?), stop: row.get(1)?, at: row.get(2)? })
        })
        .optional()
}

/// Returns the survey questions that a person answered or declined, and when.
fn answered_questions(
    db: &Connection,
    site: SiteId,
    account: &AccountId,
    user: &UserId,
) -> rusqlite::Result<Vec<(String, Millis)>> {
    db.prepare_cached(
        "SELECT question, at FROM answer WHERE site = ?1 AND account = ?2 AND user = ?3 LIMIT 1000",
    )?
    .query_map(params![site.0, account.as_str(), user.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))?
    .collect()
}
