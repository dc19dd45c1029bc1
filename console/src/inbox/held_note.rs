//! A note that can be taken back: it goes to the collector some seconds later, or before the next one. Until
//! then it is kept on the device, so a closed window loses nothing.

use leptos::prelude::*;
use leptos::task::spawn_local;
use protocol::chat::{LogEntry, LogEntryBody, Message};
use protocol::console::AgentAction;
use protocol::ids::ConversationId;
use serde::{Deserialize, Serialize};

use super::agent::Agent;
use super::append::append;
use super::drafts::storage;
use super::toast::SHOWN;
use crate::ids::fresh_id;

/// The note, with the id by which it is appended once.
#[derive(Clone, Serialize, Deserialize)]
struct Held {
    conversation: ConversationId,
    action: AgentAction,
    /// Whether the collector has it.
    #[serde(skip)]
    is_sent: bool,
}

/// The last note of this agent; a handle.
#[derive(Clone, Copy)]
pub struct HeldNote {
    agent: Agent,
    held: RwSignal<Option<Held>>,
    error: RwSignal<&'static str>,
}

impl HeldNote {
    /// Sends what a closed window left behind.
    pub fn new(agent: Agent, error: RwSignal<&'static str>) -> Self {
        let kept = storage().and_then(|storage| storage.get_item(&name(agent)).ok().flatten());
        let held = RwSignal::new(kept.and_then(|kept| serde_json::from_str(&kept).ok()));
        let this = Self { agent, held, error };
        this.send();
        this
    }

    /// Holds a note; the one before is sent now.
    pub fn hold(self, conversation: ConversationId, message: Message) {
        self.send();
        let id = fresh_id();
        let action = AgentAction { id, body: LogEntryBody::Note(message) };
        let held = Held { conversation, action, is_sent: false };
        if let (Some(storage), Ok(text)) = (storage(), serde_json::to_string(&held)) {
            // On a device without room it lives as long as the page.
            let _ = storage.set_item(&name(self.agent), &text);
        }
        self.held.set(Some(held));
        let send = move || {
            let held = self.held.try_get_untracked().flatten();
            if held.is_some_and(|held| held.action.id == id) {
                self.send();
            }
        };
        set_timeout(send, SHOWN);
    }

    /// Returns the note that is not sent yet, and forgets it.
    pub fn take_back(self) -> Option<(ConversationId, Message)> {
        let held = self.held.get_untracked().filter(|held| !held.is_sent)?;
        self.held.set(None);
        self.forget();
        match held.action.body {
            LogEntryBody::Note(message) => Some((held.conversation, message)),
            _ => None,
        }
    }

    /// Returns the text of the note in a conversation, until it is among the entries.
    pub fn shown(self, conversation: Option<ConversationId>, entries: &[LogEntry]) -> Option<String> {
        let held = self.held.get().filter(|held| Some(held.conversation) == conversation)?;
        match held.action.body {
            LogEntryBody::Note(message) if entries.iter().all(|entry| entry.id != held.action.id) => {
                Some(message.text)
            }
            _ => None,
        }
    }

    /// Sends the note that is held.
    fn send(self) {
        let Some(held) = self.held.get_untracked().filter(|held| !held.is_sent) else { return };
        self.held.update(|held| held.iter_mut().for_each(|held| held.is_sent = true));
        spawn_local(async move {
            let id = held.action.id;
            match append(self.agent, held.conversation, id, held.action.body).await {
                Ok(()) => self.forget_if(id),
                // It stays on the device and goes with the next one.
                Err(error) => {
                    let _ = self.error.try_set(error);
                    let _ = self.held.try_update(|held| {
                        let held = held.iter_mut().filter(|held| held.action.id == id);
                        held.for_each(|held| held.is_sent = false);
                    });
                }
            }
        });
    }

    /// Deletes the note on the device, unless another one has taken its place.
    fn forget_if(self, id: protocol::ids::EventId) {
        let is_newest =
            self.held.try_with_untracked(|held| held.as_ref().is_none_or(|held| held.action.id == id));
        if is_newest != Some(false) {
            self.forget();
        }
    }

    fn forget(self) {
        if let Some(storage) = storage() {
            // What is not there needs no deleting.
            let _ = storage.remove_item(&name(self.agent));
        }
    }
}

fn name(agent: Agent) -> String {
    ["tabiji.note.", &*agent.id()].concat()
}
