//! The side before a choice: who has waited longest, and the keys.

use leptos::prelude::*;

use crate::clock::now;
use crate::i18n::{Texts, fill};
use crate::inbox::filter::Filter;
use crate::inbox::list_pane::{Wait, is_closed, wait_text};
use crate::inbox::state::{InboxState, inbox};
use crate::inbox::topic::Topic;

/// What waits, and how to begin.
#[component]
pub fn Overview() -> impl IntoView {
    let inbox = inbox();
    view! {
        <section class="overview" aria-label=inbox.agent.texts.overview>
            {move || inbox.list.is_loaded().then(|| waiting(inbox))}
            {keys(inbox)}
        </section>
    }
}

/// How many wait, and the one that waits longest.
fn waiting(inbox: InboxState) -> AnyView {
    let (texts, locale) = (inbox.agent.texts, inbox.agent.locale);
    let (agent, now) = (inbox.agent.id(), now());
    let ours = inbox.list.sorted(|one| Filter::NeedsAnswer.accepts(one, &agent, now), None);
    let Some(first) = ours.first().cloned() else {
        return view! { <h2>{texts.nobody_waits}</h2> }.into_any();
    };
    let (id, n) = (first.id, ours.len().to_string());
    let wait = Wait::of(&first, inbox.options.with(is_closed), now);
    view! {
        <h2>{fill(texts.waiting_count, &[("n", &n)])}</h2>
        <p class="next">
            <strong>{first.account} " " <span>{first.user}</span></strong>
            <span class="excerpt">{first.state.excerpt}</span>
            <small>{wait.map(|wait| wait_text(texts, locale, wait))}</small>
        </p>
        <button type="button" class="action" on:click=move |_| inbox.open(id)>{texts.open_longest}</button>
    }
    .into_any()
}

/// The keys that are worth knowing; the command palette shows all of them.
fn keys(inbox: InboxState) -> impl IntoView {
    let texts: &'static Texts = inbox.agent.texts;
    let keys = [
        ("j k", texts.keys_move),
        ("r", texts.answer),
        ("n", texts.note_label),
        ("/", texts.reply),
        ("t", texts.claim),
        ("s", texts.snooze),
        ("e", texts.resolve),
    ];
    let rows = keys.map(|(keys, name)| {
        let keys = keys.split(' ').map(|key| view! { <kbd>{key}</kbd> " " }).collect_view();
        view! {
            <dt>{keys}</dt>
            <dd>{name}</dd>
        }
    });
    view! {
        <dl class="keys">
            {rows.into_iter().collect_view()}
            <dt><kbd>"⌃K"</kbd></dt>
            <dd>
                <button type="button" class="link" on:click=move |_| inbox.finder.show(Topic::All)>{texts.menu_hint}</button>
            </dd>
        </dl>
    }
}
