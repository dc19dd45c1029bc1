//! The seam between the core and its parts: the only way in which they know each other.
//!
//! A *part* is a room of this crate that the first screen does not need, such as `chat` or `prompts`. It comes
//! when it is wanted, shares memory, signals and types with the core, and never imports another part.
//!
//! **What a part gets** is [`State`], a handle that is cheap to copy. Its core services stand in
//! `state/services.rs`: who is there, the session's reply field by field, events for the outbox, the panel, the
//! place where one card is shown, actions of the host's page, and what parts tell each other. Time, ids and
//! storage of the device are in `browser`, texts in a file of the part's own, JSON in `wire`, elements in `ui`, and
//! cards in `card`. `state.owned(…)` runs something under the widget's owner, so that signals and effects end with it.
//!
//! **What a part receives** are [`CoreEvent`]s: `let subscription = state.subscribe(move |event| …)`. The [`Subscription`]
//! ends when it is dropped, so a part keeps it in the value that it returns from `attach`, beside its listeners and
//! timers. A part that is dropped must leave nothing behind.
//!
//! **What others know of a part** is one trait here ([`Chat`], [`Prompts`], [`Guides`]). To add a part: write its trait, a room
//! with `pub fn attach(state: State) -> Rc<dyn Trait>`, a [`Name`] with its place in [`Parts`], and one `split!` in
//! `load.rs`, which is where the module is cut. What few people need of a part is a part again, with a name and a
//! `split!` of its own; where only its own room knows its types, that room keeps what came (`THREAD` in
//! `chat/session/view.rs`). How parts are wanted and fetched is in `state/parts.rs`. A part that panics takes the
//! instance with it (see `docs/decisions/0012-parts.md`), so no `unwrap`, no index, no slice by range.
//!
//! [`State`]: crate::state::State

mod event;

use std::cell::{Cell, RefCell};
use std::pin::Pin;
use std::rc::Rc;

use lazy::SplitLoaderError;
use protocol::ids::StepId;
use protocol::widget::Event;

pub use event::{Bus, CoreEvent, Subscription};

use crate::ui::Tag;
use crate::wire::Json;

/// What happens after the first look: events are folded and sent, news is followed, conditions are observed.
pub trait Activity {
    /// Folds an event in and sends it. It is on disk, or on its way there, when this returns.
    fn take(&self, event: Event);

    /// Folds what happened here over what the collector said, and shows the difference.
    fn refold(&self);

    /// Asks the host's page for another token.
    fn renew_token(&self);

    /// Panics, for the test of crashes.
    #[cfg(feature = "panic-drill")]
    fn drill(&self);
}

/// The open panel.
pub trait Panel {
    /// Describes it as of now.
    fn draw(&self) -> Tag;

    /// Panics, for the test of crashes.
    #[cfg(feature = "panic-drill")]
    fn drill(&self);
}

/// Live chat with customer success, and the articles that come before it.
pub trait Chat {
    /// Shows a tab of the panel, or else the one that the person has use for. `step` is what it is about, where the
    /// person chose that.
    fn open(&self, tab: Option<Tab>, step: Option<&StepId>);

    /// Listens for answers to the person who is there now, without showing anything.
    fn listen(&self);

    /// Panics, for the test of crashes.
    #[cfg(feature = "panic-drill")]
    fn drill(&self);
}

/// The strip above the launcher.
pub trait Strip {
    /// Describes what it has to say as of now, if anything.
    fn draw(&self) -> Option<Tag>;

    /// Describes the end of the set-up, for the panel.
    fn finish(&self) -> Option<Tag>;

    /// The person sets out to do a step in the page: the strip goes along.
    fn set_out(&self, step: &StepId);

    /// Says something for some seconds.
    fn say(&self, text: String);

    /// Shows who answered, with the address of their picture, and the beginning of what they wrote.
    fn answer(&self, from: String, picture: Option<String>, text: String);
}

/// Cards that ask a person something.
pub trait Prompts {
    /// Shows the card of a prompt.
    fn ask(&self, prompt: Prompt, step: &StepId);

    /// Shows that a part could not be fetched, with a button that calls `retry`.
    fn not_fetched(&self, retry: Box<dyn Fn()>);

    /// Panics, for the test of crashes.
    #[cfg(feature = "panic-drill")]
    fn drill(&self);
}

/// Forms in which a person does a step.
pub trait Forms {
    /// Shows the form of a step, as the flow has it, where the person left it.
    fn show(&self, step: &StepId, form: &Json);

