//! What the agent writes: drafts, and entries that are sent but not acknowledged, by conversation.

use std::collections::HashMap;

use leptos::prelude::*;
use leptos::task::spawn_local;
use protocol::chat::LogEntryBody;
use protocol::ids::{ConversationId, EventId};

use super::agent::Agent;
use super::append::append;
use super::conversation::OpenConversation;
use crate::api::inbox;
use crate::ids::fresh_id;

/// What the agent writes; a handle.
#[derive(Clone, Copy)]
pub struct Composer {
    agent: Agent,
    conversation: OpenConversation,
    drafts: StoredValue<HashMap<ConversationId, String>>,
    /// The newest entry of each conversation that is not acknowledged, with its id.
    unacknowledged: StoredValue<HashMap<ConversationId, (EventId, LogEntryBody)>>,
}

impl Composer {
    /// Begins without drafts.
    pub fn new(agent: Agent, conversation: OpenConversation) -> Self {
        Self {
            agent,
            conversation,
            drafts: StoredValue::new(HashMap::new()),
            unacknowledged: StoredValue::new(HashMap::new()),
        }
    }

    /// Returns the draft of the open conversation.
    pub fn draft(self) -> String {
        let c = self.conversation.id();
        c.and_then(|c| self.drafts.with_value(|drafts| drafts.get(&c).cloned())).unwrap_or_default()
    }

    /// Keeps the draft of the open conversation.
    pub fn keep_draft(self, text: String) {
        if let Some(conversation) = self.conversation.id() {
            self.drafts.update_value(|drafts| drop(drafts.insert(conversation, text)));
        }
    }

    /// Appends a message or a note to the open conversation; `done` runs unless the agent has gone on to
    /// another one, with the sentence that says why it was not taken. The same text sent again has the same
    /// id, so it is appended once.
    pub fn send(self, body: LogEntryBody, done: impl FnOnce(Result<(), &'static str>) + 'static) {
        let Some(conversation) = self.conversation.id() else { return };
        let id = self.entry_id(conversation, &body);
        spawn_local(async move {
            let taken = append(self.agent, conversation, id, body).await;
            if taken.is_ok() {
                self.unacknowledged.update_value(|sent| sent.retain(|_, (known, _)| *known != id));
            }
            if self.conversation.id() == Some(conversation) {
                done(taken);
            } else if taken.is_ok() {
                self.drafts.update_value(|drafts| drop(drafts.remove(&conversation)));
            }
        });
    }

    /// Returns the id of an entry: the one that it was sent with before, until it is acknowledged.
    fn entry_id(self, conversation: ConversationId, body: &LogEntryBody) -> EventId {
        let known = self
            .unacknowledged
            .with_value(|sent| sent.get(&conversation).filter(|(_, sent)| sent == body).map(|(id, _)| *id));
        let id = known.unwrap_or_else(fresh_id);
        self.unacknowledged.update_value(|sent| drop(sent.insert(conversation, (id, body.clone()))));
        id
    }

    /// Says that the agent is typing.
    pub fn signal_typing(self) {
        let (Some(conversation), Some(site)) = (self.conversation.id(), self.agent.site()) else { return };
        spawn_local(async move {
            // The next signal covers this one.
            let _ = inbox::signal_typing(&site, conversation).await;
        });
    }
}
