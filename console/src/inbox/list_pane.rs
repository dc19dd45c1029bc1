//! The left pane: search, filters and the conversations that pass.

mod row;
mod wait;

use leptos::prelude::*;

use super::filter::Filter;
use super::state::{InboxState, inbox};
use super::topic::Topic;
use crate::ui::Icon;
use row::{ConversationRow, row_key};

pub use row::{is_closed, wait_text};
pub use wait::Wait;

/// The left pane.
#[component]
pub fn ListPane() -> impl IntoView {
    let inbox = inbox();
    let texts = inbox.agent.texts;
    let listed = Memo::new(move |_| inbox.listed());
    view! {
        <section class="asks" aria-label=texts.inbox>
            <Head />
            <input
                type="search"
                class="find"
                maxlength="200"
                aria-label=texts.search
                placeholder=texts.search
                prop:value=move || inbox.search.words()
                on:input=move |event| inbox.search.look_for(event_target_value(&event))
            />
            <Filters />
            {move || placeholder(inbox, listed.with(Vec::is_empty))}
            <ol class="rows">
                <For each=move || listed.get() key=row_key let(one)>
                    <ConversationRow one />
                </For>
            </ol>
        </section>
    }
}

/// The page's title, whether it is live, and the sound.
#[component]
fn Head() -> impl IntoView {
    let inbox = inbox();
    let (texts, alerts, is_online) = (inbox.agent.texts, inbox.alerts, inbox.is_online);
    let sound = move || if alerts.is_on() { texts.bell_off } else { texts.bell_on };
    let icon = move || if alerts.is_on() { Icon::Alert.draw() } else { Icon::Silent.draw() };
    let keys = move |_| inbox.finder.show(Topic::All);
    view! {
        <header class="inbox-head">
            <h1>{texts.inbox}</h1>
            <p class="live" role="status" class:broken=move || !is_online.get()>
                <span>{move || if is_online.get() { texts.live } else { texts.not_live }}</span>
            </p>
            <button type="button" class="icon keys" aria-label=["⌃K ", texts.menu].concat() title=texts.inbox_keys on:click=keys>
                <kbd>"⌃K"</kbd>
            </button>
            <button type="button" class="icon bell" aria-label=sound title=sound on:click=move |_| alerts.toggle()>
                {icon}
            </button>
        </header>
    }
}

/// One button for each filter, with the number of conversations that pass.
#[component]
fn Filters() -> impl IntoView {
    let inbox = inbox();
    let buttons = Filter::ALL.map(|filter| {
        view! {
            <button
                type="button"
                class="shelf"
                aria-pressed=move || (inbox.filter.get() == filter).to_string()
                on:click=move |_| inbox.choose_filter(filter)
            >
                {filter.name(inbox.agent.texts)}
                " "
                <b>{move || inbox.list.count(filter, &inbox.agent.id())}</b>
            </button>
        }
    });
    view! { <div class="shelves">{buttons.into_iter().collect_view()}</div> }
}

/// What stands in place of the rows: a skeleton before the first answer, or a sentence when nothing passes.
fn placeholder(inbox: InboxState, is_empty: bool) -> Option<AnyView> {
    let texts = inbox.agent.texts;
    if !inbox.list.is_loaded() {
        return Some(view! { <div class="skeleton" aria-busy="true"></div> }.into_any());
    }
    if !is_empty {
        return None;
    }
    let text = match (inbox.search.is_active(), inbox.search.is_answered()) {
        (false, _) => texts.inbox_empty,
        (true, true) => texts.search_none,
        (true, false) => texts.searching,
    };
    Some(view! { <p class="facts empty">{text}</p> }.into_any())
}
