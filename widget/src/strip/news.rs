//! Which steps were done since this device looked last, on another page, device or by a colleague.

use protocol::stored::{StepProgress, StepStatus};

use super::Running;
use super::moment::Moment;
use crate::state::Model;
use crate::wire::{Json, Read, print};
use crate::{browser, js};

impl Running {
    /// What was done since the last look; nothing at the first one.
    pub(super) fn take_news(&self, model: &Model) -> Option<Moment> {
        let done: Vec<String> = model
            .flow
            .steps()
            .map(|(_, step)| &step.id)
            .filter_map(|id| {
                let is_done = model.progress.steps.get(id)?.status == StepStatus::Done;
                is_done.then(|| id.as_str().to_owned())
            })
            .collect();
        let known = browser::recall(&self.key()).and_then(|text| Vec::<String>::read(&Json::parse(&text)?));
        if known.as_ref() == Some(&done) {
            return None;
        }
        let list = js::list(done.iter().map(|id| id.into()));
        browser::remember(&self.key(), Some(&print(&list)));
        let known = known?;
        let fresh = done.iter().rev().find(|id| !known.contains(id))?;
        if model.checklist().left == 0 {
            return Some(Moment::Finished);
        }
        let id = fresh.as_str().into();
        let by = model.progress.steps.get(&id).and_then(|step| self.by_other(step, model));
        Some(Moment::Done { step: model.title(&id).to_owned(), by })
    }

    fn by_other(&self, step: &StepProgress, model: &Model) -> Option<String> {
        let user = step.user.as_ref().filter(|user| user.as_str() != self.state.me().user)?;
        model.people.get(user).cloned()
    }

    fn key(&self) -> String {
        ["tabiji:done:", &self.state.owner()].concat()
    }
}
