//! The list of conversations: what the collector sent, in which order it is shown, and how changes are merged.

use std::cmp::Reverse;

use journey::support::conversation::apply;
use leptos::prelude::*;
use protocol::chat::{Log, LogEntry};
use protocol::console::Conversation;
use protocol::ids::ConversationId;

use super::filter::Filter;
use crate::clock::now;

/// Every conversation of the site; a handle.
#[derive(Clone, Copy)]
pub struct ConversationList {
    /// None before the first answer.
    all: RwSignal<Option<Vec<Conversation>>>,
    /// Notified now and then: who waits and what is snoozed depends on the time.
    ticks: RwSignal<()>,
}

impl ConversationList {
    /// Makes a list that is not loaded yet.
    pub fn new() -> Self {
        Self { all: RwSignal::new(None), ticks: RwSignal::new(()) }
    }

    /// Draws again what depends on the time.
    pub fn tick(self) {
        self.ticks.set(());
    }

    /// Subscribes to the time.
    pub fn track_time(self) {
        self.ticks.track();
    }

    /// Subscribes to every change.
    pub fn track(self) {
        self.all.track();
    }

    /// Tells whether the collector has answered once.
    pub fn is_loaded(self) -> bool {
        self.all.with(Option::is_some)
    }

    /// Returns a conversation.
    pub fn find(self, conversation: ConversationId) -> Option<Conversation> {
        self.all.with(|all| all.iter().flatten().find(|one| one.id == conversation).cloned())
    }

    /// Returns the conversations that pass `accepts`. Those over the site's goal come first, then who waits
    /// longest, then the newest message.
    /// One that is `held` keeps the place that it had then.
    pub fn sorted(
        self,
        accepts: impl Fn(&Conversation) -> bool,
        held: Option<&Conversation>,
    ) -> Vec<Conversation> {
        self.track_time();
        let mut listed: Vec<Conversation> =
            self.all.with(|all| all.iter().flatten().filter(|one| accepts(one)).cloned().collect());
        sort(&mut listed, held);
        listed
    }

    /// Counts the conversations that pass a filter.
    pub fn count(self, filter: Filter, agent: &str) -> usize {
        self.track_time();
        let now = now();
        self.all.with(|all| all.iter().flatten().filter(|one| filter.accepts(one, agent, now)).count())
    }

    /// Counts, without subscribing, the conversations that pass a filter and wait for an answer; none once
    /// the page is gone.
    pub fn waiting(self, filter: Filter, agent: &str) -> Option<usize> {
        let now = now();
        let waits =
            |one: &&Conversation| filter.accepts(one, agent, now) && one.state.waiting_since.is_some();
        self.all.try_with_untracked(|all| all.iter().flatten().filter(waits).count())
    }

    /// Returns the other conversations of the same account.
    pub fn others_of_account(self, of: &Conversation) -> Vec<Conversation> {
        let is_other = |one: &&Conversation| one.account_id == of.account_id && one.id != of.id;
        self.all.with(|all| all.iter().flatten().filter(is_other).cloned().collect())
    }

    /// Returns the newest revision that is known, 0 before the first answer; none once the page is gone.
    pub fn newest_revision(self) -> Option<u64> {
        self.all.try_with_untracked(|all| newest_revision(all.iter().flatten()))
    }

    /// Takes conversations that changed. Without a change nothing is drawn again under the agent's hand.
    pub fn merge(self, changed: Vec<Conversation>) {
        let is_first = self.all.try_with_untracked(Option::is_none) == Some(true);
        if is_first || !changed.is_empty() {
            self.all.update(|all| merge(all.get_or_insert_default(), changed));
        }
    }

    /// Takes the whole list: what is not in it is gone, unless it is newer than the list. Returns the ids
    /// that are left.
    pub fn replace(self, mut all: Vec<Conversation>) -> Option<Vec<ConversationId>> {
        let newest = newest_revision(all.iter());
        self.all.try_update(|known| {
            let newer = known.take().unwrap_or_default().into_iter().filter(|one| one.revision > newest);
            merge(&mut all, newer.collect());
            let ids = all.iter().map(|one| one.id).collect();
            *known = Some(all);
            ids
        })
    }

    /// Applies an entry at once, when it is the next one; what the list cannot know is asked for.
    pub fn apply(self, entry: &LogEntry) {
        let log = if entry.log == Log::Public { 0 } else { 1 };
        self.all.update(|all| {
            let mut all = all.iter_mut().flatten();
            if let Some(one) =
                all.find(|one| one.id == entry.conversation && one.last_entries[log] + 1 == entry.seq)
            {
                one.last_entries[log] = entry.seq;
                apply(&mut one.state, entry);
            }
        });
    }
}

/// Returns the newest revision of these conversations, 0 of none.
pub fn newest_revision<'a>(all: impl Iterator<Item = &'a Conversation>) -> u64 {
    all.map(|one| one.revision).max().unwrap_or_default()
}

/// Puts what changed in the place of what was known, never something older.
pub fn merge(all: &mut Vec<Conversation>, changed: Vec<Conversation>) {
    for new in changed {
        match all.iter_mut().find(|one| one.id == new.id) {
            Some(old) if old.revision <= new.revision => *old = new,
            Some(_) => {}
            None => all.push(new),
        }
    }
}

fn sort(all: &mut [Conversation], held: Option<&Conversation>) {
    all.sort_by_key(|one| {
        let state = &held.filter(|held| held.id == one.id).unwrap_or(one).state;
        (!state.escalated, state.waiting_since.is_none(), state.waiting_since, Reverse(state.last_message_at))
    });
}

#[cfg(test)]
mod tests {
    use super::super::sample::conversation;
    use super::*;

    #[test]
    fn a_change_never_replaces_something_newer() {
        let mut all = vec![conversation(5)];
        let older = Conversation { revision: 4, user: "older".into(), ..conversation(5) };
        let newer = Conversation { revision: 6, user: "newer".into(), ..conversation(5) };
        merge(&mut all, vec![older]);
        assert_eq!(all[0].user, "User");
        merge(&mut all, vec![newer, conversation(7)]);
        assert_eq!((all[0].user.as_str(), all.len()), ("newer", 2));
        assert_eq!(newest_revision(all.iter()), 7);
    }

    #[test]
    fn who_waits_longest_comes_first_after_those_over_the_goal() {
        let mut all: Vec<Conversation> = (1..=5).map(conversation).collect();
        all[1].state.waiting_since = Some(20);
        all[2].state.waiting_since = Some(10);
        all[3].state.escalated = true;
        sort(&mut all, None);
        assert_eq!(all.iter().map(|one| one.revision).collect::<Vec<_>>(), [4, 3, 2, 5, 1]);
        // The open one is answered, and stays where it was.
        let held = all[1].clone();
        all[1].state.waiting_since = None;
        sort(&mut all, Some(&held));
        assert_eq!(all[1].id, held.id);
    }
}
