//! The list: which conversations there are, who waits and for how long.

use leptos::prelude::*;
use protocol::{Blocker, Conversation, ConversationId};

use super::filter::Shelf;
use super::state::Desk;
use crate::format::datetime::now;
use crate::i18n::{Texts, fill};
use crate::ui::charts::duration;

/// The shelves, and what is on the chosen one.
pub fn list(desk: Desk) -> impl IntoView {
    let texts = desk.texts;
    let name = move |shelf| match shelf {
        Shelf::Queue => texts.shelf_queue,
        Shelf::Mine => texts.shelf_mine,
        Shelf::Open => texts.shelf_open,
        Shelf::Snoozed => texts.shelf_snoozed,
        Shelf::Resolved => texts.shelf_resolved,
    };
    let listed = Memo::new(move |_| desk.listed());
    let tabs = Shelf::ALL.map(|shelf| {
        view! {
            <button
                type="button"
                class="shelf"
                aria-pressed=move || (desk.shelf.get() == shelf).to_string()
                on:click=move |_| desk.choose(shelf)
            >
                {name(shelf)}
                " "
                <b>{move || desk.count(shelf)}</b>
            </button>
        }
    });
    view! {
        <section class="asks" aria-label=texts.inbox>
            <input
                type="search"
                class="find"
                maxlength="200"
                aria-label=texts.search
                placeholder=texts.search
                prop:value=move || desk.search.get()
                on:input=move |event| desk.look_for(event_target_value(&event))
            />
            <div class="shelves">{tabs.into_iter().collect_view()}</div>
            {move || {
                if desk.all.with(Option::is_none) {
                    return Some(view! { <div class="skeleton" aria-busy="true"></div> }.into_any());
                }
                if listed.with(|listed| !listed.is_empty()) {
                    return None;
                }
                let empty = desk.search.with(|words| words.trim().is_empty());
                let text = match (empty, desk.found.with(Option::is_some)) {
                    (true, _) => texts.inbox_empty,
                    (false, true) => texts.search_none,
                    (false, false) => texts.searching,
                };
                Some(view! { <p class="facts empty">{text}</p> }.into_any())
            }}
            <ol class="rows">
                <For each=move || listed.get() key=drawn let(one)>{row(desk, one)}</For>
            </ol>
        </section>
    }
}

/// What a row depends on beside the time: with hundreds of them only those that changed are drawn again.
fn drawn(one: &Conversation) -> (ConversationId, [u64; 2], u64, u64) {
    (one.c, one.heads, one.agent_read, one.rev)
}

fn row(desk: Desk, one: Conversation) -> impl IntoView {
    let texts = desk.texts;
    let c = one.c;
    let since = one.thread.waiting;
    let waits = move || {
        desk.track_time();
        since.map(|since| fill(texts.waits, &[("time", &duration(texts, (now() - since).max(0)))]))
    };
    let is_new = one.heads[0] > one.agent_read;
    let marks = marks(texts, &one);
    let agent = one.thread.agent.as_ref().map(|agent| agent.name.clone());
    view! {
        <li>
            <button
                type="button"
                class="talk"
                class:new=is_new
                aria-current=move || (desk.chosen.get() == Some(c)).then_some("true")
                on:click=move |_| desk.open(c)
            >
                <strong>{one.account} " " <span>{one.user}</span></strong>
                <span class="waits">{waits}</span>
                <span class="excerpt">{one.thread.excerpt}</span>
                {agent.map(|name| view! { <small>{name}</small> })}
                <span class="marks">{marks}</span>
            </button>
        </li>
    }
}

/// What is to be known of a conversation before it is opened.
fn marks(texts: &Texts, one: &Conversation) -> impl IntoView + use<> {
    let thread = &one.thread;
    let blocked = thread.blocked.map(|on| match on {
        Blocker::Us => texts.blocked_us,
        Blocker::Customer => texts.blocked_customer,
    });
    let urgent = [
        thread.escalated.then_some(texts.escalated),
        thread.call.is_some().then_some(texts.call_wanted),
        one.barred.then_some(texts.barred),
    ];
    let urgent =
        urgent.into_iter().flatten().map(|text| view! { <b class="mark urgent">{text.to_owned()}</b> });
    let plain = blocked.map(str::to_owned).into_iter().chain(thread.labels.clone());
    let plain = plain.map(|text| view! { <b class="mark">{text}</b> });
    (urgent.collect_view(), plain.collect_view())
}
