//! A row of the list: who, how long they wait, and what to know before it is opened.

use leptos::prelude::*;
use protocol::chat::WaitingOn;
use protocol::console::Conversation;
use protocol::ids::ConversationId;

use crate::clock::now;
use crate::format::duration;
use crate::i18n::{Texts, fill};
use crate::inbox::state::inbox;

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
    let texts = inbox.agent.texts;
    let id = one.id;
    let since = one.state.waiting_since;
    let waits = move || {
        inbox.list.track_time();
        since.map(|since| fill(texts.waits, &[("time", &duration(texts, (now() - since).max(0)))]))
    };
    let is_new = one.last_entries[0] > one.agent_read;
    let marks = marks(texts, &one);
    let agent = one.state.agent.as_ref().map(|agent| agent.name.clone());
    view! {
        <li>
            <button
                type="button"
                class="talk"
                class:new=is_new
                aria-current=move || inbox.conversation.is_open(id).then_some("true")
                on:click=move |_| inbox.open(id)
            >
                <strong>{one.account} " " <span>{one.user}</span></strong>
                <span class="waits">{waits}</span>
                <span class="excerpt">{one.state.excerpt}</span>
                {agent.map(|name| view! { <small>{name}</small> })}
                <span class="marks">{marks}</span>
            </button>
        </li>
    }
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
