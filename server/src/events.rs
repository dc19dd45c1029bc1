//! `POST /v1/events`: a batch in, one outcome per event out.
//!
//! Each event is judged by itself: a broken one is quarantined with its reason and the others are
//! stored. The answer comes when everything is on disk.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use protocol::Millis;
use protocol::backend::FactValue;
use protocol::ids::{EventId, SiteKey};
use protocol::widget::{
    BatchReply, ClaimedIdentity, Event, EventBatch, EventKind, EventOutcome, EventResult, limits,
};
use serde::Deserialize;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};
use store::{NewRecord, RejectedBody, Site, Source, Written};

use crate::app::App;
use crate::http::{self, Refusal};
use crate::identity::{Identity, identify};

const DAY: Millis = 24 * 60 * 60 * 1000;
/// How much of a body that cannot be read is kept.
const PREFIX: usize = 1024;

/// The envelope; its events stay as they came until each is judged. Same fields as [`EventBatch`].
#[derive(Deserialize)]
struct Envelope<'a> {
    site: SiteKey,
    #[serde(default)]
    token: Option<String>,
    #[serde(default)]
    who: Option<ClaimedIdentity>,
    sent_at: Millis,
    #[serde(borrow)]
    events: Vec<&'a RawValue>,
}

/// Takes a batch.
///
/// # Errors
/// Whole-request refusals only; see [`Refusal`].
pub async fn post(
    State(app): State<App>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<BatchReply>, Refusal> {
    let _permit = app.intake.try_acquire().map_err(|_| Refusal::Busy)?;
    let text = http::read(&headers, body).await?;
    let envelope: Envelope<'_> = match serde_json::from_slice(&text) {
        Ok(envelope) => envelope,
        Err(error) => return Err(unreadable(&app, &text, &error).await),
    };
    if envelope.events.len() > limits::EVENTS {
        return Err(Refusal::TooMany(limits::EVENTS));
    }
    let site = app.sites.by_public_key(&envelope.site, &headers).await?;
    app.within_rate(site.id)?;
    let now = app.clock.now();
    let identity = identify(&site, envelope.token.as_deref(), envelope.who.as_ref(), now)?;
    let horizon = now - Millis::from(app.config.limits.horizon_days) * DAY;
    let arrival = Arrival {
        site: &site,
        identity: &identity,
        now,
        skew: now.saturating_sub(envelope.sent_at),
        horizon,
    };
    let (told, records): (Vec<Told>, Vec<NewRecord>) =
        envelope.events.iter().map(|raw| arrival.judge(raw)).unzip();
    let written = app.store.append(records).await?;
    let results = told
        .into_iter()
        .zip(written)
        .enumerate()
        .map(|(index, (told, written))| result(index, told, written));
    Ok(Json(BatchReply { results: results.collect(), server_time: now }))
}

/// What the client is told of: the id it gave, and why the event does not count.
type Told = (EventId, Option<String>);

/// The id that an event gives itself, however broken the rest is: the client must recognise it.
fn declared(raw: &RawValue) -> Option<EventId> {
    #[derive(Deserialize)]
    struct OnlyId {
        id: EventId,
    }
    serde_json::from_str::<OnlyId>(raw.get()).ok().map(|only| only.id)
}

/// What is known of a batch when its events are judged.
struct Arrival<'a> {
    site: &'a Site,
    identity: &'a Identity,
    now: Millis,
    /// How far the client's clock is behind ours.
    skew: Millis,
    horizon: Millis,
}

impl Arrival<'_> {
    /// What is written down of an event, and what its client is told.
    fn judge(&self, raw: &RawValue) -> (Told, NewRecord) {
        let text = raw.get();
        let (event, wrong) = match serde_json::from_str::<Event>(text) {
            _ if text.len() > limits::EVENT_BYTES => (None, Some("too_large")),
            Ok(event) => (Some(event), None),
            Err(_) => (None, Some("malformed_event")),
        };
        let at = event.as_ref().map_or(self.now, |event| event.at.saturating_add(self.skew));
        let wrong = wrong.or_else(|| event.as_ref().and_then(|event| self.wrong(event, at)));
        let given = event.as_ref().map(|event| event.id).or_else(|| declared(raw));
        // One broken event must not stand in the way of another with the same id.
        let id = given.filter(|_| wrong.is_none()).unwrap_or_else(|| id_of(text));
        let quarantine = wrong.map(str::to_owned);
        let record = NewRecord {
            site: self.site.id,
            id,
            source: Source::Event,
            received: self.now,
            at,
            account: Some(self.identity.account.clone()),
            user: Some(self.identity.user.clone()),
            quarantine: quarantine.clone(),
            body: text[..text.floor_char_boundary(limits::EVENT_BYTES)].into(),
        };
        ((given.unwrap_or(id), quarantine), record)
    }

    /// Why an event that can be read must not count.
    fn wrong(&self, event: &Event, at: Millis) -> Option<&'static str> {
        if at > self.now + DAY {
            Some("clock")
        } else if at < self.horizon {
            Some("stale")
        } else if event.id.0.is_nil() {
            Some("nil_id")
        } else if !is_transition(event) {
            Some("bad_transition")
        } else {
            None
        }
    }
}

/// Whether `from`, `to` and `visit` of a step's event say something that can be.
fn is_transition(event: &Event) -> bool {
    let (from, to) = match event.kind {
        EventKind::StepCompleted => ("open", "done"),
        EventKind::StepReopened => ("done", "open"),
        _ => return true,
    };
    let says =
        |name: &str, expected: &str| event.data.get(name).is_none() || event.text(name) == Some(expected);
    let visit = match event.data.get("visit") {
        None => true,
        Some(FactValue::Number(visit)) => *visit >= 1.0 && visit.fract() == 0.0,
        Some(_) => false,
    };
    event.step.is_some() && says("from", from) && says("to", to) && visit
}

/// An id for an event that has none: the same text is the same event.
fn id_of(text: &str) -> EventId {
    let digest = Sha256::digest(text.as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    EventId(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}

fn result(index: usize, (id, quarantine): Told, written: Written) -> EventResult {
    let outcome = match (written, &quarantine) {
        (Written::Duplicate, _) => EventOutcome::Duplicate,
        (Written::Stored, Some(_)) => EventOutcome::Quarantined,
        (Written::Stored, None) => EventOutcome::Stored,
    };
    EventResult { id: Some(id), index, outcome, reason: quarantine }
}

async fn unreadable(app: &App, text: &[u8], error: &serde_json::Error) -> Refusal {
    let refusal = Refusal::Malformed(error.to_string());
    let prefix = String::from_utf8_lossy(&text[..text.len().min(PREFIX)]).into_owned();
    let refused = RejectedBody { received: app.clock.now(), tag: refusal.tag().to_owned(), prefix };
    // Anybody can send nonsense: it is kept only as fast as the disk does not notice.
    if app.may_keep_refused()
        && let Err(error) = app.store.record_rejected_body(refused).await
    {
        tracing::warn!(%error, "the start of an unreadable body was not kept");
    }
    refusal
}

/// The envelope reads what [`EventBatch`] writes: kept true by the compiler.
#[expect(dead_code, reason = "only its type check matters")]
fn same_fields(EventBatch { site, token, who, sent_at, events: _ }: EventBatch) -> Envelope<'static> {
    Envelope { site, token, who, sent_at, events: Vec::new() }
}
