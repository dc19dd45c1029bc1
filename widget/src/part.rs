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
//! **What a part receives** are [`CoreEvent`]s: `let heard = state.subscribe(move |event| …)`. The [`Subscription`]
//! ends when it is dropped, so a part keeps it in the value that it returns from `attach`, beside its listeners and
//! timers. A part that is dropped must leave nothing behind.
//!
//! **What others know of a part** is one trait here ([`Chat`], [`Prompts`]). To add a part: write its trait, a room
//! with `pub fn attach(state: State) -> Rc<dyn Trait>`, a [`Name`] with its place in [`Parts`], and one `part!` in
//! `part/load.rs`, which is where the module is cut. What few people need of a part is split off once more, by one
//! `split!` there (`prompts/forms.rs` shows how it is used). A part that panics takes the instance with it (see
//! `docs/decisions/0012-parts.md`), so no `unwrap`, no index, no slice by range.

mod event;
mod load;
mod slot;

use std::cell::RefCell;
use std::rc::Rc;

use protocol::ids::StepId;
use protocol::widget::Event;

pub use event::{Bus, CoreEvent, Subscription};
pub use load::{
    articles as fetch_articles, extras as fetch_extras, forms as fetch_forms, thread as fetch_thread,
};
use slot::Slot;

use crate::state::State;
use crate::ui::Tag;

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
    /// Shows articles or the conversation. `step` is what it is about, where the person chose that.
    fn open(&self, step: Option<&StepId>);

    /// Listens for answers to the person who is there now, without showing anything.
    fn listen(&self);

    /// Panics, for the test of crashes.
    #[cfg(feature = "panic-drill")]
    fn drill(&self);
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

/// The parts by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name {
    Activity,
    Panel,
    Chat,
    Prompts,
}

/// Every part of one widget: those that are there, and what is known of the others.
#[derive(Default)]
pub struct Parts {
    pub activity: RefCell<Option<Rc<dyn Activity>>>,
    pub panel: RefCell<Option<Rc<dyn Panel>>>,
    pub chat: RefCell<Option<Rc<dyn Chat>>>,
    pub prompts: RefCell<Option<Rc<dyn Prompts>>>,
    slots: [Slot; 4],
}

impl Parts {
    /// What was wanted of parts that are on their way is wanted no longer.
    pub fn cancel_wishes(&self) {
        self.slot(Name::Chat).cancel();
        self.slot(Name::Prompts).cancel();
    }

    fn slot(&self, name: Name) -> &Slot {
        let [activity, panel, chat, prompts] = &self.slots;
        match name {
            Name::Activity => activity,
            Name::Panel => panel,
            Name::Chat => chat,
            Name::Prompts => prompts,
        }
    }
}

impl State {
    /// What is done after the first look, if it is there.
    pub fn activity(self) -> Option<Rc<dyn Activity>> {
        self.with_parts(|parts| parts.activity.borrow().clone()).flatten()
    }

    /// The panel, if it is there.
    pub fn panel(self) -> Option<Rc<dyn Panel>> {
        self.with_parts(|parts| parts.panel.borrow().clone()).flatten()
    }

    fn chat(self) -> Option<Rc<dyn Chat>> {
        self.with_parts(|parts| parts.chat.borrow().clone()).flatten()
    }

    fn prompts(self) -> Option<Rc<dyn Prompts>> {
        self.with_parts(|parts| parts.prompts.borrow().clone()).flatten()
    }

    /// Asks the host's page for another token; `TokenChanged` says that there is one.
    pub fn renew_token(self) {
        let renew = move || {
            if let Some(activity) = self.activity() {
                activity.renew_token();
            }
        };
        slot::want(self, Name::Activity, Box::new(renew));
    }

    /// Opens the chat, once it is there.
    pub fn open_chat(self, step: Option<StepId>) {
        let open = move || {
            if let Some(chat) = self.chat() {
                chat.open(step.as_ref());
            }
        };
        slot::want(self, Name::Chat, Box::new(open));
    }

    /// Brings the chat without showing anything: it listens for answers to the person who is there now.
    pub fn listen_for_chat(self) {
        let listen = move || {
            if let Some(chat) = self.chat() {
                chat.listen();
            }
        };
        slot::want(self, Name::Chat, Box::new(listen));
    }

    /// Shows a prompt, once that part is there.
    pub fn prompt(self, prompt: Prompt, step: StepId) {
        let ask = move || {
            if let Some(prompts) = self.prompts() {
                prompts.ask(prompt, &step);
            }
        };
        slot::want(self, Name::Prompts, Box::new(ask));
    }

    /// Says that a part could not be fetched; the person may try again.
    pub fn not_fetched(self, retry: Box<dyn Fn()>) {
        let say = move || {
            if let Some(prompts) = self.prompts() {
                prompts.not_fetched(retry);
            }
        };
        slot::want(self, Name::Prompts, Box::new(say));
    }

    /// Brings a part without wanting anything of it yet.
    pub fn bring(self, name: Name) {
        slot::bring(self, name);
    }
}

/// For the test of crashes.
#[cfg(feature = "panic-drill")]
impl State {
    /// Panics in a part, once it is there.
    pub fn drill(self, part: &str) {
        let (name, run): (Name, fn(Self)) = match part {
            "activity" => (Name::Activity, |state| state.activity().iter().for_each(|part| part.drill())),
            "panel" => (Name::Panel, |state| state.panel().iter().for_each(|part| part.drill())),
            "chat" => (Name::Chat, |state| state.chat().iter().for_each(|part| part.drill())),
            _ => (Name::Prompts, |state| state.prompts().iter().for_each(|part| part.drill())),
        };
        slot::want(self, name, Box::new(move || run(self)));
    }
}
