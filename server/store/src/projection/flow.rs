//! An account's progress in a flow: folded on from its state, or again from everything that happened.

use std::collections::BTreeMap;

use journey::progress::fold::settle;
use journey::progress::{Entry, Rules, Transition, apply};
use protocol::files::{Flow, LocalizedText};
use protocol::ids::{OrderKey, StepId};
use protocol::stored::{Progress, Snooze};

use super::Milestone;
use crate::FlowVersion;

/// The rules of a site's flows, by name.
pub type SiteRules = BTreeMap<String, Rules<LocalizedText>>;

/// Makes the rules of all published versions of a site's flows.
pub fn rules(published: Vec<FlowVersion>) -> SiteRules {
    let mut versions: BTreeMap<String, Vec<(OrderKey, Flow)>> = BTreeMap::new();
    for FlowVersion { flow, published, id, .. } in published {
        versions.entry(flow.name.clone()).or_default().push((OrderKey(published, 0, id), flow));
    }
    versions.into_iter().map(|(name, versions)| (name, Rules::new(versions))).collect()
}

/// An open step that a person snoozed, with the snooze.
pub type Snoozed = (StepId, Snooze);

/// What is to be written of an account's progress in a flow.
#[derive(Clone, Debug, PartialEq)]
pub struct FlowChange {
    /// The new state.
    pub progress: Progress,
    /// The snoozed open steps, in place of those that were kept; none when there are and were none.
    pub snoozed: Option<Vec<Snoozed>>,
    /// Milestones in the order of the fold.
    pub milestones: Vec<Milestone>,
    /// Whether the milestones replace those that were kept; else they come after them.
    pub replaces: bool,
}

/// Folds new entries into an account's state. Returns none when an entry came late or there is no state yet: then
/// [`replay`] needs all entries of the account. Both give the same rows.
pub fn advance(
    rules: &Rules<LocalizedText>,
    state: Option<Progress>,
    entries: &[Entry],
) -> Option<FlowChange> {
    let mut progress = state?;
    if entries.first().is_some_and(|entry| entry.key <= progress.last) {
        return None;
    }
    let had_snoozed = snoozed(&progress).next().is_some();
    let transitions = entries.iter().flat_map(|entry| apply(rules, &mut progress, entry));
    let milestones = transitions.filter_map(Milestone::of).collect();
    let snoozed: Vec<Snoozed> = snoozed(&progress).collect();
    let snoozed = (had_snoozed || !snoozed.is_empty()).then_some(snoozed);
    Some(FlowChange { progress, snoozed, milestones, replaces: false })
}

/// Folds everything that happened to an account; none when nothing did.
pub fn replay(rules: &Rules<LocalizedText>, entries: Vec<Entry>) -> Option<FlowChange> {
    if entries.is_empty() {
        return None;
    }
    let (progress, transitions): (Progress, Vec<Transition>) = journey::progress::replay(rules, entries);
    let snoozed = Some(snoozed(&progress).collect());
    let milestones = transitions.into_iter().filter_map(Milestone::of).collect();
    Some(FlowChange { progress, snoozed, milestones, replaces: true })
}

/// Folds everything that happened to an account as [`replay`] does, entry by entry in the order of their keys, so that
/// a store need not hold them all.
pub struct Replay<'a> {
    rules: &'a Rules<LocalizedText>,
    progress: Progress,
    milestones: Vec<Milestone>,
    is_empty: bool,
}

impl<'a> Replay<'a> {
    /// Begins before anything happened.
    pub fn new(rules: &'a Rules<LocalizedText>) -> Self {
        Self { rules, progress: Progress::default(), milestones: Vec::new(), is_empty: true }
    }

    /// Folds the next entry.
    pub fn add(&mut self, entry: &Entry) {
        let transitions = apply(self.rules, &mut self.progress, entry);
        self.milestones.extend(transitions.into_iter().filter_map(Milestone::of));
        self.is_empty = false;
    }

    /// Returns what is to be written; none when nothing happened.
    pub fn finish(mut self) -> Option<FlowChange> {
        if self.is_empty {
            return None;
        }
        let settled = settle(self.rules, &mut self.progress);
        self.milestones.extend(settled.into_iter().filter_map(Milestone::of));
        let snoozed = Some(snoozed(&self.progress).collect());
        Some(FlowChange { progress: self.progress, snoozed, milestones: self.milestones, replaces: true })
    }
}

fn snoozed(progress: &Progress) -> impl Iterator<Item = Snoozed> {
    progress.steps.iter().filter_map(|(id, step)| Some((id.clone(), step.snooze.clone()?)))
}
