//! Who raised a number that a step counts: "3 of 5 users, two by Sato".

use protocol::{Condition, FactValue, Flow, Progress, Raise, UserId};

use crate::Rules;

/// Parts of one number that are kept; the oldest are forgotten.
const MOST: usize = 20;

/// Notes that a fact came to a value.
pub(super) fn note<T>(
    rules: &Rules<T>,
    progress: &mut Progress,
    name: &str,
    value: &FactValue,
    user: Option<&UserId>,
) {
    let FactValue::Number(value) = value else { return };
    let Some(counted) = rules.version(progress.version).and_then(|flow| counted(flow, name)) else { return };
    // What goes beyond the count is nobody's part of it.
    let to = value.min(counted);
    let parts: &mut Vec<Raise> = progress.raised.or_default(name.to_owned());
    // What was lost is taken from whoever came last.
    parts.retain(|part| part.from < to);
    if let Some(last) = parts.last_mut() {
        last.to = last.to.min(to);
    }
    let from = parts.last().map_or(0.0, |last| last.to);
    match parts.last_mut() {
        _ if to <= from => {}
        Some(last) if last.user.as_ref() == user => last.to = to,
        _ => parts.push(Raise { user: user.cloned(), from, to }),
    }
    let surplus = parts.len().saturating_sub(MOST);
    parts.drain(..surplus);
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
