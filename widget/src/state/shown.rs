//! Which steps a person looks at, and that they were seen.

use protocol::ids::StepId;
use protocol::widget::EventKind;

use super::{Data, HostEvent, State};

impl State {
    /// Notes that the steps which are shown with their card were seen, once per step.
    pub fn show(self) {
        if self.open.get_untracked() {
            self.in_focus().iter().chain(&self.unfolded.get_untracked()).for_each(|id| self.note_shown(id));
        }
    }

    fn note_shown(self, id: &StepId) {
        let Some(model) = self.model.get_untracked() else { return };
        let known = model.progress.steps.get(id).is_some_and(|step| step.shown.is_some());
        // No fold can note it in a progress that lacks the step, or before `activity` is there: once is enough.
        if !known && self.with(|context| context.note_shown(id)) == Some(true) {
            self.happened(EventKind::StepShown, Some(id), Data::new());
            self.notify_host(HostEvent::Shown(id));
        }
    }

    /// The step in focus: the chosen one, else the next.
    pub fn in_focus(self) -> Option<StepId> {
        let model = self.model.get()?;
        let known = |id: &StepId| model.flow.step(id).is_some();
        self.chosen.get().filter(known).or_else(|| model.checklist().next)
    }
}
