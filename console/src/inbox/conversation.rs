//! The conversation that is open: its entries in order, its details, and who is typing in it.

use std::time::Duration;

use journey::support::conversation::Incoming;
use leptos::prelude::*;
use leptos::task::spawn_local;
use protocol::Millis;
use protocol::backend::HandoffSheet;
use protocol::chat::{Author, Log, LogEntry, Side};
use protocol::console::{Conversation, ConversationDetail, DoneStep};
use protocol::ids::ConversationId;

use super::agent::Agent;
use super::assignment::name_of;
use super::list::ConversationList;
use crate::api::{self, ApiError};
use crate::i18n::fill;

/// How long "is typing" is shown after the last signal: a closed tab sends none that it stopped.
const TYPING_SHOWN: Duration = Duration::from_secs(6);

/// What the collector knows of the open conversation beside its entries.
#[derive(Clone, Default, PartialEq)]
pub struct Details {
    /// How long the first answer took, in milliseconds within support hours.
    pub first_response: Option<Millis>,
    /// What sales learned from the customer.
    pub handoff: Option<HandoffSheet>,
    /// When the customer's step was done.
    pub step_done: Option<Millis>,
    /// How many of the must-have steps are done, and how many there are.
    pub progress: Option<[u32; 2]>,
    /// The steps that were done since the question was asked.
    pub done_since: Vec<DoneStep>,
}

impl Details {
    fn of(answer: &ConversationDetail) -> Self {
        Self {
            first_response: answer.first_response,
            handoff: answer.handoff.clone(),
            step_done: answer.step_done,
            progress: answer.progress,
            done_since: answer.done_since.clone(),
        }
    }
}

/// Why a conversation is not shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The collector did not answer; it can be asked again.
    NoAnswer,
    /// There is no such conversation, or it was deleted.
    Gone,
}

/// The open conversation, or none; a handle.
#[derive(Clone, Copy)]
pub struct OpenConversation {
    agent: Agent,
    id: RwSignal<Option<ConversationId>>,
    /// What the list knows of it; notified only when that changes.
    current: Memo<Option<Conversation>>,
    entries: RwSignal<Vec<LogEntry>>,
    details: RwSignal<Details>,
    typing: RwSignal<Option<String>>,
    /// How far both logs are known; none while they are fetched.
    order: StoredValue<Option<[Incoming; 2]>>,
    /// Entries that arrived meanwhile.
    early: StoredValue<Vec<LogEntry>>,
    /// Numbers the requests: only the newest answer is used.
    requests: StoredValue<u64>,
    /// Why there are no entries; none while they are there or on their way.
    failure: RwSignal<Option<Failure>>,
    is_online: RwSignal<bool>,
}

impl OpenConversation {
    /// Begins with none; `is_online` becomes false when a request fails.
    pub fn new(agent: Agent, list: ConversationList, is_online: RwSignal<bool>) -> Self {
        let id = RwSignal::new(None);
        Self {
            agent,
            id,
            current: Memo::new(move |_| list.find(id.get()?)),
            entries: RwSignal::new(Vec::new()),
            details: RwSignal::new(Details::default()),
            typing: RwSignal::new(None),
            order: StoredValue::new(None),
            early: StoredValue::new(Vec::new()),
            requests: StoredValue::new(0),
            failure: RwSignal::new(None),
            is_online,
        }
    }

    /// Opens a conversation. Nothing of one customer stays under the name of another.
    pub fn open(self, conversation: ConversationId) {
        self.id.set(Some(conversation));
        self.entries.set(Vec::new());
        self.details.set(Details::default());
        self.early.set_value(Vec::new());
        self.typing.set(None);
        self.failure.set(None);
        self.fetch(conversation);
    }

    /// Goes back to none.
    pub fn close(self) {
        // The page may be gone by now.
        let _ = self.id.try_set(None);
    }

    /// Returns the id without subscribing; none also once the page is gone.
    pub fn id(self) -> Option<ConversationId> {
        self.id.try_get_untracked().flatten()
    }

    /// Subscribes to which conversation is open.
    pub fn track(self) {
        self.id.track();
    }

    /// Tells whether any conversation is open.
    pub fn is_some(self) -> bool {
        self.id.with(Option::is_some)
    }

    /// Tells whether this one is open.
    pub fn is_open(self, conversation: ConversationId) -> bool {
        self.id.get() == Some(conversation)
    }

    /// Returns what the list knows of it.
    pub fn current(self) -> Option<Conversation> {
        self.current.get()
    }

    /// Returns the entries of both logs, by time.
    pub fn entries(self) -> Vec<LogEntry> {
        self.entries.get()
    }

    /// Subscribes to the entries.
    pub fn track_entries(self) {
        self.entries.track();
    }

    /// Returns its details.
    pub fn details(self) -> Details {
        self.details.get()
    }

