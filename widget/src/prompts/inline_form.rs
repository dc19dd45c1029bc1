//! A step that is done in the widget: what a person enters goes to an action of the host's page.
//!
//! First comes a dry run that changes nothing, then row by row, with a way back. What was entered outlives the
//! card, for as long as the same person is there.

mod action;
mod card;
mod draft;
mod entry;
mod outcome;
mod preview;

use std::cell::RefCell;
use std::rc::Rc;

use protocol::files::{InlineForm, Step};
use protocol::ids::StepId;

use super::texts::Texts;
use crate::state::State;
use card::FormCard;
use draft::Draft;

/// The drafts of one person, by step.
pub struct InlineForms {
    state: State,
    texts: &'static Texts,
    drafts: RefCell<Vec<(StepId, Rc<Draft>)>>,
}

impl InlineForms {
    /// Nothing was entered yet.
    pub fn new(state: State, texts: &'static Texts) -> Rc<Self> {
        Rc::new(Self { state, texts, drafts: RefCell::default() })
    }

    /// Shows the form of a step where the person left it.
    pub fn show(&self, step: &Step<String>) {
        let form: Option<InlineForm<String>> =
            self.state.step_json(&step.id).and_then(|step| step.get("here"));
        if let Some(form) = form {
            FormCard::open(self.state, self.texts, step, form, self.draft(&step.id));
        }
    }

    /// Somebody else is there: what was entered is not theirs, and what is under way reports nothing.
    pub fn forget(&self) {
        for (_, draft) in self.drafts.take() {
            draft.end();
        }
    }

    fn draft(&self, id: &StepId) -> Rc<Draft> {
        let mut drafts = self.drafts.borrow_mut();
        if let Some((_, draft)) = drafts.iter().find(|(known, _)| known == id) {
            return Rc::clone(draft);
        }
        let draft = Rc::new(Draft::default());
        drafts.push((id.clone(), Rc::clone(&draft)));
        draft
    }
}

impl Drop for InlineForms {
    fn drop(&mut self) {
        self.forget();
    }
}
