//! Whether a condition holds for an account, and whether a path matches a pattern.

use protocol::Millis;
use protocol::backend::FactValue;
use protocol::files::Condition;
use protocol::stored::{Progress, StepStatus, Tally};
use protocol::widget::Observation;

const MINUTE: Millis = 60_000;

/// Returns whether a condition holds.
pub fn holds(condition: &Condition, progress: &Progress) -> bool {
    let observed = |leaf: &str| progress.observed.get(leaf).copied().unwrap_or(false);
    match condition {
        Condition::All(parts) => parts.iter().all(|part| holds(part, progress)),
        Condition::Any(parts) => parts.iter().any(|part| holds(part, progress)),
        Condition::Not(part) => !holds(part, progress),
        Condition::Fact { name, at_least, equals } => {
            progress.facts.get(name).is_some_and(|value| satisfies(value, *at_least, equals.as_ref()))
        }
        Condition::Event { name, times, within_minutes } => {
            progress.tallies.get(name).is_some_and(|tally| tally.met.contains(&(*times, *within_minutes)))
        }
        Condition::Url(pattern) => observed(&Observation::url(pattern)),
        Condition::Element { selector, state } => observed(&Observation::element(selector, *state)),
        Condition::Video(clip) => observed(&Observation::video(clip)),
        Condition::Step(id) => progress.steps.get(id).is_some_and(|step| step.status == StepStatus::Done),
        // Only the fold knows which step it belongs to.
        Condition::Confirmed => false,
    }
}

/// Returns what a condition counts, how far it is, and how far it must get: "3 of 5 users". Of several parts it
/// is the first that does not hold; `None` for a condition that counts nothing.
pub fn count<'a>(condition: &'a Condition, progress: &Progress) -> Option<(&'a str, u32, u32)> {
    let (name, so_far, wanted) = match condition {
        Condition::All(parts) => {
            return parts.iter().filter(|part| !holds(part, progress)).find_map(|part| count(part, progress));
        }
        Condition::Fact { name, at_least: Some(bound), .. } => {
            let so_far = match progress.facts.get(name) {
                Some(FactValue::Number(number)) => *number,
                _ => 0.0,
            };
            // A cast to a whole number saturates: nothing is below 0.
            (name, so_far as u32, bound.ceil() as u32)
        }
        Condition::Event { name, times, within_minutes: 0 } => {
            let seen = progress.tallies.get(name).map_or(0, |tally| tally.times.len());
            (name, u32::try_from(seen).unwrap_or(u32::MAX), *times)
        }
        _ => return None,
    };
    (wanted > 1).then(|| (name.as_str(), so_far.min(wanted), wanted))
}

/// Returns whether a fact of the host's backend decides, and nothing that a person must confirm.
pub fn is_verified(condition: &Condition) -> bool {
    let (mut fact, mut confirmed) = (false, false);
    condition.walk(&mut |part| match part {
        Condition::Fact { .. } => fact = true,
        Condition::Confirmed => confirmed = true,
        _ => {}
    });
    fact && !confirmed
}

fn satisfies(value: &FactValue, at_least: Option<f64>, equals: Option<&FactValue>) -> bool {
    match (at_least, equals, value) {
        (Some(bound), _, FactValue::Number(number)) => *number >= bound,
        (Some(_), _, _) => false,
        (None, Some(wanted), _) => value == wanted,
        (None, None, FactValue::Flag(flag)) => *flag,
        (None, None, FactValue::Number(number)) => *number != 0.0,
        (None, None, FactValue::Text(text)) => !text.is_empty(),
    }
}

/// Returns whether the newest occurrences are enough for `times` within `within_minutes`.
pub(crate) fn enough(tally: &Tally, times: u32, within_minutes: u32) -> bool {
    let times = times as usize;
    let start = tally.times.len().checked_sub(times);
    let Some(newest) = start.and_then(|start| tally.times.get(start..)) else { return false };
    match (newest.first(), newest.last()) {
        (Some((first, _)), Some((last, _))) => {
            within_minutes == 0 || last - first <= Millis::from(within_minutes) * MINUTE
        }
        _ => false,
    }
}

