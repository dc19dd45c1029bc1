//! The fold: what happened goes in, progress and transitions come out.

use protocol::{
    Asked, By, Condition, Flow, Key, Later, Need, Progress, StageId, Status, StepId, Tally, UserId,
};

use crate::condition::{enough, holds};
use crate::{Entry, Rules, What};

/// A change of progress, at the moment it became true.
#[derive(Clone, Debug, PartialEq)]
pub struct Transition {
    /// The entry that made it true.
    pub key: Key,
    /// Who did it, when known.
    pub user: Option<UserId>,
    /// What changed.
    pub turn: Turn,
}

/// What can change.
#[derive(Clone, Debug, PartialEq)]
pub enum Turn {
    /// The account is in this stage now, for the `visit`-th time.
    Entered {
        /// Where it came from; none at the very start.
        from: Option<StageId>,
        /// Where it is.
        to: StageId,
        /// From 1; moving back is a new visit.
        visit: u32,
    },
    /// The step's condition became true.
    Completed {
        /// The step.
        step: StepId,
        /// Which attempt.
        visit: u32,
        /// What made it true.
        by: By,
    },
    /// The step's condition stopped being true.
    Reopened {
        /// The step.
        step: StepId,
        /// The attempt that begins now.
        visit: u32,
    },
}

/// Folds everything that happened to one account, in any order and with any repetition.
pub fn replay<T>(rules: &Rules<T>, mut entries: Vec<Entry>) -> (Progress, Vec<Transition>) {
    entries.sort_by_key(|entry| entry.key);
    entries.dedup_by_key(|entry| entry.key);
    let mut progress = Progress::default();
    let mut transitions = Vec::new();
    for entry in &entries {
        transitions.extend(apply(rules, &mut progress, entry));
    }
    transitions.extend(settle(rules, &mut progress));
    (progress, transitions)
}

/// Folds one entry into `progress`. Entries must come in the order of their keys: the caller
/// compares with `progress.last` and turns to [`replay`] when something came late.
pub fn apply<T>(rules: &Rules<T>, progress: &mut Progress, entry: &Entry) -> Vec<Transition> {
    let mut transitions = adopt(rules, progress, entry.key);
    record(rules, progress, entry);
    progress.last = progress.last.max(entry.key);
    if let Some(flow) = rules.version(progress.version) {
        let cause = Cause { key: entry.key, user: entry.user.as_ref(), by: by_of(&entry.what) };
        judge(flow, progress, &cause, &mut transitions);
        enter_stage(flow, progress, &cause, &mut transitions);
    }
    transitions
}

/// Brings an account that has entered to the newest version of the flow.
pub fn settle<T>(rules: &Rules<T>, progress: &mut Progress) -> Vec<Transition> {
    if progress.entered.is_none() {
        return Vec::new();
    }
    adopt(rules, progress, Key(i64::MAX, u32::MAX, Default::default()))
}

/// Takes over each version that came into force up to `until`. Steps that were done stay done,
/// even where the new version asks for more.
fn adopt<T>(rules: &Rules<T>, progress: &mut Progress, until: Key) -> Vec<Transition> {
    let mut transitions = Vec::new();
    for (key, flow) in rules.after(progress.version, until) {
        progress.version = flow.version;
        for (_, step) in flow.steps() {
            let state = progress.steps.or_default(step.id.clone());
            state.visit = state.visit.max(1);
            state.held = state.held && state.status == Status::Open;
        }
        let cause = Cause { key: *key, user: None, by: By::Flow };
        // Before an account enters there is nobody to complete anything.
        if progress.entered.is_some() {
            judge(flow, progress, &cause, &mut transitions);
            progress.last = progress.last.max(*key);
            enter_stage(flow, progress, &cause, &mut transitions);
        }
    }
    transitions
}

struct Cause<'a> {
    key: Key,
    user: Option<&'a UserId>,
    by: By,
}

impl Cause<'_> {
    fn turn(&self, turn: Turn) -> Transition {
        Transition { key: self.key, user: self.user.cloned(), turn }
    }
}

fn by_of(what: &What) -> By {
    match what {
        What::Fact(..) => By::Fact,
        What::Confirmed(..) => By::Person,
        _ => By::Event,
    }
}

