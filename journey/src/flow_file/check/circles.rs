//! Steps that wait for themselves.

use std::collections::{BTreeMap, BTreeSet};

use protocol::files::Condition;
use protocol::ids::StepId;

use super::findings::Findings;
use super::positions::At;

impl Findings<'_> {
    /// Reports steps that wait for themselves, also indirectly: they can never be done.
    pub(super) fn circles(&mut self) {
        let mut waits = Waits::new();
        for (_, step) in self.flow.steps() {
            let before = waits.entry(&step.id).or_default();
            before.extend(&step.after);
            step.done.walk(&mut |part| {
                if let Condition::Step(id) = part {
                    before.insert(id);
                }
            });
        }
        let waiting = on_circles(&waits);
        for (s, stage) in self.flow.stages.iter().enumerate() {
            for (k, step) in stage.steps.iter().enumerate() {
                if waiting.contains(&step.id) {
                    let path = [At::Key("stage"), At::Index(s), At::Key("step"), At::Index(k)];
                    let help = "take one of the steps out of `after` or `done`";
                    self.error(&path, "circle", format!("the step {} waits for itself", step.id), help);
                }
            }
        }
    }
}

/// What each step waits for.
type Waits<'a> = BTreeMap<&'a StepId, BTreeSet<&'a StepId>>;

/// Returns the steps that wait for themselves, also indirectly. Each is looked at twice, however many there are (Sharir,
/// "A strong-connectivity algorithm", 1981): taken in this order, a step finds nothing left of what it waits for but what
/// waits for it as well.
fn on_circles<'a>(waits: &Waits<'a>) -> BTreeSet<&'a StepId> {
    let (mut taken, mut found) = (BTreeSet::new(), BTreeSet::new());
    for start in in_order(waits) {
        let (mut together, mut open) = (Vec::new(), vec![start]);
        while let Some(step) = open.pop() {
            if let Some(before) = waits.get(step)
                && taken.insert(step)
            {
                together.push(step);
                open.extend(before);
            }
        }
        if together.len() > 1 || waits.get(start).is_some_and(|before| before.contains(start)) {
            found.extend(together);
        }
    }
    found
}

/// Returns all steps, those that others wait for first, as far as circles let that be.
fn in_order<'a>(waits: &Waits<'a>) -> Vec<&'a StepId> {
    let mut waiting: BTreeMap<&StepId, Vec<&'a StepId>> = BTreeMap::new();
    for (step, before) in waits {
        for before in before {
            waiting.entry(*before).or_default().push(*step);
        }
    }
    let (mut seen, mut order) = (BTreeSet::new(), Vec::new());
    for start in waits.keys() {
        let mut open = vec![(*start, false)];
        while let Some((step, is_left)) = open.pop() {
            if is_left {
                order.push(step);
            } else if seen.insert(step) {
                open.push((step, true));
                open.extend(waiting.get(step).into_iter().flatten().map(|step| (*step, false)));
            }
        }
    }
    order.reverse();
    order
}
