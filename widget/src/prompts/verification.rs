//! Between what a person did and what the host's backend confirms: "checking…", then the truth.

use std::cell::Cell;
use std::rc::Rc;

use journey::progress::condition::is_verified;
use protocol::files::Step;
use protocol::ids::StepId;

use super::plan;
use super::texts::{Texts, texts};
use crate::card::Card;
use crate::i18n::fill;
use crate::part::{CoreEvent, Subscription};
use crate::state::State;
use crate::ui::{Timeout, after, tag};

/// How long the backend may take before more is said, in milliseconds.
const PATIENCE: u32 = 15_000;
/// How long good news stays, in milliseconds.
const STAYS: u32 = 2_500;
/// Where a card says what is known.
const STATE: &str = ".body .hint";

/// Says in a card what is known of a step, until it is dropped.
pub struct Verification {
    state: State,
    texts: &'static Texts,
    card: Card,
    step: StepId,
    /// Whether the card closes by itself once the step is confirmed.
    closes: bool,
    late: Cell<bool>,
    /// How far the step is, where it counts, and whether that has changed.
    count: Cell<Option<(u32, u32)>>,
    moved: Cell<bool>,
    timer: Cell<Option<Timeout>>,
    subscription: Cell<Option<Subscription>>,
}

impl Verification {
    /// Says it in the card's hint. With `closes`, good news goes by itself.
    pub fn of(state: State, card: &Card, step: &StepId, closes: bool) -> Rc<Self> {
        let it = Rc::new(Self {
            state,
            texts: texts(&state.locale()),
            card: card.clone(),
            step: step.clone(),
            closes,
            late: Cell::default(),
            count: Cell::default(),
            moved: Cell::default(),
            timer: Cell::default(),
            subscription: Cell::default(),
        });
        let weak = Rc::downgrade(&it);
        let patience = after(PATIENCE, move || {
            if let Some(it) = weak.upgrade() {
                it.late.set(true);
                it.look();
            }
        });
        it.timer.set(Some(patience));
        let weak = Rc::downgrade(&it);
        let handle = move |event| {
            if let (CoreEvent::SessionLoaded | CoreEvent::ProgressChanged, Some(it)) = (event, weak.upgrade())
            {
                it.look();
            }
        };
        it.subscription.set(plan::subscribe(state, Box::new(handle)));
        it.look();
        it
    }

    fn look(&self) {
        let (texts, done) = (self.texts, plan::is_done(self.state, self.step.as_str()));
        let count = plan::count(self.state, &self.step);
        let begun = self.count.replace(count);
        let moved = self.moved.get() || (begun.is_some() && begun != count);
        self.moved.set(moved);
        let partly = count.filter(|(n, _)| *n > 0 && (moved || self.late.get())).map(|(n, total)| {
            fill(texts.partly, &[("n", &n.to_string()), ("left", &(total - n).to_string())])
        });
        let text = match (done, partly, self.late.get()) {
            (true, ..) => texts.verified.to_owned(),
            (false, Some(partly), _) => partly,
            (false, None, true) => texts.not_yet.to_owned(),
            (false, None, false) => texts.checking.to_owned(),
        };
        // A text that is set again would be read again.
        if self.card.find(STATE).is_some_and(|hint| crate::js::text(&hint, "textContent") != text) {
            self.card.write(STATE, &text);
        }
        if done && self.closes {
            let card = self.card.clone();
            self.timer.set(Some(after(STAYS, move || card.close(false))));
            self.subscription.take();
        }
    }
}

/// After a guide: the step is done when the backend says so, not when the last control was pressed.
pub fn show(state: State, step: &Step<String>) {
    if !is_verified(&step.done) || plan::is_done(state, step.id.as_str()) || state.place().is_some() {
        return;
    }
    let card = Card::open(state, &step.title, true);
    card.fill(vec![tag("P", "hint").set("role", "status")]);
    card.keep(Verification::of(state, &card, &step.id, true));
}
