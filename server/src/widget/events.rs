//! `POST /v1/events`: a batch in, one outcome per event out.
//!
//! Each event is validated by itself: a broken one is quarantined with its reason and the others are stored. The
//! answer comes when everything is on disk (`docs/decisions/0005-intake.md`).

mod keys;
mod soundness;
mod times;

use std::borrow::Cow;
use std::fmt;

use axum::Json;
use axum::extract::State;
use protocol::backend::FactValue;
use protocol::ids::{ClaimedIdentity, EventId, SiteKey};
use protocol::widget::{BatchReply, Event, EventBatch, EventKind, EventOutcome, EventResult, limits};
use protocol::{DAY, Millis};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use store::projection::{UNKNOWN_VERSION, of_later_version};
use store::{GuestUse, ID_CONFLICT, NewRecord, Site, Source, Written};

use crate::app::App;
use crate::app::metrics::EventSource;
use crate::auth::identity::Identity;
use crate::auth::{CallerBody, Claim, WidgetCaller};
use crate::http::Refusal;

/// The fields of a [`EventBatch`]; its events stay as they came until each is validated.
#[derive(Deserialize)]
pub struct Envelope {
    site: SiteKey,
    #[serde(default)]
    token: Option<String>,
    #[serde(default)]
    who: Option<ClaimedIdentity>,
    sent_at: Millis,
    events: Vec<Box<RawValue>>,
}

impl JsonSchema for Envelope {
    fn schema_name() -> Cow<'static, str> {
        EventBatch::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        EventBatch::json_schema(generator)
    }
}

impl CallerBody for Envelope {
    const HOLDS_INTAKE: bool = true;
    const KEEPS_REJECTED: bool = true;

    fn claim(&self) -> Claim<'_> {
        Claim { site: &self.site, token: self.token.as_deref(), who: self.who.as_ref() }
    }
}

/// Journals a batch and returns the outcome of each event.
///
/// # Errors
/// `TooMany`, `GuestBudget`, and when the store does not answer: then the client sends the same ids again.
pub async fn post(
    State(app): State<App>,
    caller: WidgetCaller<Envelope>,
) -> Result<Json<BatchReply>, Refusal> {
    let WidgetCaller { site, identity, body: envelope, .. } = &caller;
    if envelope.events.len() > limits::EVENTS {
        return Err(Refusal::TooMany(limits::EVENTS));
    }
    let now = app.clock.now();
    let horizon = Millis::from(app.config.limits.horizon_days) * DAY;
    let skew = now.saturating_sub(envelope.sent_at);
    // What was sent longer ago than events may be old was kept and sent again: the ids that would say so may be gone.
    let is_replayed = skew > horizon;
    let context = BatchContext { site, identity, now, skew, horizon: now - horizon, is_replayed };
    let read: Vec<Result<Event, &str>> = envelope.events.iter().map(|raw| read(raw.get())).collect();
    let times = times::corrected(&read, now, envelope.sent_at);
    let (verdicts, records): (Vec<EventVerdict>, Vec<NewRecord>) = envelope
        .events
        .iter()
        .zip(read)
        .zip(times)
        .map(|((raw, read), at)| context.validate(raw, read, at))
        .unzip();
    let bytes = records.iter().map(|record| record.body.len() as u64).sum();
    let used = GuestUse { records: records.len() as u64, bytes, ..GuestUse::default() };
    if !identity.verified {
        app.guests.spend_for(site.id, &identity.account, used).await?;
    }
    let written = app.store.append(records).await;
    if !identity.verified && written.is_err() {
        app.guests.give_back(site.id, used);
    }
    let written = written?;
    let results = verdicts
        .into_iter()
        .zip(written)
        .enumerate()
        .map(|(index, (verdict, written))| result(index, verdict, written));
    let results: Vec<EventResult> = results.collect();
    app.metrics.count(EventSource::Widget, &results);
    Ok(Json(BatchReply { results, server_time: now }))
}

/// The id by which the client knows an event, and why the event is quarantined, if it is.
type EventVerdict = (EventId, Option<String>);

/// Reads an event; returns the reason when it cannot be read. One that is too large is not looked at.
fn read(text: &str) -> Result<Event, &'static str> {
    if text.len() > limits::EVENT_BYTES {
        return Err("too_large");
    }
    if of_later_version(text).is_some() {
        return Err(UNKNOWN_VERSION);
    }
    serde_json::from_str(text).map_err(|error| soundness::unreadable(&error))
}

