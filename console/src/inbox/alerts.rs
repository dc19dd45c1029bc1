//! How an agent hears that somebody waits, and finds what was said.

use leptos::prelude::*;
use leptos::task::spawn_local;
use protocol::Conversation;
use wasm_bindgen::prelude::wasm_bindgen;

use super::filter::Shelf;
use super::state::Desk;
use crate::api;
use crate::i18n::fill;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = bell)]
    fn arm();
    #[wasm_bindgen(js_namespace = bell)]
    fn ring(text: &str);
}

impl Desk {
    /// Turns the bell on or off.
    pub fn toggle_bell(self) {
        self.bell.update(|on| *on = !*on);
        if self.bell.get_untracked() {
            arm();
            self.ring();
        }
    }

    /// How many wait whom nobody has taken.
    pub(super) fn waiting(self) -> usize {
        let waits = |one: &&Conversation| Shelf::Queue.has(one, "") && one.thread.waiting.is_some();
        let n = self.all.try_with_untracked(|all| all.iter().flatten().filter(waits).count());
        n.unwrap_or_default()
    }

    /// Rings, as long as somebody waits.
    pub(super) fn ring(self) {
        let n = self.waiting();
        if n > 0 && self.bell.try_get_untracked() == Some(true) {
            ring(&fill(self.texts.bell_text, &[("n", &n.to_string())]));
        }
    }

    /// Looks for words: in names at once, in what was written when the collector answers.
    pub fn look_for(self, words: String) {
        self.search.set(words.clone());
        self.found.set(None);
        if words.trim().is_empty() {
            return;
        }
        spawn_local(async move {
            let found = api::search(&self.site(), &words).await;
            // Who writes on looks for something else.
            if self.search.try_with_untracked(|now| *now == words) != Some(true) {
                return;
            }
            match found {
                Ok(found) => self.found.set(Some(found)),
                Err(tag) if tag == "signed_out" => self.go(),
                Err(_) => {
                    self.found.set(Some(Vec::new()));
                    self.live.set(false);
                }
            }
        });
    }

    pub(super) fn is_looked_for(self, one: &Conversation) -> bool {
        let words = self.search.get().trim().to_lowercase();
        let labels = one.thread.labels.join(" ");
        [&one.account, &one.user, &one.thread.excerpt, &labels]
            .iter()
            .any(|text| text.to_lowercase().contains(&words))
            || self.found.with(|found| found.iter().flatten().any(|c| *c == one.c))
    }
}
