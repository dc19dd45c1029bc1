//! The inbox: who asks what, who is assigned, and what is written.
//!
//! The list and the open conversation are asked for; what happens after that arrives over one feed, entry by
//! entry. What an agent writes is shown when the collector has it on disk. Reasons:
//! `docs/decisions/0009-chat.md` and `docs/decisions/0014-console.md`.
//!
//! - [`state`] has the parts, one file for each concern: [`list`] with [`filter`] and [`search`], [`conversation`],
//!   [`composer`] with [`attachment`], [`actions`] with [`assignment`], [`alerts`], [`sync`] and [`options`]. No part
//!   knows the state as a whole.
//! - What is on screen reads the state from the context: [`list_pane`], [`thread`], [`action_bar`], [`composer_form`],
//!   [`command_palette`] and [`shortcuts`].

mod action_bar;
mod actions;
mod agent;
mod alerts;
mod append;
mod assignment;
mod attachment;
mod command_palette;
mod composer;
mod composer_form;
mod conversation;
mod filter;
mod list;
mod list_pane;
mod options;
#[cfg(test)]
mod sample;
mod search;
mod shortcuts;
mod state;
mod sync;
mod thread;

use leptos::prelude::*;

use crate::api;
use crate::context::site;
use crate::live::{FeedHandler, follow};
use agent::Agent;
use command_palette::CommandPalette;
use list_pane::ListPane;
use state::InboxState;
use thread::Thread;

/// The conversations of one site.
#[component]
pub fn Inbox() -> impl IntoView {
    let inbox = InboxState::new(Agent::of_context());
    provide_context(inbox);
    shortcuts::listen(inbox);
    let receive = move |message: String| {
        if let Ok(frame) = serde_json::from_str(&message) {
            inbox.receive(frame);
        }
    };
    follow(
        api::inbox::live(&site()),
        FeedHandler {
            is_online: inbox.is_online,
            on_message: receive,
            on_refused: move || inbox.sync.fetch_changes(),
        },
    );
    view! {
        <Head />
        <div class="inbox" class:reading=move || inbox.conversation.is_some()>
            <ListPane />
            <Thread />
        </div>
        <CommandPalette />
    }
}

/// The page's title, its keys, and whether it is live.
#[component]
fn Head() -> impl IntoView {
    let inbox = state::inbox();
    let (texts, alerts, is_online) = (inbox.agent.texts, inbox.alerts, inbox.is_online);
    view! {
        <header class="head">
            <h1>{texts.inbox}</h1>
            <p class="facts">{texts.inbox_keys}</p>
            <button type="button" class="plain bell" on:click=move |_| alerts.toggle()>
                {move || if alerts.is_on() { texts.bell_off } else { texts.bell_on }}
            </button>
            <p class="live" role="status" class:broken=move || !is_online.get()>
                {move || if is_online.get() { texts.live } else { texts.not_live }}
            </p>
        </header>
    }
}
