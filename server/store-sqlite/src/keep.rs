//! What records say by themselves: accounts, people, and the entries that the fold will read.

use std::collections::BTreeMap;

use ::store::{NewRecord, Record, SiteId, Source};
use journey::progress::{Entry, EntryKind};
use protocol::Millis;
use protocol::backend::{AccountUpdate, Fact};
use protocol::ids::{AccountId, EventId, OrderKey, UserId};
use protocol::widget::Event;
use rusqlite::{Connection, OptionalExtension, params};

use crate::answers::Answer;
use crate::films::Watching;
use crate::guided::Guided;
use crate::helping::Helped;
use crate::rows::{Blob, json, to_json, uuid};

/// What a stretch of the journal says of one account.
pub(crate) struct Told {
    /// The last place of the stretch that is about the account.
    seq: i64,
    seen: (Millis, Millis),
    update: Option<AccountUpdate>,
    /// Names, the last of each person.
    people: BTreeMap<UserId, String>,
    /// Where people came to in a guide, the last of each person.
    guided: BTreeMap<UserId, Guided>,
    answers: Vec<(UserId, Answer)>,
    watching: Vec<(UserId, Watching)>,
    helped: Vec<(UserId, Helped)>,
    entries: Vec<Entry>,
}

/// Sorts records by account. What is quarantined says nothing, and neither does what this version
/// cannot read: it stays in the journal, for a version that can.
pub(crate) fn gather(records: &[Record]) -> BTreeMap<(SiteId, AccountId), Told> {
    let mut all: BTreeMap<(SiteId, AccountId), Told> = BTreeMap::new();
    for Record { position, record } in records {
        let (Some(account), None) = (&record.account, &record.quarantine) else { continue };
        let told = all.entry((record.site, account.clone())).or_insert_with(|| Told::new(record.at));
        told.seq = position.seq;
        told.seen = (told.seen.0.min(record.at), told.seen.1.max(record.at));
        if let Err(error) = told.hear(record) {
            tracing::error!(seq = position.seq, %error, "a record that cannot be read counts for nothing");
        }
    }
    all
}

impl Told {
    fn new(at: Millis) -> Self {
        Self {
            seq: 0,
            seen: (at, at),
            update: None,
            people: BTreeMap::new(),
            guided: BTreeMap::new(),
            answers: Vec::new(),
            watching: Vec::new(),
            helped: Vec::new(),
            entries: Vec::new(),
        }
    }

    fn hear(&mut self, record: &NewRecord) -> rusqlite::Result<()> {
        let user = record.user.clone();
        match record.source {
            Source::Event => {
                let event: Event = json(&record.body)?;
                if let (Some(guided), Some(user)) = (Guided::of(&event, record.at), &user) {
                    let last = self.guided.entry(user.clone()).or_insert_with(|| guided.clone());
                    if last.key < guided.key {
                        *last = guided;
                    }
                }
                if let (Some(answer), Some(user)) = (Answer::of(&event, record.at), &user) {
                    self.answers.push((user.clone(), answer));
                }
                if let (Some(watching), Some(user)) = (Watching::of(&event, record.at), &user) {
                    self.watching.push((user.clone(), watching));
                }
                if let (Some(helped), Some(user)) = (Helped::of(&event, record.at), &user) {
                    self.helped.push((user.clone(), helped));
                }
                self.entries.push(Entry::from_event(&event, record.at, user));
            }
            Source::Fact => {
                let fact: Fact = json(&record.body)?;
                let what = EntryKind::Fact(fact.name, fact.value);
                self.entries.push(Entry { key: OrderKey(record.at, 0, record.id), user, what });
            }
            Source::Account => {
                journey::account::merge(self.update.get_or_insert_default(), json(&record.body)?)
            }
            Source::Person => {
                if let Some(user) = user {
                    self.people.insert(user, json(&record.body)?);
                }
            }
            Source::Flow => {}
        }
        Ok(())
    }

