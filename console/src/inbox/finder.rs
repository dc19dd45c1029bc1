//! The finder: everything that can be done, chosen or opened, found by typing. Ctrl+K shows all of it; a button
//! of the composer or of a conversation shows one topic.

mod items;

use leptos::html::Dialog;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent, ScrollIntoViewOptions, ScrollLogicalPosition, SubmitEvent};

use super::reading::has_words;
use super::snooze;
use super::state::{InboxState, inbox};
use super::topic::Topic;
use crate::clock::now;
use crate::ui::is_composing;

pub use items::{Item, place_name};

/// Rows that are shown at most; more words leave fewer.
const SHOWN: usize = 60;

/// Returns the items that have all the words, in their order.
fn found(inbox: InboxState, topic: Topic, words: &str) -> Vec<Item> {
    let has = |item: &Item| has_words(&item.haystack(), words);
    items::of(inbox, topic, !words.trim().is_empty()).into_iter().filter(has).take(SHOWN).collect()
}

/// The dialog, closed until [`FinderState::show`].
#[component]
pub fn Finder() -> impl IntoView {
    let inbox = inbox();
    let texts = inbox.agent.texts;
    let topic = inbox.finder.topic;
    let dialog = NodeRef::<Dialog>::new();
    let words = RwSignal::new(String::new());
    let at = RwSignal::new(0usize);
    let found = Memo::new(move |_| {
        // Another conversation, and a change of one, has other items.
        inbox.conversation.track();
        inbox.list.track();
        topic.get().map(|topic| found(inbox, topic, &words.get())).unwrap_or_default()
    });
    Effect::new(move |_| {
        let Some(dialog) = dialog.get().filter(|_| topic.get().is_some()) else { return };
        words.set(String::new());
        at.set(0);
        if !dialog.open() {
            // Closed before: this cannot fail.
            let _ = dialog.show_modal();
        }
        // After the topic is drawn.
        request_animation_frame(focus_field);
    });
    let close = move || {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    // An item may have shown another topic by the time that the browser says so.
    let closed = move |_| {
        if dialog.get_untracked().is_none_or(|dialog| !dialog.open()) {
            topic.set(None);
        }
    };
    let run = move |n: usize| {
        let chosen = found.get_untracked().into_iter().nth(n);
        close();
        topic.set(None);
        if let Some(item) = chosen {
            item.run.run(());
        }
    };
    let press = move |event: KeyboardEvent| {
        let last = found.with_untracked(Vec::len).saturating_sub(1);
        let next = match event.key().as_str() {
            _ if is_composing(&event) => return,
            "ArrowDown" => (at.get_untracked() + 1).min(last),
            "ArrowUp" => at.get_untracked().saturating_sub(1),
            _ => return,
        };
        event.prevent_default();
        at.set(next);
        show_row(next);
    };
    view! {
        <dialog class="menu" aria-label=texts.menu node_ref=dialog on:close=closed>
            {move || topic.get().map(|topic| view! {
                {(topic == Topic::Block).then(|| view! { <p class="ask">{texts.bar_ask}</p> })}
                <form on:submit=move |event: SubmitEvent| {
                    event.prevent_default();
                    run(at.get_untracked());
                }>
                    <input
                        type="text"
                        autofocus
                        role="combobox"
                        aria-expanded="true"
                        aria-controls="commands"
                        aria-activedescendant=move || (!found.with(Vec::is_empty)).then(|| format!("command-{}", at.get()))
                        aria-label=hint(inbox, topic)
                        placeholder=hint(inbox, topic)
                        prop:value=move || words.get()
                        on:keydown=press
                        on:input=move |event| {
                            at.set(0);
                            words.set(event_target_value(&event));
                        }
                    />
                </form>
                <Rows found at on_choose=Callback::new(run) />
                {(topic == Topic::Snooze).then(|| view! { <OwnTime on_chosen=Callback::new(move |()| close()) /> })}
            })}
        </dialog>
    }
}

fn hint(inbox: InboxState, topic: Topic) -> &'static str {
    let texts = inbox.agent.texts;
    match topic {
        Topic::All => texts.menu_hint,
        Topic::More | Topic::Block => texts.more,
        Topic::Replies => texts.reply_hint,
        Topic::Clips => texts.clip_hint,
        Topic::Places => texts.place_hint,
        Topic::Snooze => texts.snooze_hint,
    }
}

fn focus_field() {
    if let Ok(Some(field)) = document().query_selector("dialog.menu input") {
        // A field of our own page: this cannot fail.
        let _ = field.unchecked_into::<HtmlElement>().focus();
    }
}

fn show_row(n: usize) {
    if let Ok(Some(row)) = document().query_selector(&format!("#command-{n}")) {
        let options = ScrollIntoViewOptions::new();
        options.set_block(ScrollLogicalPosition::Nearest);
        row.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

/// What was found.
#[component]
fn Rows(found: Memo<Vec<Item>>, at: RwSignal<usize>, on_choose: Callback<usize>) -> impl IntoView {
    let texts = inbox().agent.texts;
    let row = move |(n, item): (usize, Item)| {
        let key = (!item.key.is_empty()).then(|| view! { <kbd>{item.key}</kbd> });
        let picture = item.picture.map(|address| view! { <img src=address alt="" loading="lazy" /> });
        view! {
            <li
                role="option"
                id=format!("command-{n}")
                aria-selected=move || (at.get() == n).to_string()
                on:click=move |_| on_choose.run(n)
            >
                {picture}
                <span>{item.name}" "<small>{item.note}</small></span>
                {key}
            </li>
        }
    };
    move || {
        let found = found.get();
        if found.is_empty() {
            return view! { <p class="facts">{texts.menu_none}</p> }.into_any();
        }
        let rows = found.into_iter().enumerate().map(row).collect_view();
        view! { <ul role="listbox" id="commands" aria-label=texts.menu>{rows}</ul> }.into_any()
    }
}

/// A time of the agent's own choice.
#[component]
fn OwnTime(on_chosen: Callback<()>) -> impl IntoView {
    let inbox = inbox();
    let texts = inbox.agent.texts;
    let value = RwSignal::new(String::new());
    let until = move || snooze::chosen(&value.get(), now());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if let Some(until) = untrack(until) {
            on_chosen.run(());
            inbox.snooze(until);
        }
    };
    view! {
        <form class="own-time" on:submit=submit>
            <label>
                {texts.snooze_own}
                <input type="datetime-local" on:input=move |event| value.set(event_target_value(&event)) />
            </label>
            <button type="submit" class="plain" prop:disabled=move || until().is_none()>{texts.snooze}</button>
        </form>
    }
}
