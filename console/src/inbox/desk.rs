//! What the inbox knows: the list, the conversation that is open, and what comes in.

use std::collections::HashMap;
use std::time::Duration;

use journey::chat::{Incoming, apply};
use leptos::prelude::*;
use leptos::task::spawn_local;
use protocol::{
    AgentSays, Conversation, ConversationId, EventId, Line, Log, Nack, Pointers, Said, Side, Standing, Tell,
};
use serde_json::json;

use crate::api;
use crate::i18n::Texts;
use crate::when::now;

/// Conversations in one answer of the collector.
const PAGE: usize = 500;
/// How often waiting times are looked at again.
const TICK: Duration = Duration::from_secs(30);
/// How long somebody types without a word.
const TYPING: Duration = Duration::from_secs(6);

/// Which conversations are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shelf {
    /// Open, and nobody has them.
    Queue,
    /// Open, and mine.
    Mine,
    /// Open.
    Open,
    /// They come back later.
    Snoozed,
    /// Answered.
    Resolved,
}

impl Shelf {
    /// All of them, as they stand over the list.
    pub const ALL: [Self; 5] = [Self::Queue, Self::Mine, Self::Open, Self::Snoozed, Self::Resolved];

    /// Whether a conversation is on it.
    pub fn has(self, one: &Conversation, me: &str) -> bool {
        let thread = &one.thread;
        let slept = thread.until.is_some_and(|until| until <= now());
        let open = thread.standing == Standing::Open || (thread.standing == Standing::Snoozed && slept);
        match self {
            Self::Queue => open && thread.agent.is_none(),
            Self::Mine => open && thread.agent.as_ref().is_some_and(|agent| agent.id == me),
            Self::Open => open,
            Self::Snoozed => thread.standing == Standing::Snoozed && !slept,
            Self::Resolved => thread.standing == Standing::Resolved,
        }
    }
}

/// Everything that the inbox knows; a handle.
#[derive(Clone, Copy)]
pub struct Desk {
    /// The texts.
    pub texts: &'static Texts,
    words: StoredValue<[String; 3]>,
    leave: Callback<()>,
    /// Every conversation, the newest change first; none before the first answer.
    pub all: RwSignal<Option<Vec<Conversation>>>,
    /// What is listed.
    pub shelf: RwSignal<Shelf>,
    /// The one that is open.
    pub chosen: RwSignal<Option<ConversationId>>,
    /// Its lines, by time.
    pub lines: RwSignal<Vec<Line>>,
    /// How far both logs are known; none while they are fetched.
    order: StoredValue<Option<[Incoming; 2]>>,
    /// Lines that came meanwhile.
    early: StoredValue<Vec<Line>>,
    /// Counts what was fetched: only the newest answer is used.
    fetched: StoredValue<u64>,
    drafts: StoredValue<HashMap<ConversationId, String>>,
    /// Moves now and then: what waits and what sleeps depends on the time.
    tick: RwSignal<()>,
    /// Whether news come in.
    pub live: RwSignal<bool>,
    /// Who of the customer's side types.
    pub types: RwSignal<Option<String>>,
    /// What can be pointed at.
    pub pointers: RwSignal<Pointers>,
}

impl Desk {
    /// Asks for the list.
    pub fn new(texts: &'static Texts, locale: String, site: String, me: String, leave: Callback<()>) -> Self {
        let desk = Self {
            texts,
            words: StoredValue::new([locale, site, me]),
            leave,
            all: RwSignal::new(None),
            shelf: RwSignal::new(Shelf::Queue),
            chosen: RwSignal::new(None),
            lines: RwSignal::new(Vec::new()),
            order: StoredValue::new(None),
            early: StoredValue::new(Vec::new()),
            fetched: StoredValue::new(0),
            drafts: StoredValue::new(HashMap::new()),
            tick: RwSignal::new(()),
            live: RwSignal::new(true),
            types: RwSignal::new(None),
            pointers: RwSignal::new(Pointers::default()),
        };
        desk.look();
        if let Ok(ticking) = set_interval_with_handle(move || desk.tick.set(()), TICK) {
            on_cleanup(move || ticking.clear());
        }
        spawn_local(async move {
            // Without them answers are words alone.
            if let Ok(found) = api::pointers(&desk.site(), &desk.locale()).await {
                // The page may be gone by now.
                let _ = desk.pointers.try_set(found);
            }
        });
        desk
    }