/// Returns whether `path` matches `pattern`, in which `*` matches any run of characters. Bytes are compared: a search in
/// texts is kilobytes of the widget.
pub fn path_matches(pattern: &str, path: &str) -> bool {
    let mut parts = pattern.as_bytes().split(|byte| *byte == b'*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = path.as_bytes().strip_prefix(first) else { return false };
    let Some(last) = parts.next_back() else { return rest.is_empty() };
    for part in parts {
        let Some(at) = position(rest, part) else { return false };
        rest = rest.get(at + part.len()..).unwrap_or_default();
    }
    rest.ends_with(last)
}

/// Returns where `part` begins in `bytes`.
fn position(bytes: &[u8], part: &[u8]) -> Option<usize> {
    if part.is_empty() { Some(0) } else { bytes.windows(part.len()).position(|window| window == part) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn users(at_least: f64) -> Condition {
        Condition::Fact { name: "users".into(), at_least: Some(at_least), equals: None }
    }

    #[test]
    fn a_counting_step_says_how_far_it_is() {
        let mut progress = Progress::default();
        assert_eq!(count(&users(5.0), &progress), Some(("users", 0, 5)));
        progress.facts.insert("users".into(), FactValue::Number(3.0));
        assert_eq!(count(&users(5.0), &progress), Some(("users", 3, 5)));
        progress.facts.insert("users".into(), FactValue::Number(7.0));
        assert_eq!(count(&users(5.0), &progress), Some(("users", 5, 5)), "never more than it takes");
        progress.facts.insert("users".into(), FactValue::Number(-2.0));
        assert_eq!(count(&users(5.0), &progress), Some(("users", 0, 5)));
        assert_eq!(count(&users(1.0), &progress), None, "one is not counted");
        assert_eq!(count(&Condition::Confirmed, &progress), None);
    }

    #[test]
    fn of_several_parts_the_first_open_one_counts() {
        let mut progress = Progress::default();
        progress.facts.insert("users".into(), FactValue::Number(5.0));
        let deals = Condition::Event { name: "deal".into(), times: 3, within_minutes: 0 };
        progress.tallies.insert(
            "deal".into(),
            Tally { times: vec![(1, Default::default()), (2, Default::default())], met: vec![] },
        );
        assert_eq!(count(&Condition::All(vec![users(5.0), deals]), &progress), Some(("deal", 2, 3)));
    }

    #[test]
    fn patterns_match_whole_paths() {
        for (pattern, path, fits) in [
            ("/reports", "/reports", true),
            ("/reports", "/reports/7", false),
            ("/reports*", "/reports/7", true),
            ("/*/edit", "/deals/7/edit", true),
            ("/*/edit", "/deals/7", false),
            ("*a*", "banana", true),
            ("a*a", "a", false),
            ("*", "", true),
        ] {
            assert_eq!(path_matches(pattern, path), fits, "{pattern} on {path}");
        }
    }

    #[test]
    fn facts_are_compared_by_kind() {
        let five = FactValue::Number(5.0);
        assert!(satisfies(&five, Some(5.0), None));
        assert!(!satisfies(&FactValue::Text("5".into()), Some(5.0), None));
        assert!(satisfies(&FactValue::Text("pro".into()), None, Some(&FactValue::Text("pro".into()))));
        assert!(!satisfies(&FactValue::Flag(false), None, None));
    }

    #[test]
    fn occurrences_must_fall_in_the_window() {
        let at = |minutes: i64| (minutes * MINUTE, Default::default());
        let tally = Tally { times: vec![at(0), at(50), at(61)], met: vec![] };
        assert!(enough(&tally, 2, 11));
        assert!(!enough(&tally, 3, 60));
        assert!(enough(&tally, 3, 0));
        assert!(!enough(&tally, 4, 0));
    }
}
