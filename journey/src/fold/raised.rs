//! Who raised a number that a step counts: "3 of 5 users, two by Sato".

use protocol::{Condition, FactValue, Flow, Progress, Raise, UserId};

use crate::Rules;

/// Parts of one number that are kept; of the oldest nobody knows any more whose they were.
const MOST: usize = 20;

/// Notes that a fact comes to a value; `progress` still has the one before.
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
    // What goes beyond the count is nobody's part of it.
    let to = value.min(counted);
    let parts: &mut Vec<Raise> = progress.raised.or_default(name.to_owned());
    // What was lost is taken from whoever came last.
    parts.retain(|part| part.from < to);
    if let Some(last) = parts.last_mut() {
        last.to = last.to.min(to);
    }
    if to <= before {
        return;
    }
    // What was there before anybody counted it is nobody's.
    let known = parts.last().map_or(0.0, |last| last.to);
    if known < before {
        parts.push(Raise { user: None, from: known, to: before });
    }
    match parts.last_mut() {
        Some(last) if last.user.as_ref() == user => last.to = to,
        _ => parts.push(Raise { user: user.cloned(), from: known.max(before), to }),
    }
    while parts.len() > MOST {
        let oldest = parts.remove(0);
        parts[0] = Raise { user: None, from: oldest.from, to: parts[0].to };
    }
}

/// How far the flow counts a fact, if it does.
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
