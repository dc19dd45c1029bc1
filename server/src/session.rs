//! `POST /v1/session`: everything the checklist needs, in one answer.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use protocol::chat::ConversationStatus;
use protocol::ids::{AccountId, UserId};
use protocol::stored::{Progress, StepProgress};
use protocol::widget::{BatchLimits, ChatSummary, ChecklistSession, SessionRequest, WidgetSession, limits};
use protocol::{Millis, SortedMap};
use store::{NewRecord, Person, Site, SiteId, Source, Visitor};

use crate::app::{App, Parts};
use crate::http::{self, Refusal};
use crate::identity::{Identity, identify};
use crate::secret;

/// Begins a session.
///
/// # Errors
/// See [`Refusal`].
pub async fn post(
    State(app): State<App>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<WidgetSession>, Refusal> {
    let request: SessionRequest = http::read_json(&headers, body).await?;
    let (site, identity) = admit(&app, &headers, &request).await?;
    let now = app.clock.now();
    remember(&app, site.id, &identity, now).await?;
    let flow = app.newest_flow(site.id, request.flow.as_deref()).await?;
    let name = flow.as_ref().map_or("", |flow| flow.name.as_str());
    let (progress, revision) = app.store.progress(site.id, &identity.account, name).await?;
    let sheet = app.store.account(site.id, &identity.account).await?.known.handoff.unwrap_or_default();
    let guide = app.store.guide_position(site.id, &identity.account, &identity.user).await?;
    let answered = app.store.answered_questions(site.id, &identity.account, &identity.user).await?;
    let people = people(&app, site.id, &identity.account, &progress).await?;
    let talk = talk(&app, site.id, &identity).await?;
    let session = ChecklistSession {
        people,
        user: identity.user,
        account: identity.account,
        name: identity.name,
        verified: identity.verified,
        flow: flow.map(|flow| journey::flow_file::localize(&flow, &request.locale, &sheet.concern)),
        expectation: Some(sheet.expectation).filter(|text| !text.is_empty()),
        progress,
        revision,
        server_time: now,
        limits: BatchLimits { events: limits::EVENTS, bytes: limits::WIRE_BYTES },
    };
    Ok(Json(WidgetSession { session, guide, answered, talk }))
}

/// Finds out whose widget asks.
///
/// # Errors
/// `UnknownKey`, `ForeignOrigin`, `TooFast`, `BadToken` or `TokenRequired`.
pub async fn admit(
    app: &Parts,
    headers: &HeaderMap,
    request: &SessionRequest,
) -> Result<(std::sync::Arc<Site>, Identity), Refusal> {
    let site = app.sites.by_public_key(&request.site, headers).await?;
    app.within_rate(site.id)?;
    let identity = identify(&site, request.token.as_deref(), request.who.as_ref(), app.clock.now())?;
    Ok((site, identity))
}

/// Names of those who did a step, a part of one, or asked a colleague to.
pub(crate) async fn people(
    app: &Parts,
    site: SiteId,
    account: &AccountId,
    progress: &Progress,
) -> Result<SortedMap<UserId, String>, Refusal> {
    let asker = |step: &StepProgress| step.asked.as_ref().and_then(|asked| asked.by.clone());
    let of_steps = progress.steps.values().flat_map(|step| [step.user.clone(), asker(step)]);
    let of_parts = progress.raised.values().flatten().map(|part| part.user.clone());
    let named: Vec<UserId> = of_steps.chain(of_parts).flatten().collect();
    let did = |person: &Person| named.contains(&person.user);
    let people = app.store.people(site, account).await?;
    Ok(people.into_iter().filter(did).map(|person| (person.user, person.name)).collect())
}

/// Whether the person has an open question, and what they have not read.
async fn talk(app: &Parts, site: SiteId, identity: &Identity) -> Result<Option<ChatSummary>, Refusal> {
    if !app.config.chat {
        return Ok(None);
    }
    let visitor = Visitor { site, account: identity.account.clone(), user: identity.user.clone() };
    let heads = app.store.conversation_summaries(&visitor).await?;
    let (hours, teams) = app.hours(site).await?;
    Ok(Some(ChatSummary {
        open: heads.iter().any(|head| head.standing != ConversationStatus::Resolved || head.unread > 0),
        unread: heads.last().map_or(0, |head| head.unread),
        help: !app.desk(site).await?.file.articles.is_empty(),
        hours,
        teams,
    }))
}

/// Journals the name of a person that is new or has changed.
async fn remember(app: &Parts, site: SiteId, identity: &Identity, now: Millis) -> Result<(), Refusal> {
    let Some(name) = &identity.name else { return Ok(()) };
    let known = app.store.person(site, &identity.account, &identity.user).await?;
    if known.is_some_and(|person| person.name == *name) {
        return Ok(());
    }
    let record = NewRecord {
        site,
        id: secret::fresh_id(now),
        source: Source::Person,
        received: now,
        at: now,
        account: Some(identity.account.clone()),
        user: Some(identity.user.clone()),
        quarantine: None,
        body: serde_json::Value::from(name.as_str()).to_string().into(),
    };
    app.store.append(vec![record]).await?;
    Ok(())
}
