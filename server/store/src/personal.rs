//! What people may have back: the erasure of a person or an account, and what stays of old events.

use std::collections::BTreeMap;

use async_trait::async_trait;
use protocol::Millis;
use protocol::backend::Fact;
use protocol::ids::{AccountId, EventId, UserId};
use protocol::widget::{Event, EventKind};

use crate::{NewRecord, Result, SiteId, Source};

/// Why an erased record counts for nothing.
const ERASED: &str = "erased";

/// What was erased.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Erased {
    /// Conversations.
    pub conversations: u64,
    /// Log entries of these conversations.
    pub entries: u64,
    /// Files, sent or not.
    pub files: u64,
    /// Records of the journal.
    pub records: u64,
    /// Rows by table, where there were any.
    pub rows: BTreeMap<String, u64>,
}

impl Erased {
    /// Adds rows of tables; those without any are left out.
    pub fn count(&mut self, rows: Vec<(&str, u64)>) {
        for (table, n) in rows.into_iter().filter(|(_, n)| *n > 0) {
            *self.rows.entry(table.to_owned()).or_default() += n;
        }
    }

    /// Adds what was erased besides.
    pub fn add(&mut self, other: Self) {
        self.conversations += other.conversations;
        self.entries += other.entries;
        self.files += other.files;
        self.records += other.records;
        for (table, n) in other.rows {
            *self.rows.entry(table).or_default() += n;
        }
    }
}

/// What an event's retention did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Thinned {
    /// Records that lost what no report counts.
    pub records: u64,
    /// Whether there may be more.
    pub has_more: bool,
}

/// Erasure and retention of what is known of people.
#[async_trait]
pub trait PersonalData: Send + Sync {
    /// Erases a person in all accounts of a site: conversations, files, and everything that carries the person's id.
    /// What an account has done stays done, by nobody. A second erasure finds nothing.
    async fn erase_user(&self, site: SiteId, user: &UserId) -> Result<Erased>;
    /// Erases an account with everybody in it.
    async fn erase_account(&self, site: SiteId, account: &AccountId) -> Result<Erased>;
    /// Takes from the oldest events that arrived before a time what no report counts ([`thin`]), at most some hundreds in
    /// one transaction. Reports stay as they are.
    async fn thin_events(&self, before: Millis) -> Result<Thinned>;
    /// Deletes rejected bodies from before a time, and files that were sent before another one; the messages that had
    /// them stay. Returns how many of both there were.
    async fn delete_dated(&self, bodies_before: Millis, files_before: Option<Millis>) -> Result<u64>;
}

/// Empties a record: its place stays, and nothing else.
pub fn blank(record: &mut NewRecord) {
    (record.account, record.user, record.body) = (None, None, "null".into());
    record.quarantine = Some(ERASED.to_owned());
}

/// Takes the person out of a record. What the account did stays, since its progress belongs to it.
pub fn anonymize(record: &mut NewRecord) {
    let body = match record.source {
        _ if record.quarantine.is_some() => None,
        Source::Event => counted(&record.body),
        Source::Fact => serde_json::from_str(&record.body)
            .ok()
            .and_then(|fact: Fact| serde_json::to_string(&Fact { user: None, ..fact }).ok()),
        Source::Person => Some("\"\"".to_owned()),
        Source::Account | Source::Flow => Some(record.body.to_string()),
    };
    match body {
        Some(body) => (record.user, record.body) = (None, body.into()),
        None => blank(record),
    }
}

/// Takes from an event what no report counts: texts that people wrote, the page's own properties, the visit. A record
/// that counts for nothing is emptied. Returns whether that changed it.
pub fn thin(record: &mut NewRecord) -> bool {
    if record.source != Source::Event || record.body.as_ref() == "null" {
        return false;
    }
    match counted(&record.body).filter(|_| record.quarantine.is_none()) {
        Some(body) if body == *record.body => return false,
        Some(body) => record.body = body.into(),
        None => blank(record),
    }
    true
}

/// Returns what reports count of an event; none when it cannot be read.
fn counted(body: &str) -> Option<String> {
    let mut event: Event = serde_json::from_str(body).ok()?;
    let kept = fields(&event.kind);
    event.data = std::mem::take(&mut event.data)
        .iter()
        .filter(|(name, _)| kept.contains(&name.as_str()))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    event.session = EventId::NIL;
    serde_json::to_string(&event).ok()
}

/// The fields of a kind that the fold and the reports read, but for what a person typed.
fn fields(kind: &EventKind) -> &'static [&'static str] {
    match kind {
        EventKind::StepCompleted | EventKind::StepReopened => &["by", "from", "to", "visit"],
        EventKind::StepSnoozed => &["until"],
        EventKind::GuideStarted | EventKind::GuideEnded => &["of", "reason", "stop"],
        EventKind::VideoStarted | EventKind::VideoProgress | EventKind::VideoCompleted => {
            &["at", "back", "captions", "clip", "film", "seen"]
        }
        EventKind::ChatOpened => &["help"],
        EventKind::FaqViewed | EventKind::FaqHelped => &["article"],
        EventKind::SurveyAnswered => &["question", "scale", "score", "stage"],
        EventKind::Custom => &["holds", "leaf", "name"],
        _ => &[],
    }
}