    /// Another person is there: what was entered is not theirs, and what is under way reports nothing.
    fn forget(&self);
}

/// Guides: which control of the host's page is next in a step, and what to do there.
pub trait Guides {
    /// Points at the controls of a step, from where the person stands in it.
    fn show(&self, step: &StepId);

    /// Whether a guide is shown, or waits for its page.
    fn is_guiding(&self) -> bool;

    /// Panics, for the test of crashes.
    #[cfg(feature = "panic-drill")]
    fn drill(&self);
}

/// How-to clips.
pub trait Clips {
    /// Shows a clip from a second on.
    fn watch(&self, clip: &str, from: f64);

    /// Shows the clip of a step, from where its answer begins; all clips where it has none.
    fn watch_step(&self, step: &StepId);

    /// Panics, for the test of crashes.
    #[cfg(feature = "panic-drill")]
    fn drill(&self);
}

/// What a person is asked about a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prompt {
    /// When to go on.
    Snooze,
    /// Which colleague to ask.
    Delegate,
    /// What to enter, for a step that can be done in the widget.
    InlineForm,
    /// Nothing: it shows whether the host's backend confirms what a guide led to.
    Verification,
}

/// The tabs of the panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    /// The checklist.
    ToDo,
    /// Articles and clips.
    Answers,
    /// The conversation.
    Messages,
}

/// The parts by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name {
    Activity,
    Panel,
    Strip,
    Prompts,
    InlineForm,
    Guide,
    Clips,
    Chat,
    ChatArticles,
    ChatThread,
    /// What is rare in a thread.
    ChatExtras,
    /// The transport for networks that let no socket through.
    ChatStream,
}

/// A part on its way; it is in its place when this is ready.
pub type Fetched = Pin<Box<dyn Future<Output = Result<(), SplitLoaderError>>>>;

/// What is wanted of a part that is still on its way.
pub type Wish = Box<dyn FnOnce()>;

/// Every part of one widget: those that are there, and what is known of the others.
#[derive(Default)]
pub struct Parts {
    pub activity: RefCell<Option<Rc<dyn Activity>>>,
    pub panel: RefCell<Option<Rc<dyn Panel>>>,
    pub strip: RefCell<Option<Rc<dyn Strip>>>,
    pub chat: RefCell<Option<Rc<dyn Chat>>>,
    pub prompts: RefCell<Option<Rc<dyn Prompts>>>,
    pub forms: RefCell<Option<Rc<dyn Forms>>>,
    pub guides: RefCell<Option<Rc<dyn Guides>>>,
    pub clips: RefCell<Option<Rc<dyn Clips>>>,
    /// What a part that is on its way is to show. There is one place for it, so the newest wish alone counts.
    pub to_show: Cell<Option<(Name, Wish)>>,
    there: Names,
    coming: Names,
    wishes: RefCell<Vec<(Name, Wish)>>,
}

/// A set of parts, by the bit of each.
#[derive(Default)]
struct Names(Cell<u16>);

impl Names {
    fn has(&self, name: Name) -> bool {
        self.0.get() & (1 << name as u16) != 0
    }

    fn set(&self, name: Name, on: bool) {
        let others = self.0.get() & !(1 << name as u16);
        self.0.set(others | u16::from(on) << name as u16);
    }
}

impl Parts {
    /// Whether a part is there.
    pub fn is_there(&self, name: Name) -> bool {
        self.there.has(name)
    }

    /// Begins to fetch a part; false when it is there or on its way.
    pub fn begin(&self, name: Name) -> bool {
        let begins = !self.there.has(name) && !self.coming.has(name);
        self.coming.set(name, true);
        begins
    }

    /// A part came, or could not be fetched.
    pub fn end(&self, name: Name, there: bool) {
        self.coming.set(name, false);
        self.there.set(name, there);
    }

    /// Adds something that is wanted of a part.
    pub fn add(&self, name: Name, wish: Wish) {
        self.wishes.borrow_mut().push((name, wish));
    }

    /// Whether something is wanted of a part.
    pub fn has_wish(&self, name: Name) -> bool {
        self.wishes.borrow().iter().any(|(wanted, _)| *wanted == name)
    }

    /// Takes out the oldest wish for a part.
    pub fn take_wish(&self, name: Name) -> Option<Wish> {
        let mut wishes = self.wishes.borrow_mut();
        let at = wishes.iter().position(|(wanted, _)| *wanted == name)?;
        Some(wishes.remove(at).1)
    }
}
