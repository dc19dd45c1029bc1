//! What the collector said of the flow and of the account's progress in it.
//!
//! Prompts go by the collector's own word, without what happened here since: whether something is confirmed
//! is not for this page to say.

use std::rc::Rc;

use protocol::files::Step;
use protocol::ids::StepId;

use crate::part::{CoreEvent, Subscription};
use crate::state::{Model, State};
use crate::wire::Json;

/// What a person sees, once there is a flow; nothing when the widget is gone.
#[inline(never)]
pub fn model(state: State) -> Option<Rc<Model>> {
    state.model.get_untracked()
}

/// Runs with a step of the flow.
pub fn with_step(state: State, id: &StepId, run: &dyn Fn(&Step<String>)) {
    if let Some(model) = model(state)
        && let Some((_, step)) = model.flow.step(id)
    {
        run(step);
    }
}

/// Calls `run` at every event of the core for as long as the subscription lives.
pub fn subscribe(state: State, run: Box<dyn Fn(CoreEvent)>) -> Option<Subscription> {
    state.subscribe(run)
}

/// How far a step is that counts something: how many there are, of how many.
pub fn count(state: State, id: &StepId) -> Option<(u32, u32)> {
    let model = model(state)?;
    let (_, step) = model.flow.step(id)?;
    journey::progress::condition::count(&step.done, &model.progress).map(|(_, n, total)| (n, total))
}

/// What comes after a step: the title of the next one, as the panel will show it.
pub fn title_after(state: State, id: &StepId) -> Option<String> {
    let model = model(state)?;
    model.checklist().next_after(id).map(|step| step.title.clone())
}

/// Progress in a step as the collector wrote it.
pub fn progress(state: State, id: &str) -> Json {
    state.progress_json().field("steps").field(id)
}

/// Whether the collector says that a step is done.
pub fn is_done(state: State, id: &str) -> bool {
    progress(state, id).get::<String>("status").as_deref() == Some("done")
}
