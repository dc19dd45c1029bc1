//! Which steps were done since this device looked last, on another page, device or by a colleague.

use protocol::stored::{StepProgress, StepStatus};

use super::Running;
use super::moment::Moment;
use crate::i18n::concat;
use crate::state::Model;
use crate::wire::{Json, Read, print};
use crate::{browser, js};

/// The steps that are done.
pub(super) fn done(model: &Model) -> Vec<String> {
    let is_done = |id| model.progress.steps.get(id).is_some_and(|step| step.status == StepStatus::Done);
    let ids = model.flow.steps().map(|(_, step)| &step.id);
    ids.filter(|id| is_done(id)).map(|id| id.as_str().to_owned()).collect()
}

impl Running {
    /// What was done since the last look; nothing at the first one.
    pub(super) fn take_news(&self, model: &Model) -> Option<Moment> {
        let done = done(model);
        let known = browser::recall(&self.key()).and_then(|text| Vec::<String>::read(&Json::parse(&text)?));
        if known.as_ref() == Some(&done) {
            return None;
        }
        let fresh = known.as_ref().and_then(|known| done.iter().rev().find(|id| !known.contains(id)));
        if fresh.is_some() && model.checklist().left == 0 {
            // It stays until it was read or sent away, on the next page too.
            let is_said = matches!(*self.moment.borrow(), Some(Moment::Finished));
            return (!is_said).then_some(Moment::Finished);
        }
        self.remember_done(&done);
        let fresh = fresh?;
        let id = fresh.as_str().into();
        let by = model.progress.steps.get(&id).and_then(|step| self.by_other(step, model));
        Some(Moment::Done { step: model.title(&id).to_owned(), by })
    }

    /// Remembers what this device knows to be done.
    pub(super) fn remember_done(&self, done: &[String]) {
        let list = js::list(done.iter().map(|id| id.into()));
        browser::remember(&self.key(), Some(&print(&list)));
    }

    fn by_other(&self, step: &StepProgress, model: &Model) -> Option<String> {
        let user = step.user.as_ref().filter(|user| user.as_str() != self.state.me().user)?;
        model.people.get(user).cloned()
    }

    fn key(&self) -> String {
        concat(&["tabiji:done:", &self.state.owner()])
    }
}
