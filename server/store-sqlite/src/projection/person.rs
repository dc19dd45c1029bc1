//! Writes the rows that are kept of one person. All of them are keyed by site, account and person, and carry the
//! place in time (at, n, id) of what they were made of.
//!
//! Where the newer row wins, SQLite compares the columns itself, which saves a query; the rule is that of
//! [`store::projection`] ([`SurveyAnswer::rank`] for answers), and the suite compares the two.

use protocol::ids::{AccountId, OrderKey, UserId};
use rusqlite::{Connection, OptionalExtension, ToSql, params};
use store::SiteId;
use store::projection::{ClipKey, ClipWatch, HelpUse, SurveyAnswer, TourPosition};

use super::rows::{WATCH, watch};
use crate::columns::{Blob, to_json};

/// A person, and the transaction to write in.
#[derive(Clone, Copy)]
pub(crate) struct PersonKey<'a> {
    pub(crate) db: &'a Connection,
    pub(crate) site: SiteId,
    pub(crate) account: &'a AccountId,
    pub(crate) user: &'a UserId,
}

impl PersonKey<'_> {
    /// Executes a statement with site, account and person as ?1 to ?3, the place in time as ?4 to ?6, and `rest`
    /// after them.
    fn execute(&self, sql: &str, OrderKey(at, n, id): OrderKey, rest: &[&dyn ToSql]) -> rusqlite::Result<()> {
        let mut statement = self.db.prepare_cached(sql)?;
        let (account, user, id) = (self.account.as_str(), self.user.as_str(), Blob(id));
        let keys: [&dyn ToSql; 6] = [&self.site.0, &account, &user, &at, &n, &id];
        for (index, value) in keys.iter().chain(rest).enumerate() {
            statement.raw_bind_parameter(index + 1, value)?;
        }
        statement.raw_execute().map(drop)
    }
}

/// Something that is kept of a person.
pub(crate) trait PersonRow {
    /// Merges it with what is kept.
    fn write(self, person: PersonKey<'_>) -> rusqlite::Result<()>;
}

/// A name: the last to arrive.
impl PersonRow for &String {
    fn write(self, PersonKey { db, site, account, user }: PersonKey<'_>) -> rusqlite::Result<()> {
        db.prepare_cached("INSERT OR REPLACE INTO person VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![site.0, account.as_str(), user.as_str(), self])
            .map(drop)
    }
}

impl PersonRow for &TourPosition {
    fn write(self, person: PersonKey<'_>) -> rusqlite::Result<()> {
        let sql = "INSERT INTO guiding (site, account, user, at, n, id, step, stop)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
             ON CONFLICT (site, account, user) DO UPDATE SET at = excluded.at, n = excluded.n,
             id = excluded.id, step = excluded.step, stop = excluded.stop
             WHERE (excluded.at, excluded.n, excluded.id) > (at, n, id)";
        person.execute(sql, self.key, &[&self.step.as_str(), &self.stop])
    }
}

impl PersonRow for &SurveyAnswer {
    fn write(self, person: PersonKey<'_>) -> rusqlite::Result<()> {
        let sql = "INSERT INTO answer
                 (site, account, user, at, n, id, question, flow, stage, scale, score, comment)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
             ON CONFLICT (site, account, user, question) DO UPDATE SET at = excluded.at, n = excluded.n,
             id = excluded.id, flow = excluded.flow, stage = excluded.stage, scale = excluded.scale,
             score = excluded.score, comment = excluded.comment
             WHERE (excluded.score IS NOT NULL, excluded.at, excluded.n, excluded.id)
                 > (score IS NOT NULL, at, n, id)";
        let SurveyAnswer { key, question, flow, stage, scale, score, comment } = self;
        person.execute(sql, *key, &[question, flow, stage, &scale.as_str(), score, comment])
    }
}

/// What was watched is united with what is kept, which SQLite cannot do.
impl PersonRow for (&ClipKey, ClipWatch) {
    fn write(self, person: PersonKey<'_>) -> rusqlite::Result<()> {
        let (ClipKey { clip, video, .. }, mut watched) = self;
        let PersonKey { db, site, account, user } = person;
        let kept = db
            .prepare_cached(&format!(
                "SELECT {WATCH} FROM watched
                 WHERE site = ?1 AND account = ?2 AND user = ?3 AND clip = ?4 AND film = ?5"
            ))?
            .query_row(params![site.0, account.as_str(), user.as_str(), clip, video], watch)
            .optional()?;
        if let Some(kept) = kept {
            watched.merge(kept);
        }
        let sql = "INSERT OR REPLACE INTO watched
                 (site, account, user, at, n, id, clip, film, first, received_first, received_last, place, seen,
                  captioned, returned)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)";
        let ClipWatch { first, key, received, place, seen, captioned, returned } = watched;
        let (seen, returned) = (String::from(seen), to_json(&returned)?);
        person.execute(
            sql,
            key,
            &[clip, video, &first, &received.first, &received.last, &place, &seen, &captioned, &returned],
        )
    }
}

/// Each use of help is a row; the same one again is the same row.
impl PersonRow for &HelpUse {
    fn write(self, person: PersonKey<'_>) -> rusqlite::Result<()> {
        let sql = "INSERT OR IGNORE INTO helping (site, account, user, at, n, id, what, step, article)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
        let HelpUse { key, kind, step, article } = self;
        let step = step.as_ref().map_or("", |step| step.as_str());
        person.execute(sql, *key, &[&(*kind as u8), &step, article])
    }
}
