//! What a stretch of the journal says of each account.

use std::collections::BTreeMap;

use journey::account;
use journey::progress::{Entry, EntryKind};
use protocol::Millis;
use protocol::backend::{AccountUpdate, Fact, FactValue};
use protocol::ids::{AccountId, EventId, OrderKey, UserId};
use protocol::widget::Event;

use super::{ClipKey, ClipWatch, HelpUse, SurveyAnswer, TourPosition, version};
use crate::text::{json_without_nul, without_nul};
use crate::{NewRecord, Position, Record, SiteId, Source};

/// The kind by which a device reports what it dropped.
const DROPPED: &str = "events.dropped";
/// The longest reason of that, in bytes.
const MAX_REASON: usize = 32;

/// The moments of the first and the last of several records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moments {
    /// The first.
    pub first: Millis,
    /// The last.
    pub last: Millis,
}

impl Moments {
    /// Unites two.
    pub fn merge(&mut self, other: Self) {
        self.first = self.first.min(other.first);
        self.last = self.last.max(other.last);
    }
}

/// What a stretch of the journal says of one account.
#[derive(Clone, Debug)]
pub struct AccountChanges {
    /// The place of the last record about the account.
    pub position: Position,
    /// When the records happened.
    pub seen: Moments,
    /// The host's updates, merged in order of arrival.
    pub update: Option<AccountUpdate>,
    /// People's names, the last to arrive of each person.
    pub names: BTreeMap<UserId, String>,
    /// Positions in guides, the newest of each person.
    pub tours: BTreeMap<UserId, TourPosition>,
    /// Survey answers, by person and question.
    pub answers: BTreeMap<(UserId, String), SurveyAnswer>,
    /// What was watched.
    pub watched: BTreeMap<ClipKey, ClipWatch>,
    /// Uses of help.
    pub help: Vec<(UserId, HelpUse)>,
    /// Entries for the fold, in order of arrival.
    pub entries: Vec<Entry>,
}

/// A record whose body this version cannot read. It stays in the journal, for a version that can.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// Its place.
    pub position: Position,
    /// What is wrong with it.
    pub why: String,
}

/// What arrived of one visit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VisitChange {
    /// When something of it arrived last.
    pub last: Millis,
    /// The highest number of its events, which count up from 1.
    pub highest: u32,
    /// Events that were stored.
    pub stored: u32,
    /// Events that were quarantined.
    pub quarantined: u32,
    /// Events that the device dropped, by the reason that it gave.
    pub dropped: BTreeMap<String, u64>,
}

/// A record that is kept and counts for nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quarantined {
    /// The site.
    pub site: SiteId,
    /// Its place.
    pub position: Position,
    /// When it arrived.
    pub received: Millis,
    /// Why it counts for nothing.
    pub reason: String,
}

/// The result of [`gather`].
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// What arrived, by visit.
    pub visits: BTreeMap<(SiteId, EventId), VisitChange>,
    /// Quarantined records; those that were erased are none.
    pub quarantined: Vec<Quarantined>,
    /// Changes by account.
    pub accounts: BTreeMap<(SiteId, AccountId), AccountChanges>,
    /// Records that count for nothing; a store logs them.
    pub unreadable: Vec<Unreadable>,
}

/// Sorts records by account. Records without an account are left out, and quarantined ones but for those whose version
/// is known by now.
pub fn gather(records: &[Record]) -> Changes {
    let mut changes = Changes::default();
    for Record { position, record } in records {
        if !version::counts(record) {
            changes.quarantine(*position, record);
            continue;
        }
        let Some(account) = &record.account else { continue };
        let account = AccountId(without_nul(account.as_str()).into_owned());
        let at = Moments { first: record.at, last: record.at };
        let change = changes
            .accounts
            .entry((record.site, account))
            .or_insert_with(|| AccountChanges::new(*position, at));
        change.position = *position;
        change.seen.merge(at);
        match change.add(record) {
            Ok(Some(event)) => changes.visit(record, &event),
            Ok(None) => {}
            Err(error) => {
                changes.unreadable.push(Unreadable { position: *position, why: error.to_string() });
            }
        }
    }
    changes
}

