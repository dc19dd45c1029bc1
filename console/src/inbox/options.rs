//! What the composer and the actions offer: steps and clips to attach, canned replies, labels in use, and the
//! agents who are present.

use leptos::prelude::*;
use leptos::task::spawn_local;
use protocol::console::ComposerOptions;

use super::agent::Agent;
use crate::api::inbox;

/// The newest answer of the collector; a handle.
#[derive(Clone, Copy)]
pub struct Options {
    agent: Agent,
    known: RwSignal<ComposerOptions>,
}

impl Options {
    /// Begins with nothing to offer.
    pub fn new(agent: Agent) -> Self {
        Self { agent, known: RwSignal::new(ComposerOptions::default()) }
    }

    /// Asks again: agents come and go. Without an answer messages are words alone.
    pub fn refetch(self) {
        let Some(site) = self.agent.site() else { return };
        spawn_local(async move {
            let Ok(found) = inbox::composer_options(&site).await else { return };
            // What did not change is not drawn again under the agent's hand. The page may be gone by now.
            if self.known.try_with_untracked(|known| *known == found) == Some(false) {
                self.known.set(found);
            }
        });
    }

    /// Reads what is offered.
    pub fn with<R>(self, read: impl FnOnce(&ComposerOptions) -> R) -> R {
        self.known.with(read)
    }

    /// Reads what is offered, without subscribing.
    pub fn with_untracked<R>(self, read: impl FnOnce(&ComposerOptions) -> R) -> R {
        self.known.with_untracked(read)
    }
}
