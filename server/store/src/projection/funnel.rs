//! An account's path through a flow, made of its milestones.

use std::collections::BTreeMap;

use journey::reports::funnel::Path;
use protocol::Millis;
use protocol::files::Flow;
use protocol::ids::StageId;

use super::MilestoneKind;

/// Where the steps of a flow stand in a path.
#[derive(Clone, Debug)]
pub struct FunnelShape {
    first_stage: Option<StageId>,
    places: BTreeMap<String, usize>,
}

impl FunnelShape {
    /// The shape of one version of a flow.
    pub fn of(flow: &Flow) -> Self {
        let places =
            flow.steps().enumerate().map(|(place, (_, step))| (step.id.to_string(), place)).collect();
        Self { first_stage: flow.stages.first().map(|stage| stage.id.clone()), places }
    }

    /// The path of an account that did nothing.
    pub fn empty(&self) -> Path {
        Path { entered: Vec::new(), completed: vec![Vec::new(); self.places.len()] }
    }

    /// Adds a milestone. The first entry into any stage and every entry into the first one begin an attempt.
    pub fn add(&self, path: &mut Path, kind: MilestoneKind, name: &str, at: Millis) {
        let is_first = || self.first_stage.as_ref().is_some_and(|stage| stage.as_str() == name);
        match kind {
            MilestoneKind::Entered if path.entered.is_empty() || is_first() => path.entered.push(at),
            MilestoneKind::Completed => {
                if let Some(place) = self.places.get(name) {
                    path.completed[*place].push(at);
                }
            }
            MilestoneKind::Entered | MilestoneKind::Reopened => {}
        }
    }
}
