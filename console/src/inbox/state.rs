//! What the inbox knows: the list, the conversation that is open, and what comes in.

use std::collections::HashMap;
use std::time::Duration;

use journey::chat::{Incoming, apply};
use leptos::prelude::*;
use leptos::task::spawn_local;
use protocol::{
    Conversation, ConversationId, EventId, Handoff, Line, Log, Millis, Pointers, Said, Side, Tell,
};

use super::filter::Shelf;
use crate::api;
use crate::i18n::{Texts, fill};

/// How often waiting times are looked at again.
const TICK: Duration = Duration::from_secs(20);
/// How long somebody types without a word.
const TYPING: Duration = Duration::from_secs(6);

/// Everything that the inbox knows; a handle.
#[derive(Clone, Copy)]
pub struct Desk {
    /// The texts.
    pub texts: &'static Texts,
    pub(super) words: StoredValue<[String; 3]>,
    pub(super) leave: Callback<()>,
    /// Every conversation, the newest change first; none before the first answer.
    pub all: RwSignal<Option<Vec<Conversation>>>,
    /// What is listed.
    pub shelf: RwSignal<Shelf>,
    /// The one that is open.
    pub chosen: RwSignal<Option<ConversationId>>,
    /// The same with all that is known of it; moves only when that does.
    current: Memo<Option<Conversation>>,
    /// Whether a deed is on its way.
    pub(super) acting: RwSignal<bool>,
    /// Why the last deed was not done.
    pub wrong: RwSignal<String>,
    /// Its lines, by time.
    pub lines: RwSignal<Vec<Line>>,
    /// How long its first answer took, in milliseconds of business.
    pub first_response: RwSignal<Option<Millis>>,
    /// What sales heard from the customer.
    pub handoff: RwSignal<Option<Handoff>>,
    /// When the customer's step was done.
    pub step_done: RwSignal<Option<Millis>>,
    /// How far both logs are known; none while they are fetched.
    pub(super) order: StoredValue<Option<[Incoming; 2]>>,
    /// Lines that came meanwhile.
    pub(super) early: StoredValue<Vec<Line>>,
    /// Counts what was fetched: only the newest answer is used.
    pub(super) fetched: StoredValue<u64>,
    pub(super) drafts: StoredValue<HashMap<ConversationId, String>>,
    /// What was sent and is not acknowledged, with its id: whoever comes back and sends it again says it once.
    pub(super) sent: StoredValue<HashMap<ConversationId, (EventId, Said)>>,
    /// Moves now and then: what waits and what sleeps depends on the time.
    tick: RwSignal<()>,
    /// Whether news come in.
    pub live: RwSignal<bool>,
    /// Who types, in words.
    pub types: RwSignal<Option<String>>,
    /// What can be pointed at, and said in a press.
    pub pointers: RwSignal<Pointers>,
    /// What is looked for.
    pub search: RwSignal<String>,
    /// Conversations in which it was written; none while that is asked.
    pub(super) found: RwSignal<Option<Vec<ConversationId>>>,
    /// Whether it rings while somebody waits whom nobody has taken.
    pub bell: RwSignal<bool>,
}

impl Desk {
    /// Asks for the list.
    pub fn new(texts: &'static Texts, locale: String, site: String, me: String, leave: Callback<()>) -> Self {
        let (all, chosen) = (RwSignal::new(None::<Vec<Conversation>>), RwSignal::new(None));
        let current = Memo::new(move |_| {
            let chosen = chosen.get()?;
            all.with(|all| all.iter().flatten().find(|one| one.c == chosen).cloned())
        });
        let desk = Self {
            texts,
            words: StoredValue::new([locale, site, me]),
            leave,
            all,
            current,
            acting: RwSignal::new(false),
            wrong: RwSignal::new(String::new()),
            shelf: RwSignal::new(Shelf::Queue),
            chosen,
            lines: RwSignal::new(Vec::new()),
            first_response: RwSignal::new(None),
            handoff: RwSignal::new(None),
            step_done: RwSignal::new(None),
            order: StoredValue::new(None),
            early: StoredValue::new(Vec::new()),
            fetched: StoredValue::new(0),
            drafts: StoredValue::new(HashMap::new()),
            sent: StoredValue::new(HashMap::new()),
            tick: RwSignal::new(()),
            live: RwSignal::new(true),
            types: RwSignal::new(None),
            pointers: RwSignal::new(Pointers::default()),
            search: RwSignal::new(String::new()),
            found: RwSignal::new(None),
            bell: RwSignal::new(false),
        };
        desk.look();
        let tick = move || {
            desk.tick.set(());
            desk.look_around();
            desk.ring();
        };
        if let Ok(ticking) = set_interval_with_handle(tick, TICK) {
            on_cleanup(move || ticking.clear());
        }
        desk
    }

