//! A row of the list: who, at which step, the last words with their author, and how long they wait.

use leptos::prelude::*;
use protocol::chat::{Side, WaitingOn};
use protocol::console::{ComposerOptions, Conversation};
use protocol::ids::ConversationId;
use search::find;

use super::wait::Wait;
use crate::clock::now;
use crate::format::{duration, moment, recent};
use crate::i18n::{Texts, fill};
use crate::inbox::assignment::name_of;
use crate::inbox::state::{InboxState, inbox};

/// Returns what a row depends on beside the time: with hundreds of rows only those that changed are drawn
/// again.
pub fn row_key(one: &Conversation) -> (ConversationId, [u64; 2], u64, u64) {
    (one.id, one.last_entries, one.agent_read, one.revision)
}

/// A row that opens its conversation.
#[component]
pub fn ConversationRow(
    /// The conversation.
    one: Conversation,
) -> impl IntoView {
    let inbox = inbox();
    let (texts, locale) = (inbox.agent.texts, inbox.agent.locale);
    let id = one.id;
    let is_new = one.last_entries[0] > one.agent_read;
    let marks = marks(texts, &one);
    let agent = one.state.agent.as_ref().map(|agent| name_of(agent).to_owned());
    let at = (one.state.last_message_at > 0).then(|| recent(one.state.last_message_at, locale));
    let person = if one.user.starts_with('~') { texts.guest.to_owned() } else { one.user.clone() };
    let step = one.step.clone();
    let last = last_words(inbox, &one);
    let excerpt = move || match inbox.search.passage(id) {
        Some(passage) => marked(&passage, &inbox.search.words()),
        None => last.clone().into_any(),
    };
    let wait = StoredValue::new(one.clone());
    let wait = move || {
        inbox.list.track_time();
        wait.with_value(|one| waiting(inbox, one))
    };
    view! {
        <li>
            <button
                type="button"
                class="talk"
                class:new=is_new
                aria-current=move || inbox.conversation.is_open(id).then_some("true")
                on:click=move |_| inbox.open(id)
            >
                <strong>{one.account} " " <span>{person}</span></strong>
                <time>{at}</time>
                <span class="excerpt">{excerpt}</span>
                <span class="marks">
                    {wait}
                    {marks}
                    {(!step.is_empty()).then(|| view! { <span class="step">{step}</span> })}
                    {agent.map(|name| view! { <span class="agent">{name}</span> })}
                </span>
            </button>
        </li>
    }
}

/// Returns the last words with who wrote them, where it was not the customer.
fn last_words(inbox: InboxState, one: &Conversation) -> String {
    let (texts, state) = (inbox.agent.texts, &one.state);
    let is_call = state.callback.as_ref().is_some_and(|(asked, _)| *asked == state.last_message_at);
    let author = state.last_author.as_ref().filter(|author| author.side == Side::Agent);
    match author {
        _ if is_call => ["☎ ", &state.excerpt].concat(),
        Some(author) if *author.id == *inbox.agent.id() => fill(texts.you_wrote, &[("text", &state.excerpt)]),
        Some(author) => fill(texts.they_wrote, &[("name", name_of(author)), ("text", &state.excerpt)]),
        None => state.excerpt.clone(),
    }
}

/// Shows a passage with the words that were looked for marked.
fn marked(passage: &str, words: &str) -> AnyView {
    match find(passage, words.trim()) {
        Some(place) => {
            let (before, rest) = passage.split_at(place.start);
            let (hit, after) = rest.split_at(place.end - place.start);
            view! { {before.to_owned()} <mark>{hit.to_owned()}</mark> {after.to_owned()} }.into_any()
        }
        None => passage.to_owned().into_any(),
    }
}

/// Says when it comes back, or how long the customer has waited: red past the goal while support is open.
fn waiting(inbox: InboxState, one: &Conversation) -> Option<AnyView> {
    let (texts, locale) = (inbox.agent.texts, inbox.agent.locale);
    let wait = Wait::of(one, inbox.options.with(is_closed), now())?;
    let is_late = matches!(wait, Wait::Open { is_late: true, .. });
    let text = wait_text(texts, locale, wait);
    Some(view! { <span class="waits" class:late=is_late>{text}</span> }.into_any())
}

/// Says how long a customer has waited, or until when it rests.
pub fn wait_text(texts: &Texts, locale: &str, wait: Wait) -> String {
    match wait {
        Wait::Snoozed(until) => fill(texts.back_at, &[("time", &moment(until, locale))]),
        Wait::Closed(waited) => fill(texts.waits_closed, &[("time", &duration(texts, waited))]),
        Wait::Open { time: None, .. } => texts.just_now.to_owned(),
        Wait::Open { time: Some(waited), .. } => fill(texts.waits, &[("time", &duration(texts, waited))]),
    }
}

/// Tells whether support is closed now.
pub fn is_closed(known: &ComposerOptions) -> bool {
    known.hours.as_ref().is_some_and(|hours| hours.open_until.is_none())
}

/// What is urgent, who has to act next, and its labels.
fn marks(texts: &Texts, one: &Conversation) -> impl IntoView + use<> {
    let state = &one.state;
    let waiting_on = state.waiting_on.map(|on| match on {
        WaitingOn::Us => texts.blocked_us,
        WaitingOn::Customer => texts.blocked_customer,
    });
    let urgent = [
        state.escalated.then_some(texts.escalated),
        state.callback.is_some().then_some(texts.call_wanted),
        one.blocked.then_some(texts.barred),
    ];
    let urgent = urgent.into_iter().flatten().map(|text| view! { <b class="mark urgent">{text}</b> });
    let plain = waiting_on.map(str::to_owned).into_iter().chain(state.labels.clone());
    let plain = plain.map(|text| view! { <b class="mark">{text}</b> });
    (urgent.collect_view(), plain.collect_view())
}
