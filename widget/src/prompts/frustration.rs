//! Notices when a person struggles with a step on the page where it is done, and offers help.
//!
//! What they do is judged here and stays here: only the name of the signal leaves, once for each step and day.

mod listen;
mod offer;
mod signals;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use protocol::Millis;
use protocol::backend::FactValue;
use protocol::ids::StepId;
use protocol::widget::EventKind;

use super::plan;
use super::texts::Texts;
use crate::browser;
use crate::i18n::concat;
use crate::js::{list, location, text};
use crate::prompts::tab_storage;
use crate::state::State;
use crate::ui::Timeout;
use crate::wire::{Json, object, print};
use listen::Listening;
use signals::{Attempts, Signals};

/// The same step is offered help again after this, in milliseconds.
const DAY: Millis = 24 * 3_600_000;
/// Offers in one visit.
const MOST: u32 = 2;

/// Looks at what happens in the page.
pub struct Frustration {
    state: State,
    texts: &'static Texts,
    signals: RefCell<Signals>,
    offers: Cell<u32>,
    /// The address of the form that was refused, where that is another than the page's; empty otherwise.
    form: RefCell<String>,
    /// Offers of this visit by step, for pages that may store nothing.
    helped: RefCell<Vec<StepId>>,
    listening: Cell<Option<Listening>>,
    /// Until the page is asked what became of a form.
    answer: Cell<Option<Timeout>>,
}

/// The name under which attempts go from page to page.
const ATTEMPTS: &str = "attempts";

impl Frustration {
    /// Looks from now on.
    pub fn new(state: State, texts: &'static Texts) -> Rc<Self> {
        let frustration = Rc::new(Self {
            state,
            texts,
            signals: RefCell::default(),
            offers: Cell::default(),
            form: RefCell::default(),
            helped: RefCell::default(),
            listening: Cell::default(),
            answer: Cell::default(),
        });
        frustration.listening.set(Some(Listening::new(state, Rc::downgrade(&frustration))));
        frustration.resume_attempts();
        frustration
    }

    /// Another person is there.
    pub fn forget(&self) {
        self.offers.set(0);
        self.helped.take();
        self.signals.take();
        self.answer.take();
        self.forget_attempts();
    }

    /// The next page may have to say what became of a form.
    fn keep_attempts(&self) {
        let attempts = &self.signals.borrow().attempts;
        let form = self.form.borrow();
        let form = if form.is_empty() { text(&location(), "href") } else { form.clone() };
        let kept = object(&[
            ("form", form.into()),
            ("sent", attempts.sent.map(|at| at as f64).into()),
            ("refused", list(attempts.refused.iter().map(|at| (*at as f64).into()))),
        ]);
        tab_storage::remember(ATTEMPTS, &print(&kept));
    }

    fn forget_attempts(&self) {
        self.form.take();
        tab_storage::forget(ATTEMPTS);
    }

    /// Goes on from the page before, if this one is its answer.
    fn resume_attempts(&self) {
        let Some(kept) = tab_storage::recall(ATTEMPTS).and_then(|text| Json::parse(&text)) else { return };
        let attempts = Attempts { sent: kept.get("sent"), refused: kept.or_default("refused") };
        let is_answer = attempts.is_under_way(browser::now());
        self.signals.borrow_mut().attempts = attempts;
        if is_answer {
            *self.form.borrow_mut() = kept.or_default("form");
            listen::answer(self);
        }
    }

    /// Whether a signal is one too many is for `judge` to say; then help is offered.
    fn judge(&self, signal: &'static str, judge: impl FnOnce(&mut Signals) -> bool) {
        let noticed = judge(&mut self.signals.borrow_mut());
        if noticed {
            self.notice(signal);
        }
    }

    fn notice(&self, signal: &'static str) {
        self.signals.borrow_mut().clear();
        let state = self.state;
        if state.place().is_some() || state.is_guiding() || state.is_panel_over() {
            return;
        }
        let Some((id, _)) = self.at_hand() else { return };
        if self.offers.get() < MOST && !self.was_helped(&id) {
            self.offers.set(self.offers.get() + 1);
            browser::remember(&self.key(&id), Some(&state.now().to_string()));
            let data = vec![("signal".to_owned(), FactValue::Text(signal.to_owned()))];
            state.happened(EventKind::StruggleNoticed, Some(&id), data);
            plan::with_step(state, &id, &|step| offer::show(state, self.texts, step));
            self.helped.borrow_mut().push(id);
        }
    }

    /// The step that is done on this page, if it can be done now, and its usual minutes.
    #[inline(never)]
    fn at_hand(&self) -> Option<(StepId, u32)> {
        let model = plan::model(self.state)?;
        let is_done = |id: &StepId| plan::is_done(self.state, id.as_str());
        for stage in &model.flow.stages {
            for step in &stage.steps {
                let is_due = !is_done(&step.id) && step.after.iter().all(is_done);
                let leads = |link: &str| browser::is_here(link) || browser::leads(link, &self.form.borrow());
                if is_due && step.link.as_deref().is_some_and(leads) {
                    return Some((step.id.clone(), step.minutes));
                }
            }
        }
        None
    }

    fn was_helped(&self, id: &StepId) -> bool {
        let at = browser::recall(&self.key(id)).and_then(|at| at.parse::<Millis>().ok());
        self.helped.borrow().contains(id) || at.is_some_and(|at| at > self.state.now() - DAY)
    }

    fn key(&self, id: &StepId) -> String {
        concat(&["tabiji:helped:", &self.state.owner(), ":", id.as_str()])
    }
}