    /// Returns who is typing, in words.
    pub fn typing(self) -> Option<String> {
        self.typing.get()
    }

    /// Says that there is no such conversation any more.
    pub fn show_gone(self) {
        let _ = self.failure.try_set(Some(Failure::Gone));
    }

    /// Returns why there are no entries.
    pub fn failure(self) -> Option<Failure> {
        self.failure.get()
    }

    /// Fetches the open conversation again.
    pub fn refetch(self) {
        if let Some(conversation) = self.id() {
            self.fetch(conversation);
        }
    }

    /// Fetches what the customer has done meanwhile; the entries come by the feed.
    pub fn refetch_details(self) {
        let (Some(id), Some(site)) = (self.id(), self.agent.site()) else { return };
        spawn_local(async move {
            // The next tick asks again.
            let Ok(answer) = api::inbox::conversation(&site, id).await else { return };
            let details = Details::of(&answer);
            // What did not change is not drawn again under the agent's hand.
            if self.id() == Some(id)
                && self.details.try_with_untracked(|known| *known != details) == Some(true)
            {
                self.details.set(details);
            }
        });
    }

    fn fetch(self, id: ConversationId) {
        // Without a site nothing is asked, and the answer to what was asked before still counts.
        let Some(site) = self.agent.site() else { return };
        self.order.set_value(None);
        let number = self.requests.try_update_value(|requests| {
            *requests += 1;
            *requests
        });
        let Some(number) = number else { return };
        spawn_local(async move {
            let answer = api::inbox::conversation(&site, id).await;
            let is_newest = self.requests.try_get_value() == Some(number);
            match answer {
                Ok(answer) if is_newest => self.take(id, answer),
                Err(ApiError::SignedOut) => self.agent.leave(),
                Err(error) if is_newest => self.fail(&error),
                _ => {}
            }
        });
    }

    /// Says why nothing came. What is shown already stays.
    fn fail(self, error: &ApiError) {
        let is_gone = error.tag() == Some("not_found");
        if !is_gone {
            self.is_online.set(false);
        }
        if is_gone || self.entries.with_untracked(Vec::is_empty) {
            self.failure.set(Some(if is_gone { Failure::Gone } else { Failure::NoAnswer }));
        }
    }

    fn take(self, id: ConversationId, answer: ConversationDetail) {
        self.failure.set(None);
        self.details.set(Details::of(&answer));
        let ConversationDetail { conversation, entries, .. } = answer;
        self.order.set_value(Some(conversation.last_entries.map(Incoming::after)));
        self.entries.set(entries);
        self.mark_read(id, conversation.last_entries[0]);
        let early = self.early.try_update_value(std::mem::take).unwrap_or_default();
        early.into_iter().filter(|entry| entry.conversation == id).for_each(|entry| self.append(entry));
    }

    /// Takes an entry from the feed: entries come in order, each once, and a gap is fetched.
    pub fn append(self, entry: LogEntry) {
        if self.id() != Some(entry.conversation) {
            return;
        }
        let (id, log) = (entry.conversation, if entry.log == Log::Public { 0 } else { 1 });
        if entry.author.side == Side::Visitor {
            self.typing.set(None);
        }
        if self.order.with_value(Option::is_none) {
            return self.early.update_value(|early| early.push(entry));
        }
        let taken = self.order.try_update_value(|order| {
            let order = order.as_mut()?;
            Some((order[log].take(entry), order[log].missing().is_some()))
        });
        let Some((ready, has_gap)) = taken.flatten() else { return };
        if let Some(last) = ready.last().filter(|last| last.log == Log::Public && !document().hidden()) {
            self.mark_read(id, last.seq);
        }
        self.entries.update(|entries| entries.extend(ready));
        if has_gap {
            self.fetch(id);
        }
    }

    fn mark_read(self, conversation: ConversationId, seq: u64) {
        // What a reader has seen says nothing to the customer.
        let Some(site) = self.agent.site().filter(|_| self.agent.answers()) else { return };
        spawn_local(async move {
            // The next mark covers this one.
            let _ = api::inbox::mark_read(&site, conversation, seq).await;
        });
    }

    /// Takes a typing signal of the customer or a colleague.
    pub fn show_typing(self, conversation: ConversationId, is_typing: bool, author: &Author) {
        if self.id() != Some(conversation) || *author.id == *self.agent.id() {
            return;
        }
        let texts = self.agent.texts;
        let name = match author.side {
            Side::Agent => name_of(author),
            _ if author.name.is_empty() => texts.customer,
            _ => &author.name,
        };
        let text = if author.side == Side::Agent { texts.answers_now } else { texts.types };
        self.typing.set(is_typing.then(|| fill(text, &[("name", name)])));
        // Does nothing when the page is gone by then.
        set_timeout(move || self.typing.set(None), TYPING_SHOWN);
    }
}
