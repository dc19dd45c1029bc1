//! What an agent can do with the open conversation beside writing: assign, transfer, snooze, resolve, label,
//! block.

mod offers;

use leptos::prelude::*;
use leptos::task::spawn_local;
use protocol::chat::LogEntryBody;
use protocol::ids::ConversationId;

use super::agent::Agent;
use super::append::append;
use super::conversation::OpenConversation;
use super::sync::ListSync;
use crate::api::{ApiError, inbox};
use crate::ids::fresh_id;

pub use offers::{buttons, more};

/// What a press or a choice does.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Appends an entry to the log.
    Append(LogEntryBody),
    /// Asks until when to snooze.
    Snooze,
    /// Asks whether to block the person.
    AskToBlock,
    /// Blocks or unblocks the person.
    SetBlocked(bool),
}

/// The actions on the open conversation; a handle.
#[derive(Clone, Copy)]
pub struct Actions {
    agent: Agent,
    conversation: OpenConversation,
    sync: ListSync,
    /// Whether an entry is on its way.
    is_busy: RwSignal<bool>,
    /// Why the last action was not done; empty when it was.
    error: RwSignal<&'static str>,
}

impl Actions {
    /// Begins with none under way.
    pub fn new(agent: Agent, conversation: OpenConversation, sync: ListSync) -> Self {
        Self { agent, conversation, sync, is_busy: RwSignal::new(false), error: RwSignal::new("") }
    }

    /// Returns why the last action was not done; empty when it was.
    pub fn error(self) -> &'static str {
        self.error.get()
    }

    /// Forgets why the last action was not done.
    pub fn clear_error(self) {
        self.error.set("");
    }

    /// Does an action.
    pub fn perform(self, action: Action) {
        match action {
            Action::Append(said) => self.append(said, || {}),
            Action::SetBlocked(is_blocked) => self.set_blocked(is_blocked),
            // A question leads to another action.
            Action::Snooze | Action::AskToBlock => {}
        }
    }

    /// Appends an entry to the open conversation; `done` runs when it is on disk and the conversation is
    /// still open.
    pub fn append(self, body: LogEntryBody, done: impl FnOnce() + 'static) {
        let Some(conversation) = self.conversation.id() else { return };
        // The second press of a double click meant the first.
        if self.is_busy.get_untracked() {
            return;
        }
        self.is_busy.set(true);
        spawn_local(async move {
            let taken = append(self.agent, conversation, fresh_id(), body).await;
            self.is_busy.set(false);
            if self.conversation.id() != Some(conversation) {
                return;
            }
            self.error.set(taken.err().unwrap_or_default());
            if taken.is_ok() {
                done();
            }
        });
    }

    /// Appends an entry to a conversation that may not be open.
    pub fn append_to(self, conversation: ConversationId, body: LogEntryBody) {
        spawn_local(async move {
            let taken = append(self.agent, conversation, fresh_id(), body).await;
            let _ = self.error.try_set(taken.err().unwrap_or_default());
        });
    }

    fn set_blocked(self, is_blocked: bool) {
        let (Some(conversation), Some(site)) = (self.conversation.id(), self.agent.site()) else { return };
        spawn_local(async move {
            match inbox::set_blocked(&site, conversation, is_blocked).await {
                Ok(()) => self.sync.fetch_changes(),
                Err(ApiError::SignedOut) => self.agent.leave(),
                Err(_) => self.error.set(self.agent.texts.not_sent),
            }
        });
    }
}
