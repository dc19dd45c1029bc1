//! How an agent who looks elsewhere learns that conversations wait: a sound and a notice of the system.

use leptos::prelude::*;
use wasm_bindgen::prelude::wasm_bindgen;

use super::agent::Agent;
use super::filter::Filter;
use super::list::ConversationList;
use crate::i18n::fill;

#[wasm_bindgen]
extern "C" {
    /// Asks for permission to play a sound and to show a notice (`console/alert.js`).
    #[wasm_bindgen(js_namespace = agentAlert)]
    fn arm();
    /// Plays the sound and, when the window is hidden, shows a notice with this text (`console/alert.js`).
    #[wasm_bindgen(js_namespace = agentAlert)]
    fn ring(text: &str);
}

/// The alerts of an agent; a handle.
#[derive(Clone, Copy)]
pub struct Alerts {
    agent: Agent,
    list: ConversationList,
    is_on: RwSignal<bool>,
}

impl Alerts {
    /// Begins without sounds: browsers allow them after a press only.
    pub fn new(agent: Agent, list: ConversationList) -> Self {
        Self { agent, list, is_on: RwSignal::new(false) }
    }

    /// Tells whether sounds are on.
    pub fn is_on(self) -> bool {
        self.is_on.get()
    }

    /// Turns sounds on or off; runs in the handler of a press.
    pub fn toggle(self) {
        self.is_on.update(|on| *on = !*on);
        if self.is_on.get_untracked() {
            arm();
            self.repeat();
        }
    }

    /// Alerts again, as long as unassigned conversations wait for an answer.
    pub fn repeat(self) {
        let n = self.unassigned_waiting();
        if n > 0 && self.is_on.try_get_untracked() == Some(true) {
            ring(&fill(self.agent.texts.bell_text, &[("n", &n.to_string())]));
        }
    }

    /// Counts the unassigned conversations that wait for an answer.
    pub fn unassigned_waiting(self) -> usize {
        self.list.waiting(Filter::Unassigned, &self.agent.id()).unwrap_or_default()
    }

    /// Follows a change of the list: alerts when there are more than the `before`.
    pub fn update(self, before: usize) {
        if self.unassigned_waiting() > before {
            self.repeat();
        }
    }
}
