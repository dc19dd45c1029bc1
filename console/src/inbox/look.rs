//! How the list is kept: what changed is asked for, page by page.

use leptos::prelude::*;
use leptos::task::spawn_local;
use protocol::{Conversation, ConversationId};

use super::desk::Desk;
use super::shelf::Shelf;
use crate::api;

/// Conversations in one answer of the collector.
const PAGE: usize = 500;

impl Desk {
    /// Fetches what changed in the list, page by page.
    pub fn look(self) {
        spawn_local(async move {
            loop {
                let newest = |all: &Option<Vec<Conversation>>| {
                    all.iter().flatten().map(|one| one.rev).max().unwrap_or_default()
                };
                let Some(after) = self.all.try_with_untracked(newest) else { return };
                match api::conversations(&self.site(), &self.locale(), after).await {
                    Ok(changed) => {
                        let more = changed.len() >= PAGE;
                        let waited = self.waiting();
                        // What did not change is not drawn again under somebody's hand.
                        let is_news =
                            !changed.is_empty() || self.all.try_with_untracked(Option::is_none) == Some(true);
                        if is_news && self.all.try_update(|all| merge(all, changed)).is_none() {
                            return;
                        }
                        self.title();
                        if self.waiting() > waited {
                            self.ring();
                        }
                        if !more {
                            return;
                        }
                    }
                    Err(tag) if tag == "signed_out" => return self.go(),
                    Err(_) => {
                        let _ = self.live.try_set(false);
                        return;
                    }
                }
            }
        });
    }

    /// Fetches the whole list, in the place of the one that is known.
    pub(super) fn look_anew(self) {
        spawn_local(async move {
            let mut all = Some(Vec::new());
            loop {
                let after = all.iter().flatten().map(|one: &Conversation| one.rev).max().unwrap_or_default();
                let Ok(changed) = api::conversations(&self.site(), &self.locale(), after).await else {
                    return;
                };
                let more = changed.len() >= PAGE;
                merge(&mut all, changed);
                if !more {
                    break;
                }
            }
            let is_there = |c: &ConversationId| all.iter().flatten().any(|one| one.c == *c);
            if self.chosen.try_get_untracked().flatten().is_some_and(|c| !is_there(&c)) {
                self.chosen.set(None);
            }
            // The page may be gone by now.
            let _ = self.all.try_set(all);
        });
    }

    /// How many wait, where it is seen from another tab.
    fn title(self) {
        let me = self.me();
        let waits = |one: &&Conversation| Shelf::Open.has(one, &me) && one.thread.waiting.is_some();
        let n = self.all.try_with_untracked(|all| all.iter().flatten().filter(waits).count());
        let n = n.unwrap_or_default();
        let count = if n > 0 { format!("({n}) ") } else { String::new() };
        document().set_title(&[&count, self.texts.inbox, " · Tabiji"].concat());
    }
}

/// Puts what changed in the place of what was known, never something older.
fn merge(all: &mut Option<Vec<Conversation>>, changed: Vec<Conversation>) {
    let all = all.get_or_insert_default();
    for new in changed {
        match all.iter_mut().find(|one| one.c == new.c) {
            Some(old) if old.rev <= new.rev => *old = new,
            Some(_) => {}
            None => all.push(new),
        }
    }
}
