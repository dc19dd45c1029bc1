//! The middle and the right pane: the open conversation with its composer, and what is known of the customer.

mod details;
mod entry;

use leptos::html::Div;
use leptos::prelude::*;

use super::action_bar::{ActionButtons, Labels, MoreActions, callback};
use super::assignment::assignee;
use super::composer_form::ComposerForm;
use super::state::inbox;
use crate::api;
use details::{details, others_of_account};
use entry::entry;

/// The open conversation, or how to open one.
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
            return view! { <p class="facts empty">{texts.choose_one}</p> }.into_any();
        }
        view! {
            <section class="thread" aria-label=texts.thread>
                <Header />
                <MoreActions />
                <Entries />
                <ComposerForm />
            </section>
            <aside class="where" aria-label=texts.where_stuck>
                {move || inbox.conversation.current().map(|one| details(inbox, &one))}
                <Labels />
                {move || inbox.conversation.current().map(|one| others_of_account(inbox, &one))}
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
    move || {
        let (one, site) = (inbox.conversation.current()?, inbox.agent.site()?);
        let transcript = api::inbox::transcript(&site, one.id);
        let close = move |_| inbox.conversation.close();
        Some(view! {
            <header class="who">
                <button type="button" class="plain back" on:click=close>{texts.back}</button>
                <h2>{one.account.clone()} " " <small>{one.user.clone()}</small></h2>
                <p class="facts">
                    {assignee(texts, &one)}
                    " · "
                    <a href=transcript download="">{texts.transcript}</a>
                </p>
                <ActionButtons one=one.clone() />
                {callback(inbox, &one)}
            </header>
        })
    }
}

/// The entries of both logs, with the newest in view.
#[component]
fn Entries() -> impl IntoView {
    let inbox = inbox();
    let list = NodeRef::<Div>::new();
    Effect::new(move |_| {
        inbox.conversation.track_entries();
        // After it is drawn.
        request_animation_frame(move || {
            if let Some(list) = list.try_get_untracked().flatten() {
                list.set_scroll_top(list.scroll_height());
            }
        });
    });
    view! {
        <div class="said" role="log" tabindex="0" aria-label=inbox.agent.texts.thread node_ref=list>
            <ol>
                <For each=move || inbox.conversation.entries() key=|entry| (entry.log, entry.seq) let(one)>
                    {entry(inbox, one)}
                </For>
            </ol>
        </div>
        <p class="facts types" role="status">
            {move || inbox.conversation.typing()}
        </p>
    }
}
