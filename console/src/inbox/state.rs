//! What the inbox knows, one part for each concern. What concerns several parts is here: messages of the
//! feed, and moves from one conversation to another.

use std::time::Duration;

use leptos::prelude::*;
use protocol::chat::{LogEntryBody, ServerFrame};
use protocol::console::Conversation;
use protocol::ids::ConversationId;

use super::actions::{self, Action, Actions};
use super::agent::Agent;
use super::alerts::Alerts;
use super::composer::Composer;
use super::conversation::OpenConversation;
use super::filter::Filter;
use super::list::ConversationList;
use super::options::Options;
use super::search::Search;
use super::sync::ListSync;
use crate::clock::now;

/// How often what depends on the time is drawn again, and alerts are repeated.
const TICK: Duration = Duration::from_secs(20);

/// Everything that the inbox knows; a handle.
#[derive(Clone, Copy)]
pub struct InboxState {
    /// The agent at work.
    pub agent: Agent,
    /// Every conversation.
    pub list: ConversationList,
    /// Which of them are listed.
    pub filter: RwSignal<Filter>,
    /// What the agent looks for.
    pub search: Search,
    /// The requests for the list.
    pub sync: ListSync,
    /// The open conversation.
    pub conversation: OpenConversation,
    /// What the agent writes.
    pub composer: Composer,
    /// What the composer and the actions offer.
    pub options: Options,
    /// What the agent does with the open conversation.
    pub actions: Actions,
    /// Sounds and notices.
    pub alerts: Alerts,
    /// Whether the newest request was served and the feed stands.
    pub is_online: RwSignal<bool>,
}

/// Returns the state of the inbox around the current component.
pub fn inbox() -> InboxState {
    expect_context()
}

impl InboxState {
    /// Sets up all parts and asks for the list.
    pub fn new(agent: Agent) -> Self {
        let is_online = RwSignal::new(true);
        let list = ConversationList::new();
        let alerts = Alerts::new(agent, list);
        let conversation = OpenConversation::new(agent, list, is_online);
        let sync = ListSync::new(agent, list, alerts, conversation, is_online);
        let state = Self {
            agent,
            list,
            filter: RwSignal::new(Filter::Queue),
            search: Search::new(agent, is_online),
            sync,
            conversation,
            composer: Composer::new(agent, conversation),
            options: Options::new(agent),
            actions: Actions::new(agent, conversation, sync),
            alerts,
            is_online,
        };
        sync.fetch_changes();
        let tick = move || {
            list.tick();
            state.options.refetch();
            alerts.repeat();
        };
        if let Ok(ticking) = set_interval_with_handle(tick, TICK) {
            on_cleanup(move || ticking.clear());
        }
        state
    }

    /// Takes a message of the feed.
    pub fn receive(self, frame: ServerFrame) {
        match frame {
            // The feed stands (again): whatever was missed is fetched.
            ServerFrame::Pong => {
                self.sync.fetch_all();
                self.options.refetch();
                self.conversation.refetch();
            }
            ServerFrame::Event(entry) => {
                self.list.apply(&entry);
                self.sync.fetch_changes();
                self.conversation.append(entry);
            }
            ServerFrame::Typing { conversation, on, author } => {
                self.conversation.show_typing(conversation, on, &author)
            }
            ServerFrame::Cursor { .. } => self.sync.fetch_changes(),
            ServerFrame::Changed => self.sync.fetch_all(),
            _ => {}
        }
    }

    /// Opens a conversation.
    pub fn open(self, conversation: ConversationId) {
        self.actions.clear_error();
        self.conversation.open(conversation);
        self.options.refetch();
    }

    /// Opens the next conversation of the list, or the one before.
    pub fn open_neighbour(self, by: isize) {
        let listed = untrack(|| self.listed());
        let at = self.conversation.id().and_then(|c| listed.iter().position(|one| one.id == c));
        let next = at.map_or(0, |at| at.saturating_add_signed(by));
        if let Some(one) = listed.get(next.min(listed.len().saturating_sub(1))) {
            self.open(one.id);
        }
    }

    /// Returns the conversations that are listed: those that the search finds, whatever the filter, or those
    /// of the filter.
    pub fn listed(self) -> Vec<Conversation> {
        let (filter, agent, now) = (self.filter.get(), self.agent.id(), now());
        let is_search = self.search.is_active();
        self.list
            .sorted(|one| if is_search { self.search.accepts(one) } else { filter.accepts(one, &agent, now) })
    }

    /// Lists the conversations of a filter, which ends a search.
    pub fn choose_filter(self, filter: Filter) {
        self.search.look_for(String::new());
        self.filter.set(filter);
    }

    /// Returns the actions that have a button.
    pub fn buttons(self, one: &Conversation) -> Vec<(&'static str, LogEntryBody)> {
        actions::buttons(self.agent.texts, one, &self.agent.id(), now())
    }

    /// Returns the other actions.
    pub fn more_actions(self, one: &Conversation) -> Vec<(String, Action)> {
        let (texts, agent) = (self.agent.texts, self.agent.id());
        self.options.with(|known| actions::more(texts, one, &agent, &known.agents))
    }
}
