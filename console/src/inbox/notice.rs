//! How an agent hears that somebody waits, and finds what was said.

use leptos::prelude::*;
use leptos::task::spawn_local;
use protocol::Conversation;
use wasm_bindgen::prelude::wasm_bindgen;

use super::desk::Desk;
use super::shelf::Shelf;
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
    /// Turns the bell on or off. It is rung at once, so that one knows what to listen for.
    pub fn toggle_bell(self) {
        self.bell.update(|on| *on = !*on);
        if self.bell.get_untracked() {
            arm();
            self.ring();
        }
    }

    /// Rings, as long as somebody waits whom nobody has taken.
    pub(super) fn ring(self) {
        let waits = |one: &&Conversation| Shelf::Queue.has(one, "") && one.thread.waiting.is_some();
        let n = self.all.with_untracked(|all| all.iter().flatten().filter(waits).count());
        if n > 0 && self.bell.get_untracked() {
            ring(&fill(self.texts.bell_text, &[("n", &n.to_string())]));
        }
    }

    /// Looks for words: in names at once, in what was written when the collector answers.
    pub fn look_for(self, words: String) {
        self.search.set(words.clone());
        if words.trim().is_empty() {
            return self.found.set(Vec::new());
        }
        spawn_local(async move {
            if let Ok(found) = api::search(&self.site(), &words).await
                && self.search.try_with_untracked(|now| *now == words) == Some(true)
            {
                self.found.set(found);
            }
        });
    }

    pub(super) fn is_looked_for(self, one: &Conversation) -> bool {
        let words = self.search.get().trim().to_lowercase();
        let labels = one.thread.labels.join(" ");
        [&one.account, &one.user, &one.thread.excerpt, &labels]
            .iter()
            .any(|text| text.to_lowercase().contains(&words))
            || self.found.with(|found| found.contains(&one.c))
    }
}
