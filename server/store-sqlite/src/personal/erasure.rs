//! Erasing a person or an account. First the journal, so that nothing can be projected from it again, then the rows that
//! were projected before; everything in small transactions, so that nobody waits for it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use journey::progress::EntryKind;
use protocol::ids::{AccountId, UserId};
use rusqlite::{Connection, params};
use store::personal::{anonymize, blank};
use store::text::without_nul;
use store::{Erased, NewRecord, SiteId};

use super::tables;
use crate::SqliteStore;
use crate::columns::{json, to_json};
use crate::error::Result;
use crate::journal;
use crate::projection;

/// Segments that are read at a time: some milliseconds of the writer, when all of them change.
const SEGMENTS: usize = 32;
/// How often it looks whether the projector has come past what changed.
const LOOK: Duration = Duration::from_millis(20);
/// How often it tries to empty the log, which holds pages as they were; each time it waits for readers in its way.
const TRIES: u32 = 5;

/// Who is erased.
#[derive(Clone)]
pub(crate) enum Subject {
    User(UserId),
    Account(AccountId),
}

impl Subject {
    /// The column in which tables name the subject, and its id.
    pub(crate) fn column(&self) -> (&'static str, String) {
        match self {
            Self::User(user) => ("user", user.0.clone()),
            Self::Account(account) => ("account", account.0.clone()),
        }
    }

    /// Whether an upload is the subject's, with the id as ?2: an uploader's name is the side, the account and the person.
    pub(crate) fn uploader(&self) -> &'static str {
        match self {
            Self::User(_) => "owner LIKE 'visitor%' AND substr(owner, -length(?2) - 1) = char(10) || ?2",
            Self::Account(_) => "owner LIKE 'visitor%' AND instr(owner, char(10) || ?2 || char(10)) > 0",
        }
    }

    /// Takes the subject out of a record; tells whether the record was theirs.
    fn leave(&self, site: SiteId, record: &mut NewRecord) -> bool {
        let is = |id: Option<&str>, subject: &str| id.is_some_and(|id| without_nul(id) == subject);
        if record.site != site {
            return false;
        }
        match self {
            Self::User(user) if is(record.user.as_ref().map(UserId::as_str), user.as_str()) => {
                anonymize(record);
                true
            }
            Self::Account(account)
                if is(record.account.as_ref().map(AccountId::as_str), account.as_str()) =>
            {
                blank(record);
                true
            }
            Self::User(_) | Self::Account(_) => false,
        }
    }
}

impl SqliteStore {
    /// Erases the subject from everything.
    pub(super) async fn erase(&self, site: SiteId, subject: Subject) -> Result<Erased> {
        let mut erased = self.erase_conversations(site, &subject).await?;
        let head = self.read(journal::head).await?;
        erased.records = self.leave_journal(site, &subject, head).await?;
        // The projector may hold records as they were: it has written them once it is past them.
        while self.projector.is_some() && self.read(projection::cursor).await? < head {
            tokio::time::sleep(LOOK).await;
        }
        erased.count(self.leave_rows(site, &subject).await?);
        let unreadable = self.write(|db| Ok(db.execute("DELETE FROM refused", [])? as u64)).await?;
        erased.count(vec![("refused", unreadable)]);
        self.funnel.forget(site);
        self.empty_log().await?;
        Ok(erased)
    }

    /// Takes the subject out of the journal up to a place; returns of how many records.
    async fn leave_journal(&self, site: SiteId, subject: &Subject, head: i64) -> Result<u64> {
        let (mut after, mut records) = (0, 0);
        loop {
            let subject = subject.clone();
            let plan = move |db: &Connection| {
                let change = |record: &mut NewRecord| subject.leave(site, record);
                journal::plan(db, (after, head), SEGMENTS, |_| true, change)
            };
            let rewrite = self.read(plan).await?;
            let Some(through) = rewrite.through else { return Ok(records) };
            let n = rewrite.records.len() as u64;
            if n == 0 || self.write(move |db| journal::carry_out(db, &rewrite)).await? {
                (after, records) = (through, records + n);
            }
        }
    }

    async fn leave_rows(&self, site: SiteId, subject: &Subject) -> Result<Vec<(&'static str, u64)>> {
        match subject.clone() {
            Subject::Account(account) => {
                self.write(move |db| {
                    projection::revise(db)?;
                    tables::delete_account(db, site, &account)
                })
                .await
            }
            Subject::User(user) => {
                let of = user.clone();
                let accounts = self.read(move |db| accounts_of(db, site, &of)).await?;
                let mut entries = 0;
                for account in accounts {
                    let user = user.clone();
                    entries += self.write(move |db| leave_account(db, site, &account, &user)).await?;
                }
                let delete = move |db: &Connection| {
                    projection::revise(db)?;
                    tables::delete_person(db, site, user.as_str())
                };
                let mut rows = self.write(delete).await?;
                rows.push(("entry", entries));
                Ok(rows)
            }
        }
    }

    /// Copies the log into the database and empties it: pages in it are as they were before.
    async fn empty_log(&self) -> Result<()> {
        for _ in 0..TRIES {
            let disk = self.writer.disk().clone();
            let is_busy = move |db: &Connection| {
                let emptied =
                    db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, bool>(0));
                emptied.map_err(|error| disk.noted(error))
            };
            // A reader is in its way, or the next transaction empties it.
            if !self.read(is_busy).await.unwrap_or(true) {
                break;
            }
            tokio::time::sleep(LOOK).await;
        }
        Ok(())
    }
}

/// Returns the accounts in which a person did something.
fn accounts_of(db: &Connection, site: SiteId, user: &UserId) -> rusqlite::Result<BTreeSet<AccountId>> {
    db.prepare("SELECT DISTINCT account FROM entry WHERE site = ?1 AND user = ?2")?
        .query_map(params![site.0, user.as_str()], |row| Ok(AccountId(row.get(0)?)))?
        .collect()
}

/// Takes a person out of what an account did, and folds it again; returns how many entries were theirs.
fn leave_account(db: &Connection, site: SiteId, account: &AccountId, user: &UserId) -> rusqlite::Result<u64> {
    let theirs: Vec<(i64, i64, Vec<u8>, String)> = db
        .prepare("SELECT at, n, id, what FROM entry WHERE site = ?1 AND account = ?2 AND user = ?3")?
        .query_map(params![site.0, account.as_str(), user.as_str()], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })?
        .collect::<rusqlite::Result<_>>()?;
    let mut change = db.prepare(
        "UPDATE entry SET user = NULL, what = ?6
         WHERE site = ?1 AND account = ?2 AND at = ?3 AND n = ?4 AND id = ?5",
    )?;
    for (at, n, id, what) in &theirs {
        let what = to_json(&wordless(json(what)?))?;
        change.execute(params![site.0, account.as_str(), at, n, id, what])?;
    }
    projection::replay_all(&mut BTreeMap::new(), db, site, account)?;
    Ok(theirs.len() as u64)
}

/// What stays of an entry when its event was thinned: nothing that a person typed.
fn wordless(what: EntryKind) -> EntryKind {
    match what {
        EntryKind::Postponed(step, mut later) => {
            (later.reason, later.page, later.field) = (String::new(), None, None);
            EntryKind::Postponed(step, later)
        }
        EntryKind::Asked(step, _) => EntryKind::Asked(step, String::new()),
        other => other,
    }
}