    /// Nobody is signed in any more; the page may be gone already.
    pub(super) fn go(self) {
        // Two answers may say so.
        let _ = self.leave.try_run(());
    }

    /// Fetches what can be pointed at, and who is there.
    pub(super) fn look_around(self) {
        spawn_local(async move {
            // Without them answers are words alone.
            if let Ok(found) = api::pointers(&self.site(), &self.locale()).await {
                // The page may be gone by now, and what is the same is not drawn again.
                if self.pointers.try_with_untracked(|known| *known == found) == Some(false) {
                    self.pointers.set(found);
                }
            }
        });
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

    /// The time moves: what depends on it is looked at again.
    pub fn track_time(self) {
        self.tick.track();
    }

    /// The conversations of the chosen shelf: who waits longest comes first.
    pub fn listed(self) -> Vec<Conversation> {
        self.tick.track();
        let (shelf, me) = (self.shelf.get(), self.me());
        let searches = self.search.with(|words| !words.trim().is_empty());
        // Whoever looks for something does not know the shelf.
        let fits = |one: &&Conversation| if searches { self.is_looked_for(one) } else { shelf.has(one, &me) };
        let mut listed: Vec<Conversation> =
            self.all.with(|all| all.iter().flatten().filter(fits).cloned().collect());
        listed.sort_by_key(|one| {
            (!one.thread.escalated, one.thread.waiting.is_none(), one.thread.waiting, -one.thread.last)
        });
        listed
    }

    /// Lists a shelf; whoever looked for something has gone on.
    pub fn choose(self, shelf: Shelf) {
        self.look_for(String::new());
        self.shelf.set(shelf);
    }

    /// How many are on a shelf.
    pub fn count(self, shelf: Shelf) -> usize {
        self.tick.track();
        let me = self.me();
        self.all.with(|all| all.iter().flatten().filter(|one| shelf.has(one, &me)).count())
    }

    /// The conversation that is open.
    pub fn current(self) -> Option<Conversation> {
        self.current.get()
    }

    /// Takes what the feed says.
    pub fn heard(self, tell: Tell) {
        match tell {
            // The feed stands (again): whatever was missed is fetched.
            Tell::Pong => {
                self.live.set(true);
                // What went away meanwhile is told by nobody.
                self.look_anew();
                self.look_around();
                if let Some(c) = self.chosen.get_untracked() {
                    self.fetch(c);
                }
            }
            Tell::Event(line) => self.line(line),
            Tell::Typing { c, on, author }
                if self.chosen.get_untracked() == Some(c) && author.id != self.me() =>
            {
                let name = if author.name.is_empty() { self.texts.customer } else { &author.name };
                let text = if author.side == Side::Agent { self.texts.answers_now } else { self.texts.types };
                self.types.set(on.then(|| fill(text, &[("name", name)])));
                // Who closes the tab says no goodbye.
                let stop = move || {
                    let _ = self.types.try_set(None);
                };
                set_timeout(stop, TYPING);
            }
            Tell::Cursor { .. } => self.look(),
            // Some may be gone, which no later change tells.
            Tell::Changed => self.look_anew(),
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

    /// Other conversations of the same company.
    pub fn others(self, of: &Conversation) -> Vec<Conversation> {
        let same = |one: &&Conversation| one.account_id == of.account_id && one.c != of.c;
        self.all.with(|all| all.iter().flatten().filter(same).cloned().collect())
    }
}
