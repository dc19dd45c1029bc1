//! Rules: every published version of a flow, each with the moment it came into force.

use std::sync::Arc;

use protocol::SortedMap;
use protocol::files::{Condition, Flow};
use protocol::ids::{EventId, OrderKey};
use protocol::widget::Observation;

/// All versions of one flow, the oldest first. The first one holds from the beginning of time, so that entries
/// before the first publication count.
#[derive(Clone, Debug)]
pub struct Rules<T> {
    versions: Vec<(OrderKey, Arc<Flow<T>>)>,
    counted: SortedMap<String, Vec<(u32, u32)>>,
    /// The observations that conditions ask for; the fold ignores others.
    leaves: Vec<String>,
}

/// Before everything.
const START: OrderKey = OrderKey(i64::MIN, 0, EventId::NIL);

impl<T> Rules<T> {
    /// Makes rules of a single version, as a widget has them.
    pub fn single(flow: impl Into<Arc<Flow<T>>>) -> Self {
        let flow = flow.into();
        Self {
            counted: counted([&*flow].into_iter()),
            leaves: leaves([&*flow].into_iter()),
            versions: vec![(START, flow)],
        }
    }

    /// Makes rules of every version with the moment of its publication, in any order.
    ///
    /// # Panics
    /// When the list is empty: there is no flow to evaluate by.
    pub fn new(mut versions: Vec<(OrderKey, Flow<T>)>) -> Self {
        assert!(!versions.is_empty(), "rules need at least one flow");
        versions.sort_by_key(|(key, _)| *key);
        versions[0].0 = START;
        let counted = counted(versions.iter().map(|(_, flow)| flow));
        let leaves = leaves(versions.iter().map(|(_, flow)| flow));
        Self {
            versions: versions.into_iter().map(|(key, flow)| (key, Arc::new(flow))).collect(),
            counted,
            leaves,
        }
    }

    /// Returns the newest version.
    pub fn newest(&self) -> &Arc<Flow<T>> {
        &self.versions[self.versions.len() - 1].1
    }

    /// Returns the versions that came into force after `version` and not later than `until`, the oldest first.
    pub(crate) fn after(
        &self,
        version: u32,
        until: OrderKey,
    ) -> impl Iterator<Item = &(OrderKey, Arc<Flow<T>>)> {
        self.versions.iter().filter(move |(key, flow)| flow.version > version && *key <= until)
    }

    /// Returns the flow of this version, if it was published.
    pub(crate) fn version(&self, version: u32) -> Option<&Flow<T>> {
        self.versions.iter().map(|(_, flow)| &**flow).find(|flow| flow.version == version)
    }

    /// Returns whether a condition of any version asks for this observation.
    pub(crate) fn asks_about(&self, leaf: &str) -> bool {
        self.leaves.iter().any(|known| known == leaf)
    }

    /// Returns every `(times, within_minutes)` that conditions require of this event.
    pub(crate) fn counts_of(&self, event: &str) -> &[(u32, u32)] {
        self.counted.get(event).map_or(&[], Vec::as_slice)
    }
}

fn leaves<'a, T: 'a>(flows: impl Iterator<Item = &'a Flow<T>>) -> Vec<String> {
    let mut leaves = Vec::new();
    for flow in flows {
        for (_, step) in flow.steps() {
            step.done.walk(&mut |part| {
                leaves.extend(match part {
                    Condition::Url(pattern) => Some(Observation::url(pattern)),
                    Condition::Element { selector, state } => Some(Observation::element(selector, *state)),
                    Condition::Video(clip) => Some(Observation::video(clip)),
                    _ => None,
                });
            });
        }
    }
    leaves
}

fn counted<'a, T: 'a>(flows: impl Iterator<Item = &'a Flow<T>>) -> SortedMap<String, Vec<(u32, u32)>> {
    let mut counted: SortedMap<String, Vec<(u32, u32)>> = SortedMap::default();
    for flow in flows {
        for (_, step) in flow.steps() {
            step.done.walk(&mut |part| {
                if let Condition::Event { name, times, within_minutes } = part {
                    let asked = counted.or_default(name.clone());
                    if !asked.contains(&(*times, *within_minutes)) {
                        asked.push((*times, *within_minutes));
                    }
                }
            });
        }
    }
    counted
}