fn record<T>(rules: &Rules<T>, progress: &mut Progress, entry: &Entry) {
    progress.entered.get_or_insert(entry.key.0);
    match &entry.what {
        What::Fact(name, value) => {
            #[cfg(feature = "funnel")]
            raised::note(rules, progress, name, value, entry.user.as_ref());
            progress.facts.insert(name.clone(), value.clone());
        }
        What::Tracked(name) => tally(rules.counts_of(name), progress, name, entry.key),
        // A browser can name anything; only what a flow asks about is kept.
        What::Observed(leaf, holds) if rules.asks_about(leaf) => {
            progress.observed.insert(leaf.clone(), *holds);
        }
        What::Shown(id) => {
            if let Some(step) = progress.steps.get_mut(id) {
                step.shown.get_or_insert(entry.key.0);
            }
        }
        What::Confirmed(id, done) => {
            if let Some(step) = progress.steps.get_mut(id) {
                step.confirmed = *done;
            }
        }
        What::Postponed(id, later) => {
            if let Some(step) = progress.steps.get_mut(id) {
                let open = step.status == Status::Open && later.until > 0;
                step.later = open.then(|| Later { user: entry.user.clone(), ..later.clone() });
            }
        }
        What::Asked(id, to) => {
            if let Some(step) = progress.steps.get_mut(id) {
                let open = step.status == Status::Open && !to.is_empty();
                step.asked = open.then(|| Asked { to: to.clone(), by: entry.user.clone() });
            }
        }
        What::Observed(..) | What::Present => {}
    }
}

/// Counts an occurrence, keeping no more than the largest count needs.
fn tally(asked: &[(u32, u32)], progress: &mut Progress, name: &str, Key(at, _, id): Key) {
    let Some(most) = asked.iter().map(|(times, _)| *times as usize).max() else { return };
    let tally: &mut Tally = progress.tallies.or_default(name.to_owned());
    if tally.times.iter().any(|(_, known)| *known == id) {
        return;
    }
    tally.times.push((at, id));
    let surplus = tally.times.len().saturating_sub(most);
    tally.times.drain(..surplus);
    for &(times, within) in asked {
        if !tally.met.contains(&(times, within)) && enough(tally, times, within) {
            tally.met.push((times, within));
        }
    }
}

/// Turns every step whose condition turned. Steps may depend on steps, so it looks again until
/// nothing changes; the number of steps bounds how often that can be.
fn judge<T>(flow: &Flow<T>, progress: &mut Progress, cause: &Cause<'_>, out: &mut Vec<Transition>) {
    for _ in 0..flow.steps().count() {
        let mut quiet = true;
        for (_, step) in flow.steps() {
            let holds = step_holds(&step.done, &step.id, progress);
            quiet &= !turn(progress, &step.id, holds, cause, out);
        }
        if quiet {
            break;
        }
    }
}

fn step_holds(condition: &Condition, id: &StepId, progress: &Progress) -> bool {
    match condition {
        Condition::Confirmed => progress.steps.get(id).is_some_and(|step| step.confirmed),
        Condition::All(parts) => parts.iter().all(|part| step_holds(part, id, progress)),
        Condition::Any(parts) => parts.iter().any(|part| step_holds(part, id, progress)),
        Condition::Not(part) => !step_holds(part, id, progress),
        leaf => holds(leaf, progress),
    }
}

/// Gives a step its new truth; says whether anything changed.
fn turn(
    progress: &mut Progress,
    id: &StepId,
    holds: bool,
    cause: &Cause<'_>,
    out: &mut Vec<Transition>,
) -> bool {
    let Some(state) = progress.steps.get_mut(id) else { return false };
    if state.held == holds {
        return false;
    }
    state.held = holds;
    match (holds, state.status) {
        (true, Status::Open) => {
            state.status = Status::Done;
            state.done_at = Some(cause.key.0);
            state.by = Some(cause.by);
            state.user = cause.user.cloned();
            state.later = None;
            state.asked = None;
            out.push(cause.turn(Turn::Completed { step: id.clone(), visit: state.visit, by: cause.by }));
        }
        (false, Status::Done) => {
            state.status = Status::Open;
            state.visit += 1;
            state.confirmed = false;
            out.push(cause.turn(Turn::Reopened { step: id.clone(), visit: state.visit }));
        }
        _ => {}
    }
    true
}

/// The account is in the first stage that still has a must-have step to do, else in the last.
fn enter_stage<T>(flow: &Flow<T>, progress: &mut Progress, cause: &Cause<'_>, out: &mut Vec<Transition>) {
    let open = |id: &StepId| progress.steps.get(id).is_none_or(|step| step.status == Status::Open);
    let unfinished = flow
        .stages
        .iter()
        .find(|stage| stage.steps.iter().any(|step| step.need == Need::MustHave && open(&step.id)));
    let Some(to) = unfinished.or(flow.stages.last()).map(|stage| stage.id.clone()) else { return };
    if progress.stage.as_ref() == Some(&to) {
        return;
    }
    let visit = progress.visits.or_default(to.clone());
    *visit += 1;
    let visit = *visit;
    let from = progress.stage.replace(to.clone());
    out.push(cause.turn(Turn::Entered { from, to, visit }));
}

#[cfg(feature = "funnel")]
mod raised;
#[cfg(test)]
mod tests;
