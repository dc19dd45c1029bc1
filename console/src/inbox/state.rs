//! What the inbox knows, one part for each concern. What concerns several parts is here: messages of the
//! feed, and moves from one conversation to another.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use protocol::Millis;
use protocol::chat::{LogEntryBody, ServerFrame};
use protocol::console::{ClipChoice, Conversation};
use protocol::ids::ConversationId;

use super::actions::{self, Action, Actions};
use super::address::Address;
use super::agent::Agent;
use super::alerts::Alerts;
use super::composer::Composer;
use super::conversation::OpenConversation;
use super::filter::Filter;
use super::list::ConversationList;
use super::options::Options;
use super::readiness::Readiness;
use super::search::Search;
use super::sync::ListSync;
use super::toast::Toast;
use super::topic::{FinderState, Topic};
use crate::api;
use crate::clock::now;
use crate::format::moment;
use crate::i18n::fill;

/// How often what depends on the time is drawn again, and alerts are repeated.
const TICK: Duration = Duration::from_secs(20);

/// Everything that the inbox knows; a handle.
#[derive(Clone, Copy)]
pub struct InboxState {
    /// The agent at work.
    pub agent: Agent,
    /// The address of the page.
    pub address: Address,
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
    /// The open conversation as it was listed when it was opened: it keeps its place until the agent moves on.
    pub held: RwSignal<Option<Conversation>>,
    /// What the agent writes.
    pub composer: Composer,
    /// What the composer and the actions offer.
    pub options: Options,
    /// The moments of clips that can be attached.
    pub moments: RwSignal<Vec<ClipChoice>>,
    /// What the agent does with the open conversation.
    pub actions: Actions,
    /// Sounds and notices.
    pub alerts: Alerts,
    /// What can be found.
    pub finder: FinderState,
    /// What was just done.
    pub toast: Toast,
    /// Whether the side pane is shown where there is no room beside the thread.
    pub shows_details: RwSignal<bool>,
    /// Whether the newest request was served and the feed stands.
    pub is_online: RwSignal<bool>,
    /// Whether the collector takes what is written.
    pub readiness: Readiness,
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
            address: Address::of_context(),
            list,
            filter: RwSignal::new(Filter::NeedsAnswer),
            search: Search::new(agent, is_online),
            sync,
            conversation,
            held: RwSignal::new(None),
            composer: Composer::new(agent, conversation),
            options: Options::new(agent),
            moments: RwSignal::new(Vec::new()),
            actions: Actions::new(agent, conversation, sync),
            alerts,
            finder: FinderState::new(),
            toast: Toast::new(),
            shows_details: RwSignal::new(false),
            is_online,
            readiness: Readiness::new(),
        };
        sync.fetch_changes();
        let tick = move || {
            list.tick();
            state.options.refetch();
            conversation.refetch_details();
            alerts.repeat();
            state.readiness.ask();
        };
        if let Ok(ticking) = set_interval_with_handle(tick, TICK) {
            on_cleanup(move || ticking.clear());
        }
        Effect::new(move |_| agent.show_waiting(list.count(Filter::NeedsAnswer, &agent.id())));
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

    /// Shows the conversation of the address as long as the page is there.
    pub fn follow_address(self) {
        Effect::new(move |_| {
            let conversation = self.address.conversation();
            if conversation != self.conversation.id() {
                untrack(|| self.show(conversation));
            }
        });
        on_cleanup(move || self.conversation.close());
    }

    fn show(self, conversation: Option<ConversationId>) {
        self.actions.clear_error();
        self.shows_details.set(false);
        // What is open by a link alone is listed nowhere.
        let listed = untrack(|| self.listed());
        self.held.set(listed.into_iter().find(|one| Some(one.id) == conversation));
        let Some(conversation) = conversation else { return self.conversation.close() };
        self.conversation.open(conversation);
        self.composer.load(conversation);
        self.readiness.ask();
        self.options.refetch();
        self.fetch_moments();
    }

    /// Asks once for the moments of clips.
    fn fetch_moments(self) {
        let (Some(site), true) = (self.agent.site(), self.moments.with_untracked(Vec::is_empty)) else {
            return;
        };
        spawn_local(async move {
            // Without an answer no clip can be attached.
            if let Ok(moments) = api::inbox::moments(&site).await {
                let _ = self.moments.try_set(moments);
            }
        });
    }

    /// Opens a conversation.
    pub fn open(self, conversation: ConversationId) {
        self.address.open(Some(conversation));
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
    /// of the filter. The open one stays.
    pub fn listed(self) -> Vec<Conversation> {
        let (filter, agent, now) = (self.filter.get(), self.agent.id(), now());
        let is_search = self.search.is_active();
        let held = self.held.get();
        let accepts = |one: &Conversation| match (is_search, &held) {
            (true, _) => self.search.accepts(one),
            (_, Some(held)) if held.id == one.id => true,
            _ => filter.accepts(one, &agent, now),
        };
        self.list.sorted(accepts, held.as_ref())
    }

    /// Lists the conversations of a filter, which ends a search.
    pub fn choose_filter(self, filter: Filter) {
        self.search.look_for(String::new());
        self.held.set(None);
        self.filter.set(filter);
    }

    /// Returns the actions that have a button, with their keys.
    pub fn buttons(self, one: &Conversation) -> Vec<(&'static str, &'static str, Action)> {
        if !self.agent.answers() {
            return Vec::new();
        }
        actions::buttons(self.agent.texts, one, &self.agent.id())
    }

    /// Returns the other actions.
    pub fn more_actions(self, one: &Conversation) -> Vec<(String, Action)> {
        if !self.agent.answers() {
            return Vec::new();
        }
        let (texts, agent) = (self.agent.texts, self.agent.id());
        self.options.with(|known| actions::more(texts, one, &agent, &known.agents))
    }

    /// Does an action. After one that ends the work on a conversation, the next one opens.
    pub fn perform(self, action: Action) {
        let texts = self.agent.texts;
        match action {
            Action::Append(LogEntryBody::Resolved) => {
                self.leave(LogEntryBody::Resolved, texts.resolved.to_owned())
            }
            Action::Snooze => self.finder.show(Topic::Snooze),
            Action::AskToBlock => self.finder.show(Topic::Block),
            other => self.actions.perform(other),
        }
    }

    /// Snoozes the open conversation.
    pub fn snooze(self, until: Millis) {
        let time = moment(until, self.agent.locale);
        let text = fill(self.agent.texts.snoozed_until, &[("time", &time)]);
        self.leave(LogEntryBody::Snoozed { until }, text);
    }

    /// Sends what is written, and with `resolves` resolves the conversation after it.
    pub fn send(self, resolves: bool) {
        let (texts, is_note) = (self.agent.texts, self.composer.is_note.get_untracked());
        self.composer.send(move || {
            if is_note {
                let undo = Callback::new(move |()| self.composer.take_back_note());
                self.toast.show(texts.note_kept.to_owned(), Some(undo));
                return;
            }
            self.readiness.confirm();
            if resolves {
                self.perform(Action::Append(LogEntryBody::Resolved));
            }
        });
    }

    /// Appends an entry that ends the work on the open conversation, and opens the next one.
    fn leave(self, body: LogEntryBody, text: String) {
        let Some(left) = self.conversation.id() else { return };
        let next = self.next_after(left);
        self.actions.append(body, move || {
            self.address.open(next);
            let undo = Callback::new(move |()| {
                self.actions.append_to(left, LogEntryBody::Reopened);
                self.open(left);
            });
            self.toast.show(text, Some(undo));
        });
    }

    /// Returns the conversation below another one in the list, or else the one above.
    fn next_after(self, conversation: ConversationId) -> Option<ConversationId> {
        let listed = untrack(|| self.listed());
        let at = listed.iter().position(|one| one.id == conversation)?;
        let next = listed.get(at + 1).or_else(|| listed.get(at.checked_sub(1)?))?;
        Some(next.id)
    }
}
