//! `POST /v1/session`: everything that the widget needs to begin, in one answer.

use axum::Json;
use axum::extract::State;
use protocol::chat::ConversationStatus;
use protocol::ids::{AccountId, UserId};
use protocol::stored::{Progress, StepProgress};
use protocol::widget::{BatchLimits, ChatSummary, ChecklistSession, SessionRequest, WidgetSession, limits};
use protocol::{Millis, SortedMap};
use store::{NewRecord, Person, SiteId, Source};

use crate::app::{App, AppInner};
use crate::auth::WidgetCaller;
use crate::auth::identity::Identity;
use crate::http::Refusal;
use crate::random;

/// Begins a session of the widget.
///
/// # Errors
/// When the store does not answer.
pub async fn post(
    State(app): State<App>,
    WidgetCaller { site, identity, body: request, .. }: WidgetCaller<SessionRequest>,
) -> Result<Json<WidgetSession>, Refusal> {
    let now = app.clock.now();
    // A full disk must not keep anyone from the checklist; the next session writes the name.
    if let Err(error) = record_name(&app, site.id, &identity, now).await {
        tracing::warn!(%error, "a person's name was not written");
    }
    let flow = app.flows.newest(site.id, request.flow.as_deref()).await?;
    let name = flow.as_ref().map_or("", |flow| flow.name.as_str());
    let (progress, revision) = app.store.progress(site.id, &identity.account, name).await?;
    let sheet = app.store.account(site.id, &identity.account).await?.known.handoff.unwrap_or_default();
    let guide = app.store.guide_position(site.id, &identity.account, &identity.user).await?;
    let answers = app.store.answered_questions(site.id, &identity.account, &identity.user).await?;
    let asked_at = answers.iter().map(|(_, at)| *at).max();
    let answered = answers.into_iter().map(|(question, _)| question).collect();
    let people = people(&app, site.id, &identity.account, &progress).await?;
    let talk = chat_summary(&app, site.id, &identity).await?;
    let epoch = app.store.epoch().await?;
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
    Ok(Json(WidgetSession { session, guide, answered, asked_at, epoch, chat: talk }))
}

/// Returns the names of people who did a step or a part of one, or delegated it.
pub(crate) async fn people(
    app: &AppInner,
    site: SiteId,
    account: &AccountId,
    progress: &Progress,
) -> Result<SortedMap<UserId, String>, Refusal> {
    let asker = |step: &StepProgress| step.delegation.as_ref().and_then(|asked| asked.by.clone());
    let of_steps = progress.steps.values().flat_map(|step| [step.user.clone(), asker(step)]);
    let of_parts = progress.contributions.values().flatten().map(|part| part.user.clone());
    let named: Vec<UserId> = of_steps.chain(of_parts).flatten().collect();
    let did = |person: &Person| named.contains(&person.user);
    let people = app.store.people(site, account).await?;
    Ok(people.into_iter().filter(did).map(|person| (person.user, person.name)).collect())
}

/// Returns whether the person has an open conversation, and how much of it they have not read; none where there is
/// no chat.
async fn chat_summary(
    app: &AppInner,
    site: SiteId,
    identity: &Identity,
) -> Result<Option<ChatSummary>, Refusal> {
    if !app.config.chat {
        return Ok(None);
    }
    let heads = app.store.conversation_summaries(&identity.visitor(site)).await?;
    let (hours, teams) = app.support.now(site).await?;
    Ok(Some(ChatSummary {
        open: heads.iter().any(|head| head.status != ConversationStatus::Resolved || head.unread > 0),
        unread: heads.last().map_or(0, |head| head.unread),
        help: !app.support.config(site).await?.file.articles.is_empty(),
        hours,
        teams,
    }))
}

/// Journals the name of a person when it is new or has changed.
async fn record_name(app: &AppInner, site: SiteId, identity: &Identity, now: Millis) -> store::Result<()> {
    let Some(name) = &identity.name else { return Ok(()) };
    let known = app.store.person(site, &identity.account, &identity.user).await?;
    if known.is_some_and(|person| person.name == *name) {
        return Ok(());
    }
    let record = NewRecord {
        site,
        id: random::id(now),
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
