//! Contributions: who brought which part of a number that a step counts ("3 of 5 users, two by Sato").

use protocol::backend::FactValue;
use protocol::files::{Condition, Flow};
use protocol::ids::UserId;
use protocol::stored::{Contribution, Progress};

use crate::progress::Rules;

/// The most contributions of one number; older ones are merged without a person.
const MOST: usize = 20;

/// Records that a fact changes to `value`; `progress` still has the value before.
pub(super) fn note<T>(
    rules: &Rules<T>,
    progress: &mut Progress,
    name: &str,
    value: &FactValue,
    user: Option<&UserId>,
) {
    let FactValue::Number(value) = value else { return };
    let Some(counted) = rules.version(progress.version).and_then(|flow| counted(flow, name)) else { return };
    let before = match progress.facts.get(name) {
        Some(FactValue::Number(before)) => before.min(counted),
        _ => 0.0,
    };
    // A value beyond the required count adds no contribution.
    let to = value.min(counted);
    let parts: &mut Vec<Contribution> = progress.contributions.or_default(name.to_owned());
    // A decrease removes the latest contributions first.
    parts.retain(|part| part.from < to);
    if let Some(last) = parts.last_mut() {
        last.to = last.to.min(to);
    }
    if to <= before {
        return;
    }
    // The part that existed before the flow counted it belongs to nobody.
    let known = parts.last().map_or(0.0, |last| last.to);
    if known < before {
        parts.push(Contribution { user: None, from: known, to: before });
    }
    match parts.last_mut() {
        Some(last) if last.user.as_ref() == user => last.to = to,
        _ => parts.push(Contribution { user: user.cloned(), from: known.max(before), to }),
    }
    while parts.len() > MOST {
        let oldest = parts.remove(0);
        parts[0] = Contribution { user: None, from: oldest.from, to: parts[0].to };
    }
}

/// Returns the largest count that the flow requires of a fact.
fn counted<T>(flow: &Flow<T>, fact: &str) -> Option<f64> {
    let mut most = None;
    for (_, step) in flow.steps() {
        step.done.walk(&mut |part| match part {
            Condition::Fact { name, at_least: Some(bound), .. } if name == fact => {
                most = Some(bound.max(most.unwrap_or_default()));
            }
            _ => {}
        });
    }
    most
}