    /// Writes everything down; gives the entries that progress depends on and that are new.
    pub(crate) fn keep(
        self,
        db: &Connection,
        site: SiteId,
        account: &AccountId,
    ) -> rusqlite::Result<Vec<Entry>> {
        db.prepare_cached(
            "INSERT INTO account VALUES (?1, ?2, '{}', ?3, ?4, ?5)
             ON CONFLICT (site, account) DO UPDATE SET first_seen = min(first_seen, excluded.first_seen),
             last_seen = max(last_seen, excluded.last_seen), seq = excluded.seq",
        )?
        .execute(params![site.0, account.as_str(), self.seen.0, self.seen.1, self.seq])?;
        if let Some(update) = self.update {
            let mut known = crate::read::account(db, site, account)?.known;
            journey::account::merge(&mut known, update);
            db.prepare_cached("UPDATE account SET known = ?3 WHERE site = ?1 AND account = ?2")?
                .execute(params![site.0, account.as_str(), to_json(&known)?])?;
        }
        for (user, name) in self.people {
            db.prepare_cached("INSERT OR REPLACE INTO person VALUES (?1, ?2, ?3, ?4)")?.execute(params![
                site.0,
                account.as_str(),
                user.as_str(),
                name
            ])?;
        }
        for (user, guided) in self.guided {
            guided.keep(db, site, account, &user)?;
        }
        for (user, answer) in self.answers {
            answer.keep(db, site, account, &user)?;
        }
        for (user, watching) in self.watching {
            watching.keep(db, site, account, &user)?;
        }
        for (user, helped) in self.helped {
            helped.keep(db, site, account, &user)?;
        }
        add(db, site, account, self.entries)
    }
}

/// Adds entries; gives those that progress may depend on and that are new. That somebody was there means
/// something only as the very first thing, so the rows are the same in whatever order entries come.
fn add(
    db: &Connection,
    site: SiteId,
    account: &AccountId,
    mut entries: Vec<Entry>,
) -> rusqlite::Result<Vec<Entry>> {
    entries.sort_by_key(|entry| entry.key);
    let Some(earliest) = entries.first().map(|entry| entry.key) else { return Ok(entries) };
    let first = first(db, site, account)?;
    let is_first = first.as_ref().is_none_or(|(key, _)| earliest < *key);
    entries.retain(|entry| entry.what != EntryKind::Present || is_first && entry.key == earliest);
    let mut insert = db.prepare_cached("INSERT OR IGNORE INTO entry VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?;
    let mut fresh = Vec::with_capacity(entries.len());
    for entry in entries {
        let OrderKey(at, n, id) = entry.key;
        let user = entry.user.as_ref().map(UserId::as_str);
        // A fact and an event may have the same id at the same moment; the first of them is the entry.
        let added = insert.execute(params![
            site.0,
            account.as_str(),
            at,
            n,
            Blob(id),
            user,
            to_json(&entry.what)?
        ])?;
        if added == 1 {
            fresh.push(entry);
        }
    }
    if let (true, Some((OrderKey(at, n, id), true))) = (is_first, first) {
        db.prepare_cached(
            "DELETE FROM entry WHERE site = ?1 AND account = ?2 AND (at, n, id) = (?3, ?4, ?5)",
        )?
        .execute(params![site.0, account.as_str(), at, n, Blob(id)])?;
    }
    Ok(fresh)
}

/// The first thing that happened to an account, and whether it was only that somebody was there.
fn first(db: &Connection, site: SiteId, account: &AccountId) -> rusqlite::Result<Option<(OrderKey, bool)>> {
    let present = to_json(&EntryKind::Present)?;
    db.prepare_cached(
        "SELECT at, n, id, what FROM entry WHERE site = ?1 AND account = ?2 ORDER BY at, n, id LIMIT 1",
    )?
    .query_row(params![site.0, account.as_str()], |row| {
        Ok((OrderKey(row.get(0)?, row.get(1)?, EventId(uuid(row, 2)?)), row.get_ref(3)?.as_str()? == present))
    })
    .optional()
}

/// Notes the journal place that moved an account last.
pub(crate) fn note_revision(
    db: &Connection,
    site: SiteId,
    account: &AccountId,
    seq: i64,
) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE account SET seq = ?3 WHERE site = ?1 AND account = ?2")?.execute(params![
        site.0,
        account.as_str(),
        seq
    ])?;
    Ok(())
}

/// The next accounts of a site after one, by their ids.
pub(crate) fn accounts(
    db: &Connection,
    site: SiteId,
    after: &str,
    most: usize,
) -> rusqlite::Result<Vec<AccountId>> {
    db.prepare_cached(
        "SELECT account FROM account WHERE site = ?1 AND account > ?2 ORDER BY account LIMIT ?3",
    )?
    .query_map(params![site.0, after, i64::try_from(most).unwrap_or(i64::MAX)], |row| {
        Ok(AccountId(row.get(0)?))
    })?
    .collect()
}
