//! Forms come by themselves: few people enter anything here, and what reads a pasted table is a third of the prompts.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use lazy::spawn_local;
use protocol::ids::StepId;

use crate::part;
use crate::state::State;
use crate::wire::Json;

/// What is known of forms once they are there.
pub trait Forms {
    /// Shows the form of a step, as the flow has it, where the person left it.
    fn show(&self, step: &StepId, form: &Json);

    /// Another person is there: what was entered is not theirs, and what is under way reports nothing.
    fn forget(&self);
}

/// Forms, fetched when one is asked for.
pub struct LazyForms {
    state: State,
    me: Weak<Self>,
    forms: RefCell<Option<Rc<dyn Forms>>>,
    /// The step whose form is wanted while they are on their way.
    wanted: Cell<Option<StepId>>,
    coming: Cell<bool>,
}

impl LazyForms {
    /// Nothing was asked for yet.
    pub fn new(state: State) -> Rc<Self> {
        Rc::new_cyclic(|me| Self {
            state,
            me: me.clone(),
            forms: RefCell::default(),
            wanted: Cell::default(),
            coming: Cell::default(),
        })
    }

    /// Shows the form of a step, at once or when it is there.
    pub fn show(&self, step: &StepId) {
        let forms = self.forms.borrow().clone();
        if let Some(forms) = forms {
            if let Some(step_json) = self.state.step_json(step) {
                forms.show(step, &step_json.field("here"));
            }
            return;
        }
        self.wanted.set(Some(step.clone()));
        if !self.coming.replace(true) {
            let (state, me) = (self.state, self.me.clone());
            spawn_local(async move {
                let fetched = part::fetch_forms(state).await;
                if let Some(me) = me.upgrade() {
                    me.fetched(fetched);
                }
            });
        }
    }

    fn fetched(&self, forms: Option<Rc<dyn Forms>>) {
        self.coming.set(false);
        self.forms.borrow_mut().clone_from(&forms);
        let Some(step) = self.wanted.take() else { return };
        if forms.is_some() {
            return self.show(&step);
        }
        let me = self.me.clone();
        self.state.not_fetched(Box::new(move || {
            if let Some(me) = me.upgrade() {
                me.show(&step);
            }
        }));
    }

    /// What was wanted is wanted no longer.
    pub fn cancel(&self) {
        self.wanted.take();
    }

    /// Another person is there.
    pub fn forget(&self) {
        self.cancel();
        let forms = self.forms.borrow().clone();
        if let Some(forms) = forms {
            forms.forget();
        }
    }
}
