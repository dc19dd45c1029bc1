//! `GET /api/inbox/{conversation}`: one conversation with the last entries of both logs, and what an agent should know.

use axum::Json;
use axum::extract::State;
use protocol::Millis;
use protocol::chat::{Log, LogEntry, limits as chat_limits};
use protocol::console::{Conversation, ConversationDetail};
use protocol::ids::ConversationId;
use store::Party;

use super::standing::{asked_at, counted, done_since};
use crate::app::App;
use crate::auth::SiteAccess;
use crate::console::LocaleQuery;
use crate::http::{Path, Query, Refusal};
use crate::published::SupportConfig;

/// Returns a conversation.
///
/// # Errors
/// `NotFound`.
pub async fn get(
    State(app): State<App>,
    SiteAccess { site, .. }: SiteAccess,
    Path(id): Path<ConversationId>,
    Query(query): Query<LocaleQuery>,
) -> Result<Json<ConversationDetail>, Refusal> {
    let site = site.id;
    let party = Party::Agent(site);
    let (mut conversation, _) = app.store.conversation(&party, id).await?.ok_or(Refusal::NotFound)?;
    let last = async |log, head: u64| {
        let from = (head + 1).saturating_sub(chat_limits::PAGE).max(1);
        let found = app.store.log_entries(&party, id, log, from, head, chat_limits::PAGE).await;
        found.map(Option::unwrap_or_default)
    };
    let [public, internal] = conversation.last_entries;
    let entries = merge(last(Log::Public, public).await?, last(Log::Internal, internal).await?);
    let support = app.support.config(site).await?;
    let hours = support.hours.at(conversation.context.step.as_ref());
    conversation.callback_due = call_due(&support, &conversation);
    conversation.answer_due = answer_due(&support, &conversation);
    let first_response =
        conversation.state.first_response.map(|[asked, answered]| hours.business(asked, answered));
    let account = conversation.account_id.clone();
    let asked = asked_at(&conversation.state, &entries);
    let mut detail = ConversationDetail {
        handoff: app.store.account(site, &account).await?.known.handoff,
        first_response,
        ..ConversationDetail::of(conversation, entries)
    };
    if let Some(flow) = app.flows.newest(site, None).await? {
        let progress = app.store.progress(site, &account, &flow.name).await?.0;
        let step = detail.conversation.context.step.as_ref();
        detail.step_done = step.and_then(|step| progress.steps.get(step)?.done_at);
        detail.progress = Some(counted(&flow, &progress));
        let people = app.store.people(site, &account).await?;
        let since = asked.unwrap_or(Millis::MAX);
        detail.done_since = done_since(&flow, &progress, &people, since, &query.locale);
    }
    Ok(Json(detail))
}

/// Returns by when a callback was promised that the customer waits for: the end of the last time that they chose, or what
/// the hours of the step at which they asked say.
pub(super) fn call_due(support: &SupportConfig, one: &Conversation) -> Option<Millis> {
    let (asked, call) = one.state.callback.as_ref()?;
    let chosen = call.windows.iter().map(|[_, to]| *to).filter(|to| to > asked).max();
    chosen.or_else(|| support.hours.at(call.step.as_ref()).call_due(*asked))
}

/// Returns when a customer who waits will have waited for longer than the goal, by the hours of their step.
pub(super) fn answer_due(support: &SupportConfig, one: &Conversation) -> Option<Millis> {
    let calendar = support.hours.at(one.context.step.as_ref()).now()?;
    calendar.after(one.state.waiting_since?, calendar.goal()?)
}

/// Merges both logs by time, each in its own order: clocks may stand still, numbers do not.
fn merge(public: Vec<LogEntry>, internal: Vec<LogEntry>) -> Vec<LogEntry> {
    let mut merged = Vec::with_capacity(public.len() + internal.len());
    let mut internal = internal.into_iter().peekable();
    for entry in public {
        while let Some(note) = internal.next_if(|note| note.at < entry.at) {
            merged.push(note);
        }
        merged.push(entry);
    }
    merged.extend(internal);
    merged
}
