//! The inbox: who asks what, who is assigned, and what is written.
//!
//! The list and the open conversation are asked for; what happens after that arrives over one feed, entry by
//! entry, on whatever page the agent is. What an agent writes is shown when the collector has it on disk. Reasons:
//! `docs/decisions/0009-chat.md` and `docs/decisions/0014-console.md`.
//!
//! - [`state`] has the parts, one file for each concern: [`list`] with [`filter`] and [`search`], [`conversation`]
//!   with its [`address`], [`composer`] with [`drafts`] and [`attachment`], [`actions`] with [`assignment`] and
//!   [`snooze`], [`alerts`], [`topic`], [`toast`], [`sync`], [`readiness`] and [`options`]. No part knows the state as a whole.
//! - What is on screen reads the state from the context: [`list_pane`], [`thread`], [`action_bar`], [`composer_form`],
//!   [`finder`], [`toast_bar`] and [`shortcuts`].

mod action_bar;
mod actions;
mod address;
mod agent;
mod alerts;
mod append;
mod assignment;
mod attachment;
mod composer;
mod composer_form;
mod conversation;
mod drafts;
mod filter;
mod finder;
mod held_note;
mod list;
mod list_pane;
mod options;
mod readiness;
mod reading;
#[cfg(test)]
mod sample;
mod search;
mod shortcuts;
mod snooze;
mod state;
mod sync;
mod thread;
mod toast;
mod toast_bar;
mod topic;

use leptos::prelude::*;

use crate::api;
use crate::context::site;
use crate::live::{FeedHandler, follow};
use agent::Agent;
use list_pane::ListPane;
use state::InboxState;
use thread::Thread;

pub use drafts::forget_drafts;
pub use finder::Finder as CommandPalette;
pub use toast_bar::ToastBar;

/// Follows the conversations of the site, on every page.
pub fn follow_site() {
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
}

/// The page of the conversations.
#[component]
pub fn Inbox() -> impl IntoView {
    let inbox = state::inbox();
    inbox.follow_address();
    view! {
        <div
            class="inbox"
            class:reading=move || inbox.conversation.is_some()
            class:informed=move || inbox.shows_details.get()
        >
            <ListPane />
            <Thread />
        </div>
    }
}
