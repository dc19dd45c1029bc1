//! How the list is kept: what changed is asked for, page by page.

use leptos::prelude::*;
use leptos::task::spawn_local;
use protocol::Conversation;

use super::filter::Shelf;
use super::state::Desk;
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

    /// Fetches the whole list: what is not in it any more is gone.
    pub(super) fn look_anew(self) {
        spawn_local(async move {
            let mut all = Some(Vec::new());
            let newest = loop {
                let after = all.iter().flatten().map(|one: &Conversation| one.rev).max().unwrap_or_default();
                match api::conversations(&self.site(), &self.locale(), after).await {
                    Ok(changed) => {
                        let more = changed.len() >= PAGE;
                        merge(&mut all, changed);
                        if !more {
                            break all.iter().flatten().map(|one| one.rev).max().unwrap_or_default();
                        }
                    }
                    Err(tag) if tag == "signed_out" => return self.go(),
                    // What comes next tells of a line that is cut.
                    Err(_) => return,
                }
            };
            // Something newer may be known by now, and the page may be gone.
            let waited = self.waiting();
            let known = self.all.try_update(|known| {
                let newer = known.take().unwrap_or_default().into_iter().filter(|one| one.rev > newest);
                merge(&mut all, newer.collect());
                *known = all;
                known.iter().flatten().map(|one| one.c).collect::<Vec<_>>()
            });
            let Some(known) = known else { return };
            if self.chosen.get_untracked().is_some_and(|c| !known.contains(&c)) {
                self.chosen.set(None);
            }
            self.title();
            if self.waiting() > waited {
                self.ring();
            }
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
