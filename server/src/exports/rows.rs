//! The rows of each export, and their columns.

use protocol::Millis;
use protocol::backend::AccountUpdate;
use protocol::ids::{AccountId, EventId, SiteKey, UserId};
use serde::Serialize;
use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};
use store::{AccountRow, ExportedStep, NewRecord, Record, Source};

use super::Line;

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
    const COLUMNS: &'static [&'static str] =
        &["seq", "site", "id", "source", "received", "at", "account", "user", "quarantine", "body"];

    fn cells(&self) -> Vec<String> {
        let text = |id: Option<&str>| id.unwrap_or_default().to_owned();
        vec![
            self.seq.to_string(),
            self.site.to_string(),
            self.id.to_string(),
            self.source.to_owned(),
            self.received.to_string(),
            self.at.to_string(),
            text(self.account.as_ref().map(AccountId::as_str)),
            text(self.user.as_ref().map(UserId::as_str)),
            text(self.quarantine.as_deref()),
            self.body.get().to_owned(),
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
    const COLUMNS: &'static [&'static str] = &[
        "account",
        "verified",
        "first_seen",
        "last_seen",
        "name",
        "contact",
        "contract_at",
        "plan",
        "handoff",
        "traits",
    ];

    fn cells(&self) -> Vec<String> {
        let time = |at: Option<Millis>| at.map(|at| at.to_string()).unwrap_or_default();
        let json = |value: serde_json::Result<String>| value.unwrap_or_default();
        let AccountUpdate { name, contact, contract_at, plan, handoff, traits } = &self.known;
        vec![
            self.account.to_string(),
            self.verified.to_string(),
            time(self.first_seen),
            time(self.last_seen),
            name.clone().unwrap_or_default(),
            contact.clone().unwrap_or_default(),
            time(*contract_at),
            plan.clone().unwrap_or_default(),
            handoff.as_ref().map(|sheet| json(serde_json::to_string(sheet))).unwrap_or_default(),
            if traits.is_empty() { String::new() } else { json(serde_json::to_string(traits)) },
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
    const COLUMNS: &'static [&'static str] = &["flow", "account", "kind", "name", "visit", "at", "user"];

    fn cells(&self) -> Vec<String> {
        vec![
            self.flow.clone(),
            self.account.to_string(),
            self.kind.to_owned(),
            self.name.clone(),
            self.visit.to_string(),
            self.at.to_string(),
            self.user.as_ref().map(ToString::to_string).unwrap_or_default(),
        ]
    }
}
