//! The flow in force at each moment: every published version, and what its conditions count.

use std::sync::Arc;

use protocol::{Condition, EventId, Flow, Key, Observed, Table};

/// All versions of one flow, oldest first. The first holds from the beginning of time, so that
/// what happened before a team published anything still counts.
#[derive(Clone, Debug)]
pub struct Rules<T> {
    versions: Vec<(Key, Arc<Flow<T>>)>,
    counted: Table<String, Vec<(u32, u32)>>,
    /// What conditions ask browsers to observe; nothing else is remembered.
    leaves: Vec<String>,
}

/// Before everything.
const START: Key = Key(i64::MIN, 0, EventId::NIL);

impl<T> Rules<T> {
    /// Rules of one version only, as a widget has them.
    pub fn single(flow: Flow<T>) -> Self {
        Self {
            counted: counted([&flow].into_iter()),
            leaves: leaves([&flow].into_iter()),
            versions: vec![(START, Arc::new(flow))],
        }
    }

    /// Rules of every version with the moment each was published, in any order.
    ///
    /// # Panics
    /// Never for a non-empty list; an empty one has no flow to judge by and is the caller's mistake.
    pub fn new(mut versions: Vec<(Key, Flow<T>)>) -> Self {
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

    /// The newest version.
    pub fn newest(&self) -> &Arc<Flow<T>> {
        &self.versions[self.versions.len() - 1].1
    }

    /// Versions that came into force after `version` and not later than `until`, oldest first.
    pub(crate) fn after(&self, version: u32, until: Key) -> impl Iterator<Item = &(Key, Arc<Flow<T>>)> {
        self.versions.iter().filter(move |(key, flow)| flow.version > version && *key <= until)
    }

    /// The flow of this version, when it was published.
    pub(crate) fn version(&self, version: u32) -> Option<&Flow<T>> {
        self.versions.iter().map(|(_, flow)| &**flow).find(|flow| flow.version == version)
    }

    /// Whether any version asks about this observation.
    pub(crate) fn asks_about(&self, leaf: &str) -> bool {
        self.leaves.iter().any(|known| known == leaf)
    }

    /// The `(times, within_minutes)` that any version asks of this event.
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
                    Condition::Url(pattern) => Some(Observed::url(pattern)),
                    Condition::Element { selector, state } => Some(Observed::element(selector, *state)),
                    Condition::Video(clip) => Some(Observed::video(clip)),
                    _ => None,
                });
            });
        }
    }
    leaves
}

fn counted<'a, T: 'a>(flows: impl Iterator<Item = &'a Flow<T>>) -> Table<String, Vec<(u32, u32)>> {
    let mut counted: Table<String, Vec<(u32, u32)>> = Table::default();
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
