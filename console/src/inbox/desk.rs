//! What the inbox knows: the list, the conversation that is open, and what comes in.

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
    order: StoredValue<[Incoming; 2]>,
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
            order: StoredValue::new(Default::default()),
            live: RwSignal::new(true),
            types: RwSignal::new(None),
            pointers: RwSignal::new(Pointers::default()),
        };
        desk.look();
        spawn_local(async move {
            // Without them answers are words alone.
            if let Ok(found) = api::pointers(&desk.site(), &desk.locale()).await {
                desk.pointers.set(found);
            }
        });
        desk
    }

    fn word(&self, n: usize) -> String {
        self.words.with_value(|words| words[n].clone())
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

    /// Fetches what changed in the list.
    pub fn look(self) {
        let after =
            self.all.with_untracked(|all| all.iter().flatten().map(|one| one.rev).max().unwrap_or_default());
        spawn_local(async move {
            match api::conversations(&self.site(), &self.locale(), after).await {
                Ok(changed) => {
                    self.all.update(|all| {
                        let old = all.take().unwrap_or_default();
                        let stays = |one: &Conversation| changed.iter().all(|new| new.c != one.c);
                        let rest: Vec<Conversation> = old.into_iter().filter(stays).collect();
                        let mut now = changed.clone();
                        now.extend(rest);
                        *all = Some(now);
                    });
                    self.live.set(true);
                    self.title();
                }
                Err(tag) if tag == "signed_out" => self.leave.run(()),
                Err(_) => self.live.set(false),
            }
        });
    }

    /// How many wait, where it is seen from another tab.
    fn title(self) {
        let me = self.me();
        let waits = |one: &&Conversation| Shelf::Open.has(one, &me) && one.thread.waiting.is_some();
        let n = self.all.with_untracked(|all| all.iter().flatten().filter(waits).count());
        let count = if n > 0 { format!("({n}) ") } else { String::new() };
        document().set_title(&[&count, self.texts.inbox, " · Tabiji"].concat());
    }

    /// The conversations of the chosen shelf: who waits longest comes first.
    pub fn listed(self) -> Vec<Conversation> {
        let (shelf, me) = (self.shelf.get(), self.me());
        let mut listed: Vec<Conversation> =
            self.all.with(|all| all.iter().flatten().filter(|one| shelf.has(one, &me)).cloned().collect());
        listed.sort_by_key(|one| (one.thread.waiting.is_none(), one.thread.waiting, -one.thread.last));
        listed
    }

    /// How many are on a shelf.
    pub fn count(self, shelf: Shelf) -> usize {
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
        spawn_local(async move {
            match api::thread(&self.site(), c).await {
                Ok(thread) if self.chosen.get_untracked() == Some(c) => {
                    self.order.set_value(thread.conversation.heads.map(Incoming::after));
                    self.lines.set(thread.lines);
                    self.read(c, thread.conversation.heads[0]);
                }
                Ok(_) => {}
                Err(tag) if tag == "signed_out" => self.leave.run(()),
                Err(_) => self.live.set(false),
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
            }
            Tell::Cursor { .. } => self.look(),
            _ => {}
        }
    }

    fn line(self, line: Line) {
        let c = line.c;
        // The list is right at once; what it cannot know is asked for.
        self.all.update(|all| {
            for one in all.iter_mut().flatten().filter(|one| one.c == c) {
                apply(&mut one.thread, &line);
            }
        });
        self.look();
        if self.chosen.get_untracked() != Some(c) {
            return;
        }
        let log = if line.log == Log::Pub { 0 } else { 1 };
        if line.author.side == Side::Visitor {
            self.types.set(None);
        }
        let (ready, holes) = self
            .order
            .try_update_value(|order| (order[log].take(line), order[log].missing().is_some()))
            .unwrap_or_default();
        if holes {
            self.fetch(c);
        }
        if let Some(last) = ready.last() {
            if last.log == Log::Pub && !document().hidden() {
                self.read(c, last.seq);
            }
            self.lines.update(|lines| lines.extend(ready));
        }
    }

    /// Says something in the open conversation; `done` hears why not, when it was not taken.
    pub fn say(self, mid: EventId, said: Said, done: impl FnOnce(Result<(), String>) + 'static) {
        let Some(c) = self.chosen.get_untracked() else { return };
        spawn_local(async move {
            let answer = api::say(&self.site(), c, &AgentSays { mid, said }).await;
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

/// A fresh id.
pub fn fresh_id() -> EventId {
    let mut random = [0; 10];
    // Without randomness ids still differ by their time.
    if let Ok(crypto) = window().crypto() {
        let _ = crypto.get_random_values_with_u8_array(&mut random);
    }
    EventId::new(now().unsigned_abs(), random)
}
