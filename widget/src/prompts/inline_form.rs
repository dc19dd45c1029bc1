//! A step that is done in the widget: what a person enters goes to an action of the host's page.
//!
//! First comes a dry run that changes nothing, then row by row, with a way back. What was entered outlives the
//! card and the page, in this tab, for as long as the same person is there.

mod action;
mod card;
mod draft;
mod entry;
mod outcome;
mod preview;
mod texts;

use std::cell::RefCell;
use std::rc::Rc;

use protocol::files::InlineForm;
use protocol::ids::StepId;

use super::plan;
use crate::i18n::concat;
use crate::part::Forms;
use crate::state::State;
use crate::wire::{Json, Read};
use card::FormCard;
use draft::Draft;
use texts::{Texts, texts};

/// The drafts of one person, by step.
struct InlineForms {
    state: State,
    texts: &'static Texts,
    drafts: RefCell<Vec<(StepId, Rc<Draft>)>>,
}

/// Brings the forms; nothing was entered yet.
pub fn attach(state: State) -> Rc<dyn Forms> {
    Rc::new(InlineForms { state, texts: texts(&state.locale()), drafts: RefCell::default() })
}

impl Forms for InlineForms {
    fn show(&self, step: &StepId, form: &Json) {
        let Some(model) = plan::model(self.state) else { return };
        if let (Some(form), Some((_, step))) = (InlineForm::read(form), model.flow.step(step)) {
            FormCard::open(self.state, self.texts, step, form, self.draft(&step.id));
        }
    }

    fn forget(&self) {
        for (_, draft) in self.drafts.take() {
            draft.end();
        }
    }
}

impl InlineForms {
    fn draft(&self, id: &StepId) -> Rc<Draft> {
        let mut drafts = self.drafts.borrow_mut();
        if let Some((_, draft)) = drafts.iter().find(|(known, _)| known == id) {
            return Rc::clone(draft);
        }
        let key = concat(&[&self.state.owner(), ":", id.as_str()]);
        let draft = Rc::new(Draft::of(key));
        drafts.push((id.clone(), Rc::clone(&draft)));
        draft
    }
}

impl Drop for InlineForms {
    fn drop(&mut self) {
        self.forget();
    }
}
