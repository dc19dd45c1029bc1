//! The checklist: rows in order, the next step, and how much is left.

use protocol::files::{Flow, Need, Stage, Step};
use protocol::ids::StepId;
use protocol::stored::{Progress, StepProgress, StepStatus};

/// A flow with an account's progress in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Checklist<'a, T> {
    /// Every step in the order of the flow, must-have before can-wait within a stage.
    pub rows: Vec<Row<'a, T>>,
    /// The next step; absent when everything is done.
    pub next: Option<StepId>,
    /// The number of must-have steps.
    pub total: usize,
    /// The number of open must-have steps.
    pub left: usize,
    /// Minutes that the open must-have steps usually take.
    pub minutes: u32,
}

/// One step of the list.
#[derive(Clone, Debug, PartialEq)]
pub struct Row<'a, T> {
    /// The stage it belongs to.
    pub stage: &'a Stage<T>,
    /// The step.
    pub step: &'a Step<T>,
    /// Its state.
    pub state: RowState,
    /// The account's progress in it, when there is any.
    pub progress: Option<&'a StepProgress>,
}

/// The state of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowState {
    /// Its condition holds.
    Done,
    /// It can be done now.
    Open,
    /// It is locked until these steps are done.
    Locked(Vec<StepId>),
}

impl<'a, T> Checklist<'a, T> {
    /// Combines a flow with the progress in it.
    pub fn new(flow: &'a Flow<T>, progress: &'a Progress) -> Self {
        let mut rows: Vec<Row<'a, T>> = Vec::new();
        for stage in &flow.stages {
            for need in [Need::MustHave, Need::CanWait] {
                let of_need = stage.steps.iter().filter(|step| step.need == need);
                rows.extend(of_need.map(|step| row(stage, step, progress)));
            }
        }
        let open = |row: &&Row<'a, T>| row.step.need == Need::MustHave && row.state != RowState::Done;
        Self {
            next: next(&rows, None).map(|step| step.id.clone()),
            total: rows.iter().filter(|row| row.step.need == Need::MustHave).count(),
            left: rows.iter().filter(open).count(),
            minutes: rows.iter().filter(open).map(|row| row.step.minutes).sum(),
            rows,
        }
    }

    /// The step that will be next once this one is done, which it may unlock.
    pub fn next_after(&self, id: &StepId) -> Option<&'a Step<T>> {
        next(&self.rows, Some(id))
    }
}

/// What can be done first, where one more step counts as done.
fn next<'a, T>(rows: &[Row<'a, T>], done: Option<&StepId>) -> Option<&'a Step<T>> {
    let can_be_done = rows.iter().filter(|row| match &row.state {
        RowState::Done => false,
        RowState::Open => Some(&row.step.id) != done,
        RowState::Locked(waits) => waits.iter().all(|step| Some(step) == done),
    });
    can_be_done.min_by_key(|row| row.rank()).map(|row| row.step)
}

impl<T> Row<'_, T> {
    /// What comes first among the steps that can be done: snoozed ones come after the others.
    fn rank(&self) -> (bool, bool) {
        (self.progress.is_some_and(|step| step.snooze.is_some()), self.step.need != Need::MustHave)
    }
}

fn row<'a, T>(stage: &'a Stage<T>, step: &'a Step<T>, progress: &'a Progress) -> Row<'a, T> {
    let done = |id: &StepId| progress.steps.get(id).is_some_and(|step| step.status == StepStatus::Done);
    let waits: Vec<StepId> = step.after.iter().filter(|id| !done(id)).cloned().collect();
    let state = match (done(&step.id), waits.is_empty()) {
        (true, _) => RowState::Done,
        (false, true) => RowState::Open,
        (false, false) => RowState::Locked(waits),
    };
    Row { stage, step, state, progress: progress.steps.get(&step.id) }
}
