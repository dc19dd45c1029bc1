//! The fold: entries go in, progress and transitions come out.

use protocol::files::{Condition, Flow, Need};
use protocol::ids::{OrderKey, StageId, StepId, UserId};
use protocol::stored::{Delegation, DoneBy, Progress, Snooze, StepStatus, Tally};

use super::condition::{enough, holds};
use super::{Entry, EntryKind, Rules};

/// A change of progress, with the entry that caused it.
#[derive(Clone, Debug, PartialEq)]
pub struct Transition {
    /// The key of the entry that caused it.
    pub key: OrderKey,
    /// The person who did it; absent when unknown.
    pub user: Option<UserId>,
    /// What changed.
    pub change: Change,
}

/// What can change.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// The account entered a stage.
    Entered {
        /// The stage before; absent at the start.
        from: Option<StageId>,
        /// The stage.
        to: StageId,
        /// The number of the visit, from 1; moving back is a new visit.
        visit: u32,
    },
    /// The step's condition became true.
    Completed {
        /// The step.
        step: StepId,
        /// The number of the attempt.
        visit: u32,
        /// The cause.
        by: DoneBy,
    },
    /// The step's condition stopped being true.
    Reopened {
        /// The step.
        step: StepId,
        /// The number of the attempt that begins.
        visit: u32,
    },
}

/// Folds all entries of an account, in any order and with any repetition.
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

/// Folds one entry into `progress`. Entries must come in the order of their keys: the caller compares with
/// `progress.last` and calls [`replay`] when an entry comes late.
pub fn apply<T>(rules: &Rules<T>, progress: &mut Progress, entry: &Entry) -> Vec<Transition> {
    let mut transitions = adopt(rules, progress, entry.key);
    record(rules, progress, entry);
    progress.last = progress.last.max(entry.key);
    if let Some(flow) = rules.version(progress.version) {
        let cause = Cause { key: entry.key, user: entry.user.as_ref(), by: by_of(&entry.what) };
        evaluate(flow, progress, &cause, &mut transitions);
        enter_stage(flow, progress, &cause, &mut transitions);
    }
    transitions
}

/// Brings an account that has entered to the newest version of the flow.
pub fn settle<T>(rules: &Rules<T>, progress: &mut Progress) -> Vec<Transition> {
    if progress.entered.is_none() {
        return Vec::new();
    }
    adopt(rules, progress, OrderKey(i64::MAX, u32::MAX, Default::default()))
}

/// Adopts each version that came into force up to `until`. Steps that were done stay done, even where the new
/// version requires more.
fn adopt<T>(rules: &Rules<T>, progress: &mut Progress, until: OrderKey) -> Vec<Transition> {
    let mut transitions = Vec::new();
    for (key, flow) in rules.after(progress.version, until) {
        progress.version = flow.version;
        for (_, step) in flow.steps() {
            let state = progress.steps.or_default(step.id.clone());
            state.visit = state.visit.max(1);
            state.held = state.held && state.status == StepStatus::Open;
        }
        let cause = Cause { key: *key, user: None, by: DoneBy::Flow };
        // Nobody can have completed a step before the account entered.
        if progress.entered.is_some() {
            evaluate(flow, progress, &cause, &mut transitions);
            progress.last = progress.last.max(*key);
            enter_stage(flow, progress, &cause, &mut transitions);
        }
    }
    transitions
}

struct Cause<'a> {
    key: OrderKey,
    user: Option<&'a UserId>,
    by: DoneBy,
}

impl Cause<'_> {
    fn transition(&self, change: Change) -> Transition {
        Transition { key: self.key, user: self.user.cloned(), change }
    }
}

fn by_of(what: &EntryKind) -> DoneBy {
    match what {
        EntryKind::Fact(..) => DoneBy::Fact,
        EntryKind::Confirmed(..) => DoneBy::Person,
        _ => DoneBy::Event,
    }
}

fn record<T>(rules: &Rules<T>, progress: &mut Progress, entry: &Entry) {
    progress.entered.get_or_insert(entry.key.0);
    match &entry.what {
        EntryKind::Fact(name, value) => {
            #[cfg(feature = "funnel")]
            contributions::note(rules, progress, name, value, entry.user.as_ref());
            progress.facts.insert(name.clone(), value.clone());
        }
        EntryKind::Tracked(name) => tally(rules.counts_of(name), progress, name, entry.key),
        // A browser can name anything, so only observations that the flow asks for are kept.
        EntryKind::Observed(leaf, holds) if rules.asks_about(leaf) => {
            progress.observed.insert(leaf.clone(), *holds);
        }
        EntryKind::Shown(id) => {
            if let Some(step) = progress.steps.get_mut(id) {
                step.shown.get_or_insert(entry.key.0);
            }
        }
        EntryKind::Confirmed(id, done) => {
            if let Some(step) = progress.steps.get_mut(id) {
                step.confirmed = *done;
            }
        }
        EntryKind::Postponed(id, later) => {
            if let Some(step) = progress.steps.get_mut(id) {
                let open = step.status == StepStatus::Open && later.until > 0;
                step.snooze = open.then(|| Snooze { user: entry.user.clone(), ..later.clone() });
            }
        }
        EntryKind::Asked(id, to) => {
            if let Some(step) = progress.steps.get_mut(id) {
                let open = step.status == StepStatus::Open && !to.is_empty();
                step.delegation = open.then(|| Delegation { to: to.clone(), by: entry.user.clone() });
            }
        }
        EntryKind::Observed(..) | EntryKind::Present => {}
    }
}

/// Counts an occurrence and keeps no more of them than the largest count needs.
fn tally(asked: &[(u32, u32)], progress: &mut Progress, name: &str, OrderKey(at, _, id): OrderKey) {
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

/// Decides which steps are done: completes or re-opens every step whose condition changed. Steps may depend on
/// steps, so it repeats until nothing changes; the number of steps bounds the repetitions.
fn evaluate<T>(flow: &Flow<T>, progress: &mut Progress, cause: &Cause<'_>, out: &mut Vec<Transition>) {
    for _ in 0..flow.steps().count() {
        let mut quiet = true;
        for (_, step) in flow.steps() {
            let holds = step_holds(&step.done, &step.id, progress);
            quiet &= !set_holds(progress, &step.id, holds, cause, out);
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

/// Sets whether a step's condition holds; returns whether that changed anything.
fn set_holds(
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
        (true, StepStatus::Open) => {
            state.status = StepStatus::Done;
            state.done_at = Some(cause.key.0);
            state.by = Some(cause.by);
            state.user = cause.user.cloned();
            state.snooze = None;
            state.delegation = None;
            out.push(cause.transition(Change::Completed {
                step: id.clone(),
                visit: state.visit,
                by: cause.by,
            }));
        }
        (false, StepStatus::Done) => {
            state.status = StepStatus::Open;
            state.visit += 1;
            state.confirmed = false;
            out.push(cause.transition(Change::Reopened { step: id.clone(), visit: state.visit }));
        }
        _ => {}
    }
    true
}

/// Moves the account to the first stage that has an open must-have step, else to the last stage.
fn enter_stage<T>(flow: &Flow<T>, progress: &mut Progress, cause: &Cause<'_>, out: &mut Vec<Transition>) {
    let open = |id: &StepId| progress.steps.get(id).is_none_or(|step| step.status == StepStatus::Open);
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
    out.push(cause.transition(Change::Entered { from, to, visit }));
}

#[cfg(feature = "funnel")]
mod contributions;
#[cfg(test)]
mod tests;
