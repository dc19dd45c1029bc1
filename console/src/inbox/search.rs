//! The search over the list: names and labels are matched at once, messages when the collector answers.

use leptos::prelude::*;
use leptos::task::spawn_local;
use protocol::console::{Conversation, SearchHit};
use protocol::ids::ConversationId;

use super::agent::Agent;
use super::reading::has_words;
use crate::api::{self, ApiError};

/// What the agent looks for; a handle.
#[derive(Clone, Copy)]
pub struct Search {
    agent: Agent,
    words: RwSignal<String>,
    /// Passages in which the words were written; none before the collector has answered.
    found: RwSignal<Option<Vec<SearchHit>>>,
    is_online: RwSignal<bool>,
}

impl Search {
    /// Looks for nothing; `is_online` becomes false when a request fails.
    pub fn new(agent: Agent, is_online: RwSignal<bool>) -> Self {
        Self { agent, words: RwSignal::new(String::new()), found: RwSignal::new(None), is_online }
    }

    /// Returns the words as they are written.
    pub fn words(self) -> String {
        self.words.get()
    }

    /// Tells whether the agent looks for something.
    pub fn is_active(self) -> bool {
        self.words.with(|words| !words.trim().is_empty())
    }

    /// Tells whether the collector has answered.
    pub fn is_answered(self) -> bool {
        self.found.with(Option::is_some)
    }

    /// Looks for words; empty ones end the search.
    pub fn look_for(self, words: String) {
        self.words.set(words.clone());
        self.found.set(None);
        let Some(site) = self.agent.site().filter(|_| !words.trim().is_empty()) else { return };
        spawn_local(async move {
            let found = api::inbox::search(&site, &words).await;
            // An agent who has gone on writing looks for something else.
            if self.words.try_with_untracked(|now| *now == words) != Some(true) {
                return;
            }
            match found {
                Ok(found) => self.found.set(Some(found)),
                Err(ApiError::SignedOut) => self.agent.leave(),
                Err(_) => {
                    self.found.set(Some(Vec::new()));
                    self.is_online.set(false);
                }
            }
        });
    }

    /// Returns the passage in which the words were written.
    pub fn passage(self, conversation: ConversationId) -> Option<String> {
        self.found.with(|found| {
            found.iter().flatten().find(|hit| hit.conversation == conversation).map(|hit| hit.text.clone())
        })
    }

    /// Tells whether the list itself shows the words.
    fn knows(self, one: &Conversation) -> bool {
        let labels = one.state.labels.join(" ");
        let known = [&one.account, &one.user, &one.state.excerpt, &labels, &one.account_id.0, &one.user_id.0];
        self.words.with(|words| known.iter().any(|text| has_words(text, words)))
    }

    /// Tells whether a conversation has the words in its names or ids, its labels, its newest message, or in what
    /// the collector found.
    pub fn accepts(self, one: &Conversation) -> bool {
        self.knows(one)
            || self.found.with(|found| found.iter().flatten().any(|hit| hit.conversation == one.id))
    }
}
