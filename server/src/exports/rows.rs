//! The rows of each export, and their columns.

use protocol::Millis;
use protocol::backend::AccountUpdate;
use protocol::ids::{AccountId, EventId, SiteKey, UserId};
use serde::Serialize;
use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};
use store::{AccountRow, ExportedStep, NewRecord, Record, Source};

use super::Kind::{Flag, Number, Text, Time};
use super::{Cell, Kind, Line};

/// A record of the journal.
#[derive(Debug, Serialize)]
pub struct EventLine {
    /// Its place.
    seq: i64,
    site: SiteKey,
    id: EventId,
    source: &'static str,
    /// The collector's clock on arrival.
    received: Millis,
    /// When it happened, as corrected; the body has the time of the client's clock.
    at: Millis,
    account: Option<AccountId>,
    user: Option<UserId>,
    quarantine: Option<String>,
    /// JSON as it came; a body that is none, as text.
    body: Box<RawValue>,
}

impl EventLine {
    /// The line of a record of a site.
    ///
    /// # Errors
    /// Never for texts, which all have a JSON form.
    pub fn new(site: &SiteKey, Record { position, record }: Record) -> serde_json::Result<Self> {
        let NewRecord { id, source, received, at, account, user, quarantine, body, .. } = record;
        // A quarantined body may be cut, or have numbers and texts that are none.
        let body = match serde_json::from_str::<Value>(&body) {
            // Line ends stand between tokens only: a text has none that is not escaped.
            Ok(_) => RawValue::from_string(body.replace(['\n', '\r'], " "))?,
            Err(_) => to_raw_value(&*body)?,
        };
        let (seq, site, source) = (position.seq, site.clone(), word(source));
        Ok(Self { seq, site, id, source, received, at, account, user, quarantine, body })
    }
}

fn word(source: Source) -> &'static str {
    match source {
        Source::Event => "event",
        Source::Fact => "fact",
        Source::Account => "account",
        Source::Person => "person",
        Source::Flow => "flow",
    }
}

impl Line for EventLine {
    const COLUMNS: &'static [(&'static str, Kind)] = &[
        ("seq", Number),
        ("site", Text),
        ("id", Text),
        ("source", Text),
        ("received", Time),
        ("at", Time),
        ("account", Text),
        ("user", Text),
        ("quarantine", Text),
        ("body", Text),
    ];

    fn cells(&self) -> Vec<Cell> {
        vec![
            Cell::number(self.seq),
            Cell::text(&self.site),
            Cell::text(self.id),
            Cell::text(self.source),
            Cell::number(self.received),
            Cell::number(self.at),
            Cell::Text(self.account.as_ref().map(ToString::to_string)),
            Cell::Text(self.user.as_ref().map(ToString::to_string)),
            Cell::Text(self.quarantine.clone()),
            Cell::text(self.body.get()),
        ]
    }
}

/// An account, and what the host said of it.
#[derive(Debug, Serialize)]
pub struct AccountLine {
    account: AccountId,
    /// Whether a token or the backend vouched for it.
    verified: bool,
    first_seen: Option<Millis>,
    last_seen: Option<Millis>,
    #[serde(flatten)]
    known: AccountUpdate,
}

impl From<(AccountId, AccountRow)> for AccountLine {
    fn from((account, AccountRow { known, seen }): (AccountId, AccountRow)) -> Self {
        let (first_seen, last_seen) = seen.unzip();
        Self { verified: !account.is_unverified(), account, first_seen, last_seen, known }
    }
}

impl Line for AccountLine {
    const COLUMNS: &'static [(&'static str, Kind)] = &[
        ("account", Text),
        ("verified", Flag),
        ("first_seen", Time),
        ("last_seen", Time),
        ("name", Text),
        ("contact", Text),
        ("contract_at", Time),
        ("plan", Text),
        ("handoff", Text),
        ("traits", Text),
    ];

    fn cells(&self) -> Vec<Cell> {
        let AccountUpdate { name, contact, contract_at, plan, handoff, traits } = &self.known;
        let handoff = handoff.as_ref().and_then(|sheet| serde_json::to_string(sheet).ok());
        let traits = (!traits.is_empty()).then(|| serde_json::to_string(traits).ok()).flatten();
        vec![
            Cell::text(&self.account),
            Cell::Flag(self.verified),
            Cell::Number(self.first_seen),
            Cell::Number(self.last_seen),
            Cell::Text(name.clone()),
            Cell::Text(contact.clone()),
            Cell::Number(*contract_at),
            Cell::Text(plan.clone()),
            Cell::Text(handoff),
            Cell::Text(traits),
        ]
    }
}

/// A transition of an account: a stage that it entered, a step that it completed or reopened.
#[derive(Debug, Serialize)]
pub struct StepLine {
    flow: String,
    account: AccountId,
    kind: &'static str,
    name: String,
    visit: u32,
    at: Millis,
    user: Option<UserId>,
}

impl From<ExportedStep> for StepLine {
    fn from(ExportedStep { place, milestone }: ExportedStep) -> Self {
        let store::projection::Milestone { at, kind, name, visit, user } = milestone;
        Self { flow: place.flow, account: place.account, kind: kind.as_str(), name, visit, at, user }
    }
}

impl Line for StepLine {
    const COLUMNS: &'static [(&'static str, Kind)] = &[
        ("flow", Text),
        ("account", Text),
        ("kind", Text),
        ("name", Text),
        ("visit", Number),
        ("at", Time),
        ("user", Text),
    ];

    fn cells(&self) -> Vec<Cell> {
        vec![
            Cell::text(&self.flow),
            Cell::text(&self.account),
            Cell::text(self.kind),
            Cell::text(&self.name),
            Cell::number(self.visit),
            Cell::number(self.at),
            Cell::Text(self.user.as_ref().map(ToString::to_string)),
        ]
    }
}