    fn word(&self, n: usize) -> String {
        // After an answer the page may be gone.
        self.words.try_with_value(|words| words[n].clone()).unwrap_or_default()
    }

    /// The reader's language.
    pub fn locale(&self) -> String {
        self.word(0)
    }

    /// The site's public key.
    pub fn site(&self) -> String {
        self.word(1)
    }

    /// The agent's address.
    pub fn me(&self) -> String {
        self.word(2)
    }

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
                        if self.all.try_update(|all| merge(all, changed)).is_none() {
                            return;
                        }
                        self.title();
                        if !more {
                            return;
                        }
                    }
                    Err(tag) if tag == "signed_out" => return self.leave.run(()),
                    Err(_) => {
                        let _ = self.live.try_set(false);
                        return;
                    }
                }
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

    /// The conversations of the chosen shelf: who waits longest comes first.
    pub fn listed(self) -> Vec<Conversation> {
        self.tick.track();
        let (shelf, me) = (self.shelf.get(), self.me());
        let mut listed: Vec<Conversation> =
            self.all.with(|all| all.iter().flatten().filter(|one| shelf.has(one, &me)).cloned().collect());
        listed.sort_by_key(|one| (one.thread.waiting.is_none(), one.thread.waiting, -one.thread.last));
        listed
    }

    /// How many are on a shelf.
    pub fn count(self, shelf: Shelf) -> usize {
        self.tick.track();
        let me = self.me();
        self.all.with(|all| all.iter().flatten().filter(|one| shelf.has(one, &me)).count())
    }

    /// The conversation that is open.
    pub fn current(self) -> Option<Conversation> {
        let chosen = self.chosen.get()?;
        self.all.with(|all| all.iter().flatten().find(|one| one.c == chosen).cloned())
    }

    /// Opens a conversation.
    pub fn open(self, c: ConversationId) {
        self.chosen.set(Some(c));
        self.lines.set(Vec::new());
        self.early.set_value(Vec::new());
        self.types.set(None);
        self.fetch(c);
    }

    /// The next or the one before in the list.
    pub fn step(self, by: isize) {
        let listed = untrack(|| self.listed());
        let at = self.chosen.get_untracked().and_then(|c| listed.iter().position(|one| one.c == c));
        let next = at.map_or(0, |at| at.saturating_add_signed(by));
        if let Some(one) = listed.get(next.min(listed.len().saturating_sub(1))) {
            self.open(one.c);
        }
    }

    fn fetch(self, c: ConversationId) {
        self.order.set_value(None);
        let Some(number) = self.fetched.try_update_value(|fetched| {
            *fetched += 1;
            *fetched
        }) else {
            return;
        };
        spawn_local(async move {
            let answer = api::thread(&self.site(), c).await;
            let newest = self.fetched.try_get_value() == Some(number);
            match answer {
                Ok(thread) if newest => {
                    self.order.set_value(Some(thread.conversation.heads.map(Incoming::after)));
                    self.lines.set(thread.lines);
                    self.read(c, thread.conversation.heads[0]);
                    let early = self.early.try_update_value(std::mem::take).unwrap_or_default();
                    early.into_iter().filter(|line| line.c == c).for_each(|line| self.show(line));
                }
                Err(tag) if tag == "signed_out" => self.leave.run(()),
                Err(_) if newest => self.live.set(false),
                _ => {}
            }
        });
    }

    fn read(self, c: ConversationId, seq: u64) {
        spawn_local(async move {
            // A mark of no weight: the next one stands for it.
            let _ = api::sign(&self.site(), c, &json!({ "read": seq })).await;
        });
    }

    /// Takes what the feed says.
    pub fn heard(self, tell: Tell) {
        match tell {
            // The feed stands (again): whatever was missed is fetched.
            Tell::Pong => {
                self.live.set(true);
                self.look();
                if let Some(c) = self.chosen.get_untracked() {
                    self.fetch(c);
                }
            }
            Tell::Event(line) => self.line(line),
            Tell::Typing { c, on, author }
                if self.chosen.get_untracked() == Some(c) && author.side == Side::Visitor =>
            {
                self.types.set(on.then_some(author.name));
                // Who closes the tab says no goodbye.
                let stop = move || {
                    let _ = self.types.try_set(None);
                };
                set_timeout(stop, TYPING);
            }
            Tell::Cursor { .. } => self.look(),
            _ => {}
        }
    }

    fn line(self, line: Line) {
        let c = line.c;
        // The list is right at once; what it cannot know is asked for.
        let log = if line.log == Log::Pub { 0 } else { 1 };
        self.all.update(|all| {
            for one in all.iter_mut().flatten().filter(|one| one.c == c && one.heads[log] + 1 == line.seq) {
                one.heads[log] = line.seq;
                apply(&mut one.thread, &line);
            }
        });
        self.look();
        if self.chosen.get_untracked() == Some(c) {
            self.show(line);
        }
    }

    /// Adds a line to the open conversation, in its turn.
    fn show(self, line: Line) {
        let (c, log) = (line.c, if line.log == Log::Pub { 0 } else { 1 });
        if line.author.side == Side::Visitor {
            self.types.set(None);
        }
        if self.order.with_value(Option::is_none) {
            return self.early.update_value(|early| early.push(line));
        }
        let taken = self.order.try_update_value(|order| {
            let order = order.as_mut()?;
            Some((order[log].take(line), order[log].missing().is_some()))
        });
        if let Some((ready, holes)) = taken.flatten() {
            if let Some(last) = ready.last().filter(|last| last.log == Log::Pub && !document().hidden()) {
                self.read(c, last.seq);
            }
            self.lines.update(|lines| lines.extend(ready));
            if holes {
                self.fetch(c);
            }
        }
    }

    /// What was begun to be written in the open conversation.
    pub fn draft(self) -> String {
        let c = self.chosen.get_untracked();
        c.and_then(|c| self.drafts.with_value(|drafts| drafts.get(&c).cloned())).unwrap_or_default()
    }

    /// Keeps what is being written.
    pub fn keep_draft(self, text: String) {
        if let Some(c) = self.chosen.get_untracked() {
            self.drafts.update_value(|drafts| drop(drafts.insert(c, text)));
        }
    }

    /// Says something in the open conversation; `done` hears why not, when it was not taken.
    pub fn say(self, mid: EventId, said: Said, done: impl FnOnce(Result<(), String>) + 'static) {
        let Some(c) = self.chosen.get_untracked() else { return };
        spawn_local(async move {
            let answer = api::say(&self.site(), c, &AgentSays { mid, said }).await;
            // Who went on to another conversation is not told of this one.
            if self.chosen.try_get_untracked().flatten() != Some(c) {
                if matches!(answer, Ok(Tell::Ack { .. })) {
                    self.drafts.try_update_value(|drafts| drafts.remove(&c));
                }
                return;
            }
            done(match answer {
                Ok(Tell::Ack { .. }) => Ok(()),
                Ok(Tell::Nack { code: Nack::TooLarge, .. }) => Err(self.texts.too_long.to_owned()),
                Err(tag) if tag == "signed_out" => {
                    self.leave.run(());
                    Err(self.texts.not_sent.to_owned())
                }
                _ => Err(self.texts.not_sent.to_owned()),
            });
        });
    }

    /// Says that the agent types, or stopped.
    pub fn types(self, on: bool) {
        let Some(c) = self.chosen.get_untracked() else { return };
        spawn_local(async move {
            // As for what was read.
            let _ = api::sign(&self.site(), c, &json!({ "typing": on })).await;
        });
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

/// A fresh id.
pub fn fresh_id() -> EventId {
    let mut random = [0; 10];
    // Without randomness ids still differ by their time.
    if let Ok(crypto) = window().crypto() {
        let _ = crypto.get_random_values_with_u8_array(&mut random);
    }
    EventId::new(now().unsigned_abs(), random)
}
