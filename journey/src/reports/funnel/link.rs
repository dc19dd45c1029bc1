//! What comes before what in a funnel.

use std::collections::BTreeSet;

use protocol::files::{Flow, Need, Stage, Step};

/// A step or a stage of the funnel. Steps are named by their places in the flow, which are those in a path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Link {
    /// The steps that come before it.
    pub before: Vec<usize>,
    /// The steps that reach it: one, or all that a stage requires.
    pub steps: Vec<usize>,
}

/// Returns a link for each step of the flow, and then one for each of its [`stages`].
///
/// Before a step come those that it names in `after`, and those before them; before a stage come all that the stages
/// above it require. A step that can wait comes before nothing.
pub fn links<T>(flow: &Flow<T>) -> Vec<Link> {
    let steps: Vec<&Step<T>> = flow.steps().map(|(_, step)| step).collect();
    let mut links: Vec<Link> =
        (0..steps.len()).map(|at| Link { before: before(&steps, at), steps: vec![at] }).collect();
    let mut above = Vec::new();
    for stage in stages(flow) {
        let is_required = |at: &usize| {
            let step = steps[*at];
            step.need == Need::MustHave && stage.steps.iter().any(|one| one.id == step.id)
        };
        let required: Vec<usize> = (0..steps.len()).filter(is_required).collect();
        links.push(Link { before: above.clone(), steps: required.clone() });
        above.extend(required);
    }
    links
}

/// Returns the stages that require a step: the others have no end.
pub fn stages<T>(flow: &Flow<T>) -> impl Iterator<Item = &Stage<T>> {
    flow.stages.iter().filter(|stage| stage.steps.iter().any(|step| step.need == Need::MustHave))
}

fn before<T>(steps: &[&Step<T>], at: usize) -> Vec<usize> {
    let mut known = BTreeSet::from([at]);
    let mut open = vec![at];
    while let Some(one) = open.pop() {
        let named = steps.iter().enumerate().filter(|(_, step)| steps[one].after.contains(&step.id));
        open.extend(named.map(|(place, _)| place).filter(|place| known.insert(*place)));
    }
    known.into_iter().filter(|place| *place != at && steps[*place].need == Need::MustHave).collect()
}
