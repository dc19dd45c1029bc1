//! The middle and the right pane: the open conversation with its composer, and what is known of the customer.

mod details;
mod entry;
mod overview;

use leptos::prelude::*;

use super::action_bar::{ActionButtons, Labels, callback};
use super::assignment::assignee;
use super::composer_form::ComposerForm;
use super::conversation::Failure;
use super::state::inbox;
use crate::api;
use crate::ui::Icon;
use details::{details, others_of_account};
use entry::entry;
use overview::Overview;

/// The open conversation, or what waits.
#[component]
pub fn Thread() -> impl IntoView {
    let inbox = inbox();
    let texts = inbox.agent.texts;
    // Set up again for each conversation, not for each change of one.
    let opened = Memo::new(move |_| {
        inbox.conversation.track();
        inbox.conversation.id()
    });
    move || {
        if opened.get().is_none() {
            return view! { <Overview /> }.into_any();
        }
        view! {
            <section class="thread" aria-label=texts.thread>
                <Header />
                <p class="wrong" role="alert">{move || inbox.actions.error()}</p>
                {move || {
                    let current = inbox.conversation.current().filter(|_| inbox.agent.answers());
                    current.and_then(|one| callback(inbox, &one))
                }}
                {move || match inbox.conversation.failure() {
                    Some(failure) => view! { <NotShown failure /> }.into_any(),
                    None => view! {
                        <Entries />
                        {match inbox.agent.answers() {
                            true => view! { <ComposerForm /> }.into_any(),
                            false => view! { <p class="facts">{texts.reads_only}</p> }.into_any(),
                        }}
                    }
                    .into_any(),
                }}
            </section>
            <aside class="where" aria-label=texts.where_stuck>
                {move || inbox.conversation.current().map(|one| details(inbox, &one))}
                {inbox.agent.answers().then(|| view! { <Labels /> })}
                {move || inbox.conversation.current().map(|one| others_of_account(inbox, &one))}
                <Transcript />
            </aside>
        }
        .into_any()
    }
}

/// Who it is, who is assigned, and what can be done.
#[component]
fn Header() -> impl IntoView {
    let inbox = inbox();
    let texts = inbox.agent.texts;
    let informs = inbox.shows_details;
    move || {
        let one = inbox.conversation.current()?;
        Some(view! {
            <header class="who">
                <button type="button" class="icon back" aria-label=texts.back on:click=move |_| inbox.address.open(None)>
                    "‹"
                </button>
                <div class="person">
                    <h2>{one.account.clone()} " " <small>{one.user.clone()}</small></h2>
                    <p class="facts">{assignee(texts, &one)}</p>
                </div>
                <ActionButtons one=one.clone() />
                <button
                    type="button"
                    class="icon more-facts"
                    aria-label=texts.where_stuck
                    aria-pressed=move || informs.get().to_string()
                    on:click=move |_| informs.update(|shown| *shown = !*shown)
                >
                    {Icon::Details.draw()}
                </button>
            </header>
        })
    }
}

/// Why there are no entries, and what to do about it.
#[component]
fn NotShown(failure: Failure) -> impl IntoView {
    let inbox = inbox();
    let texts = inbox.agent.texts;
    let (text, name) = match failure {
        Failure::NoAnswer => (texts.failed, texts.retry),
        Failure::Gone => (texts.conversation_gone, texts.back),
    };
    let act = move |_| match failure {
        Failure::NoAnswer => inbox.conversation.refetch(),
        Failure::Gone => inbox.address.open(None),
    };
    view! {
        <div class="failed">
            <p role="alert">{text}</p>
            <button type="button" class="plain" on:click=act>{name}</button>
        </div>
    }
}

/// The messages as a file.
#[component]
fn Transcript() -> impl IntoView {
    let inbox = inbox();
    let address =
        inbox.agent.site().zip(inbox.conversation.id()).map(|(site, id)| api::inbox::transcript(&site, id));
    view! { <a class="transcript" href=address download="">{inbox.agent.texts.transcript}</a> }
}

/// The entries of both logs, with the newest in view.
#[component]
fn Entries() -> impl IntoView {
    let inbox = inbox();
    let held = move || {
        let entries = inbox.conversation.entries();
        inbox.composer.held.shown(inbox.conversation.id(), &entries)
    };
    Effect::new(move |_| {
        inbox.conversation.track_entries();
        let _ = held();
        // After it is drawn.
        request_animation_frame(show_end);
    });
    view! {
        // Turned around, so that the end stays in view while pictures load and the window changes its size.
        <div class="said" role="log" tabindex="0" aria-label=inbox.agent.texts.thread>
            <div>
                <ol>
                    <For each=move || inbox.conversation.entries() key=|entry| (entry.log, entry.seq) let(one)>
                        {entry(inbox, one)}
                    </For>
                    {move || held().map(|text| view! {
                        <li class="private">
                            <small>{inbox.agent.texts.note_label}</small>
                            <p>{text}</p>
                        </li>
                    })}
                </ol>
                <p class="facts types" role="status">
                    {move || inbox.conversation.typing()}
                </p>
            </div>
        </div>
    }
}

/// Shows the end of the entries.
fn show_end() {
    if let Ok(Some(list)) = document().query_selector(".said") {
        list.set_scroll_top(0);
    }
}
