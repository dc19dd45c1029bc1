//! What the collector says of the step: whether it is done, who finished it, and how far it has come.

use journey::progress::condition;
use protocol::backend::FactValue;
use protocol::files::{Condition, WaitFor};
use protocol::ids::{StepId, UserId};

use super::{Phase, Tour, reason};
use crate::guide::stops::Stop;
use crate::state::State;
use crate::wire::Json;

/// How long it is said that a step is done, in milliseconds.
const STAYS: u32 = 8_000;

fn progress(state: State, step: &StepId) -> Json {
    state.progress_json().field("steps").field(step.as_str())
}

/// Whether the collector says that a step is done.
pub fn is_done(state: State, step: &StepId) -> bool {
    progress(state, step).get::<String>("status").as_deref() == Some("done")
}

impl Tour {
    /// Whether the step is done since the guide began.
    fn is_done_now(&self) -> bool {
        !self.was_done && is_done(self.state, &self.step)
    }

    /// Whether the step is done and nothing is left that one only reads.
    pub(super) fn is_finished(&self) -> bool {
        let rest = self.stops.iter().skip(self.at.get());
        is_done(self.state, &self.step) && rest.into_iter().any(|stop| stop.wait != WaitFor::Read)
    }

    /// The collector knows more than before.
    pub fn news(&self) {
        match self.phase.get() {
            Phase::Elsewhere | Phase::Done => {}
            Phase::Checking => self.look_at_result(),
            _ if self.is_done_now() && self.is_finished() => self.done_elsewhere(),
            _ if self.stop().wait == WaitFor::Fact && self.holds(&self.stop()) => self.onwards(),
            _ => {}
        }
    }

    /// A colleague finished the step, or the same person in another place: the guide says so and ends.
    fn done_elsewhere(&self) {
        let target = self.target.get();
        self.tell(protocol::widget::EventKind::GuideEnded, vec![reason("done")]);
        self.stand(0, 0);
        self.leave_stop();
        self.phase.set(Phase::Done);
        self.target.set(target);
        self.face_done(&self.done_by());
        self.later(STAYS, |tour| {
            if !tour.layer.has_focus() {
                tour.end("done");
            }
        });
    }

    /// The name of the colleague who finished the step; empty where it is not known, or the same person.
    fn done_by(&self) -> String {
        let user: String = progress(self.state, &self.step).or_default("user");
        if user == self.state.me().user {
            return String::new();
        }
        let model = self.state.model.get_untracked();
        model.and_then(|model| model.people.get(&UserId(user)).cloned()).unwrap_or_default()
    }

    /// Whether the fact that a stop names holds.
    pub(super) fn fact_holds(&self, stop: &Stop) -> bool {
        let (Some(name), Some(model)) = (stop.text("fact"), self.state.model.get_untracked()) else {
            return false;
        };
        let fact = Condition::Fact { name, at_least: stop.at_least(), equals: None };
        condition::holds(&fact, &model.progress)
    }

    /// How far the step has come, and how far it must get: what the stop that repeats counts, or the step itself.
    pub(super) fn count(&self) -> (u32, u32) {
        let Some(model) = self.state.model.get_untracked() else { return (0, 0) };
        let repeats = self.stops.iter().find(|stop| stop.repeat_from().is_some());
        if let Some((stop, fact)) = repeats.and_then(|stop| Some((stop, stop.text("fact")?))) {
            let Some(FactValue::Number(number)) = model.progress.facts.get(&fact) else { return (0, 0) };
            return (*number as u32, stop.at_least().unwrap_or(1.0) as u32);
        }
        let step = model.flow.step(&self.step);
        let count = step.and_then(|(_, step)| condition::count(&step.done, &model.progress));
        count.map_or((0, 0), |(_, so_far, wanted)| (so_far, wanted))
    }

    /// Whether the host's backend has a say in whether the step is done.
    pub(super) fn is_verified(&self) -> bool {
        let model = self.state.model.get_untracked();
        let step = model.as_ref().and_then(|model| model.flow.step(&self.step));
        !self.was_done && step.is_some_and(|(_, step)| condition::is_verified(&step.done))
    }

    /// Whether a round of a stop that repeats was the last one.
    pub(super) fn ends_repetition(&self, stop: &Stop) -> bool {
        is_done(self.state, &self.step) || self.fact_holds(stop)
    }
}