impl Changes {
    fn quarantine(&mut self, position: Position, record: &NewRecord) {
        let Some(reason) = record.quarantine.clone().filter(|_| record.body.as_ref() != "null") else {
            return;
        };
        let NewRecord { site, received, .. } = *record;
        self.quarantined.push(Quarantined { site, position, received, reason });
        // One that can be read says which of its visit's events it is.
        if let Ok(event) = serde_json::from_str(&record.body) {
            self.visit(record, &event);
        }
    }

    /// Counts an event of a visit. One that was thinned is of none.
    fn visit(&mut self, record: &NewRecord, event: &Event) {
        if event.session == EventId::NIL {
            return;
        }
        let visit = self.visits.entry((record.site, event.session)).or_default();
        visit.last = visit.last.max(record.received);
        visit.highest = visit.highest.max(event.n);
        let counts = version::counts(record);
        if let Some((reason, n)) = dropped(event).filter(|_| counts) {
            *visit.dropped.entry(reason.to_owned()).or_default() += n;
        }
        visit.stored += u32::from(counts);
        visit.quarantined += u32::from(!counts);
    }
}

impl AccountChanges {
    fn new(position: Position, seen: Moments) -> Self {
        Self {
            position,
            seen,
            update: None,
            names: BTreeMap::new(),
            tours: BTreeMap::new(),
            answers: BTreeMap::new(),
            watched: BTreeMap::new(),
            help: Vec::new(),
            entries: Vec::new(),
        }
    }

    /// Adds a record; returns the event that it is.
    fn add(&mut self, record: &NewRecord) -> serde_json::Result<Option<Event>> {
        let body = json_without_nul(&record.body);
        let user = record.user.as_ref().map(|user| UserId(without_nul(user.as_str()).into_owned()));
        match record.source {
            Source::Event => {
                let event: Event = serde_json::from_str(&body)?;
                self.add_event(&event, record, user);
                return Ok(Some(event));
            }
            Source::Fact => {
                let fact: Fact = serde_json::from_str(&body)?;
                let what = EntryKind::Fact(fact.name, fact.value);
                self.entries.push(Entry { key: OrderKey(record.at, 0, record.id), user, what });
            }
            Source::Account => {
                account::merge(self.update.get_or_insert_default(), serde_json::from_str(&body)?);
            }
            Source::Person => {
                if let Some(user) = user {
                    self.names.insert(user, serde_json::from_str(&body)?);
                }
            }
            Source::Flow => {}
        }
        Ok(None)
    }

    fn add_event(&mut self, event: &Event, record: &NewRecord, user: Option<UserId>) {
        let NewRecord { at, received, .. } = *record;
        if let Some(user) = &user {
            if let Some(tour) = TourPosition::of(event, at) {
                let merged = self.tours.entry(user.clone()).or_insert_with(|| tour.clone());
                merged.merge(tour);
            }
            if let Some(answer) = SurveyAnswer::of(event, at) {
                let key = (user.clone(), answer.question.clone());
                let merged = self.answers.entry(key).or_insert_with(|| answer.clone());
                merged.merge(answer);
            }
            if let Some((key, watch)) = ClipWatch::of(event, at, received, user) {
                add_watch(&mut self.watched, key, watch);
            }
            self.help.extend(HelpUse::of(event, at).map(|used| (user.clone(), used)));
        }
        self.entries.push(Entry::from_event(event, at, user));
    }
}

/// Returns why a device dropped events, and how many, when an event reports that.
fn dropped(event: &Event) -> Option<(&str, u64)> {
    let reason = event.text("reason").filter(|reason| (1..=MAX_REASON).contains(&reason.len()))?;
    match event.data.get("n") {
        Some(FactValue::Number(n)) if event.kind.as_str() == DROPPED && *n >= 0.0 => {
            Some((reason, *n as u64))
        }
        _ => None,
    }
}

fn add_watch(watched: &mut BTreeMap<ClipKey, ClipWatch>, key: ClipKey, watch: ClipWatch) {
    // Jumps are counted, so a report is never merged with itself.
    match watched.get_mut(&key) {
        Some(merged) => merged.merge(watch),
        None => {
            watched.insert(key, watch);
        }
    }
}
