//! `POST /v1/facts`: what the host's backend vouches for. Idempotent by id, like events.

use axum::Json;
use axum::extract::State;
use protocol::Millis;
use protocol::backend::{Fact, FactBatch};
use protocol::widget::{BatchReply, EventOutcome, EventResult, limits};
use store::{ID_CONFLICT, NewRecord, Sighting, SiteId, Source, Written};

use super::moment;
use crate::app::App;
use crate::app::metrics::EventSource;
use crate::auth::HostBackend;
use crate::auth::identity::check_id;
use crate::http::{Document, Refusal};

/// What is said of a number that is none, here and of accounts.
pub(super) const NO_NUMBER: &str = "a number is from -(2^53 - 1) to 2^53 - 1, and its zero has no minus sign";
/// The longest name of a fact, in characters.
const MAX_NAME: usize = 100;

/// Journals facts.
///
/// # Errors
/// `TooMany`, and `Malformed`: a body with one unreadable fact is refused whole, since a backend can correct it.
pub async fn post(
    State(app): State<App>,
    HostBackend { site, .. }: HostBackend,
    Document(FactBatch { facts }): Document<FactBatch>,
) -> Result<Json<BatchReply>, Refusal> {
    if facts.len() > limits::EVENTS {
        return Err(Refusal::TooMany(limits::EVENTS));
    }
    let now = app.clock.now();
    let ids: Vec<_> = facts.iter().map(|fact| fact.id).collect();
    let newest =
        facts.last().map(|fact| Sighting::Fact { name: fact.name.clone(), account: fact.account.clone() });
    let records = facts.into_iter().map(|fact| record(site.id, fact, now)).collect::<Result<_, _>>()?;
    let written = app.store.append(records).await?;
    newest.into_iter().for_each(|newest| app.integration.saw(site.id, newest));
    let results: Vec<EventResult> = ids
        .into_iter()
        .zip(written)
        .enumerate()
        .map(|(index, (id, written))| {
            let (outcome, reason) = match written {
                Written::Stored => (EventOutcome::Stored, None),
                Written::Duplicate => (EventOutcome::Duplicate, None),
                Written::Conflict => (EventOutcome::Quarantined, Some(ID_CONFLICT.to_owned())),
            };
            EventResult { id: Some(id), index, outcome, reason }
        })
        .collect();
    app.metrics.count(EventSource::Backend, &results);
    Ok(Json(BatchReply { results, server_time: now }))
}

fn record(site: SiteId, fact: Fact, now: Millis) -> Result<NewRecord, Refusal> {
    if fact.name.is_empty() || fact.name.chars().nth(MAX_NAME).is_some() {
        return Err(Refusal::Malformed("a fact's name has 1 to 100 characters".into()));
    }
    if !fact.value.is_sound() {
        return Err(Refusal::Malformed(NO_NUMBER.into()));
    }
    check_id("account", fact.account.as_str())?;
    fact.user.as_ref().map_or(Ok(()), |user| check_id("user", user.as_str()))?;
    moment::check("at", fact.at)?;
    // A fact from the future would win over every later one.
    let at = fact.at.unwrap_or(now).min(now);
    let body = serde_json::to_string(&fact).map_err(|error| Refusal::Malformed(error.to_string()))?;
    Ok(NewRecord {
        site,
        id: fact.id,
        source: Source::Fact,
        received: now,
        at,
        account: Some(fact.account),
        user: fact.user,
        quarantine: None,
        body: body.into(),
    })
}