/// Returns the id that an event claims, however broken the rest is: the client finds its event by it. Of one that is
/// too large the beginning is read.
fn claimed_id(text: &str) -> Option<EventId> {
    let start = &text[..text.floor_char_boundary(limits::EVENT_BYTES)];
    let mut found = None;
    // Where the id ends, the rest is not read; where the text is cut off, that is an error like any other.
    let _ = serde_json::Deserializer::from_str(start).deserialize_map(FindId(&mut found));
    found
}

/// Looks through an object for its `id`.
struct FindId<'a>(&'a mut Option<EventId>);

impl<'de> Visitor<'de> for FindId<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an event")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut pairs: A) -> Result<(), A::Error> {
        while let Some(name) = pairs.next_key::<Cow<'de, str>>()? {
            if name == "id" {
                *self.0 = Some(pairs.next_value()?);
                return Ok(());
            }
            pairs.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }
}

/// Request context shared by all events of a batch.
struct BatchContext<'a> {
    site: &'a Site,
    identity: &'a Identity,
    now: Millis,
    /// How far the client's clock is behind the collector's, in milliseconds.
    skew: Millis,
    /// Events from before this time are quarantined.
    horizon: Millis,
    /// Whether the batch was recorded and sent again.
    is_replayed: bool,
}

impl BatchContext<'_> {
    /// Returns the verdict on an event that happened `at`, and the record to journal.
    fn validate(
        &self,
        raw: &RawValue,
        read: Result<Event, &'static str>,
        at: Millis,
    ) -> (EventVerdict, NewRecord) {
        let text = raw.get();
        let reason = match &read {
            Ok(event) => self.rejection_reason(event, at),
            Err(reason) => Some(*reason),
        };
        let at = if reason == Some(UNKNOWN_VERSION) { self.time_of_later(text) } else { at };
        let event = read.ok();
        let given = event.as_ref().map(|event| event.id).or_else(|| claimed_id(text));
        let kept = event.as_ref().filter(|_| reason.is_none()).map(keys::of);
        // A broken event must not take the id of a good one.
        let id = kept.unwrap_or_else(|| keys::of_rejected(text, self.now));
        let quarantine = reason.map(str::to_owned);
        let record = NewRecord {
            site: self.site.id,
            id,
            source: Source::Event,
            received: self.now,
            // Nothing happened after it arrived.
            at: if reason.is_none() { at.min(self.now) } else { at },
            account: Some(self.identity.account.clone()),
            user: Some(self.identity.user.clone()),
            quarantine: quarantine.clone(),
            body: text[..text.floor_char_boundary(limits::EVENT_BYTES)].into(),
        };
        ((given.unwrap_or(id), quarantine), record)
    }

    /// Returns when an event of a later version happened, as far as it says that.
    fn time_of_later(&self, text: &str) -> Millis {
        let at = of_later_version(text).flatten().map_or(self.now, |at| at.saturating_add(self.skew));
        at.clamp(self.horizon, self.now)
    }

    /// Returns why a readable event is quarantined; the words are on the wire.
    fn rejection_reason(&self, event: &Event, at: Millis) -> Option<&'static str> {
        if at > self.now + DAY {
            Some("clock")
        } else if at < self.horizon || self.is_replayed {
            Some("stale")
        } else if event.id.0.is_nil() {
            Some("nil_id")
        } else if !is_transition(event) {
            Some("bad_transition")
        } else {
            soundness::fault(event)
        }
    }
}

/// Whether `from`, `to` and `visit` of a step's event describe a possible transition.
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

fn result(index: usize, (id, quarantine): EventVerdict, written: Written) -> EventResult {
    let outcome = match (written, &quarantine) {
        (Written::Duplicate, _) => EventOutcome::Duplicate,
        (Written::Conflict, _) => {
            let reason = Some(ID_CONFLICT.to_owned());
            return EventResult { id: Some(id), index, outcome: EventOutcome::Quarantined, reason };
        }
        (Written::Stored, Some(_)) => EventOutcome::Quarantined,
        (Written::Stored, None) => EventOutcome::Stored,
    };
    EventResult { id: Some(id), index, outcome, reason: quarantine }
}

/// [`Envelope`] reads what [`EventBatch`] writes: the compiler checks it.
#[expect(dead_code, reason = "only its type check matters")]
fn same_fields(EventBatch { site, token, who, sent_at, events: _ }: EventBatch) -> Envelope {
    Envelope { site, token, who, sent_at, events: Vec::new() }
}

#[cfg(test)]
mod tests;
