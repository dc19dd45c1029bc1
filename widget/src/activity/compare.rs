//! Says aloud, and to the host's page, what changed between two moments.

use protocol::stored::StepStatus;

use super::texts::texts;
use crate::i18n::fill;
use crate::state::{HostEvent, Model, State, summary};

/// Announces steps that are done or open again, and the end of the checklist.
pub fn announce(state: State, old: &Model, new: &Model) {
    let texts = texts(&state.locale());
    let left = summary::left(state.texts, &new.checklist());
    for (id, step) in new.progress.steps.iter() {
        let before = old.progress.steps.get(id).map(|step| step.status).unwrap_or_default();
        if before == step.status {
            continue;
        }
        let done = step.status == StepStatus::Done;
        let text = if done { texts.done } else { texts.reopened };
        state.announcement.set(fill(text, &[("step", new.title(id)), ("left", &left)]));
        state.notify_host(if done { HostEvent::Completed(id) } else { HostEvent::Reopened(id) });
        // Who was sent to a step sees that it is done.
        let is_chosen = state.chosen.get_untracked().as_ref() == Some(id);
        if done && is_chosen && !state.is_invited.get_untracked() {
            state.chosen.set(None);
        }
    }
    if old.checklist().left > 0 && new.checklist().left == 0 {
        state.notify_host(HostEvent::Finished);
    }
}
