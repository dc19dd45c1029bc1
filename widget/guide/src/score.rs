//! Which control is meant: several signals for each candidate, and a floor under which none is taken.

use protocol::Target;

/// What a candidate on the page agrees with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Signals {
    /// Its hook is the one.
    pub hook: bool,
    /// Its test id is the one.
    pub test_id: bool,
    /// Its role is the one.
    pub role: bool,
    /// Its accessible name is the one.
    pub name: bool,
    /// Its label's text is the one.
    pub label: bool,
    /// The selector fits.
    pub css: bool,
}

/// What came of looking.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Verdict {
    /// A candidate.
    Found {
        /// Its number.
        at: usize,
        /// Whether it agrees with everything that was declared.
        whole: bool,
    },
    /// Two or more are equally good.
    Ambiguous,
    /// None is good enough.
    Nothing,
}

/// How far each signal is to be trusted: made for this, made for tests, what people read, where it stands.
const HOOK: f64 = 1.0;
const TEST_ID: f64 = 0.9;
const NAME: f64 = 0.6;
const LABEL: f64 = 0.6;
const ROLE: f64 = 0.2;
const CSS: f64 = 0.4;

/// The least share of what was declared that must agree. With hook, role and name declared, role and
/// name are enough (0.44) when a redesign dropped the hook, and a selector beside them is not (0.18).
const FLOOR: f64 = 0.35;
/// How much better than the next the best must be.
const CLEAR: f64 = 0.05;

/// Chooses among candidates.
pub fn judge<T>(target: &Target<T>, candidates: &[Signals]) -> Verdict {
    let declared = declared(target);
    let all = weight(declared);
    let mut best: Option<(usize, f64)> = None;
    let mut second = 0.0;
    for (at, signals) in candidates.iter().enumerate() {
        let score = weight(both(declared, *signals)) / all;
        match best {
            Some((_, known)) if score <= known => second = f64::max(second, score),
            _ => {
                second = best.map_or(second, |(_, known)| known);
                best = Some((at, score));
            }
        }
    }
    match best {
        Some((at, score)) if score >= FLOOR && score - second >= CLEAR => {
            Verdict::Found { at, whole: both(declared, candidates[at]) == declared }
        }
        Some((_, score)) if score >= FLOOR => Verdict::Ambiguous,
        _ => Verdict::Nothing,
    }
}

/// The signals that a target declares.
pub fn declared<T>(target: &Target<T>) -> Signals {
    Signals {
        hook: target.hook.is_some(),
        test_id: target.test_id.is_some(),
        role: target.role.is_some(),
        name: target.name.is_some(),
        label: target.label.is_some(),
        css: target.css.is_some(),
    }
}

/// The declared signals as a report names them: `hook,role,name`.
pub fn names(signals: Signals) -> String {
    let names = ["hook", "test_id", "role", "name", "label", "css"];
    let told: Vec<&str> =
        names.into_iter().zip(list(signals)).filter_map(|(name, is)| is.then_some(name)).collect();
    told.join(",")
}

fn list(signals: Signals) -> [bool; 6] {
    let Signals { hook, test_id, role, name, label, css } = signals;
    [hook, test_id, role, name, label, css]
}

fn weight(signals: Signals) -> f64 {
    list(signals)
        .iter()
        .zip([HOOK, TEST_ID, ROLE, NAME, LABEL, CSS])
        .filter(|(is, _)| **is)
        .map(|(_, w)| w)
        .sum()
}

fn both(a: Signals, b: Signals) -> Signals {
    Signals {
        hook: a.hook && b.hook,
        test_id: a.test_id && b.test_id,
        role: a.role && b.role,
        name: a.name && b.name,
        label: a.label && b.label,
        css: a.css && b.css,
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn signals() -> impl Strategy<Value = Signals> {
        any::<[bool; 6]>().prop_map(|[hook, test_id, role, name, label, css]| Signals {
            hook,
            test_id,
            role,
            name,
            label,
            css,
        })
    }

    fn target(of: Signals) -> Target<String> {
        let text = |is: bool| is.then(|| "x".to_owned());
        Target {
            hook: text(of.hook),
            test_id: text(of.test_id),
            role: text(of.role),
            name: text(of.name),
            label: text(of.label),
            css: text(of.css),
        }
    }

    proptest! {
        /// Where it stands in the page has no say in which control is meant.
        #[test]
        fn the_order_does_not_matter(of in signals(), all in prop::collection::vec(signals(), 0..6)) {
            let there = judge(&target(of), &all);
            let back: Vec<Signals> = all.iter().rev().copied().collect();
            let expected = match there {
                Verdict::Found { at, whole } => Verdict::Found { at: all.len() - 1 - at, whole },
                other => other,
            };
            prop_assert_eq!(judge(&target(of), &back), expected);
        }

        /// What was not declared counts for nothing, and what agrees with nothing is never taken.
        #[test]
        fn only_what_was_declared_counts(of in signals(), one in signals()) {
            let stripped = both(declared(&target(of)), one);
            prop_assert_eq!(judge(&target(of), &[one]), judge(&target(of), &[stripped]));
            if stripped == Signals::default() {
                prop_assert_eq!(judge(&target(of), &[one]), Verdict::Nothing);
            }
        }

        /// Two that agree alike are never told apart by chance.
        #[test]
        fn equals_are_ambiguous(of in signals(), one in signals(), rest in prop::collection::vec(signals(), 0..4)) {
            let mut all = vec![one, one];
            all.extend(rest);
            let chosen = matches!(judge(&target(of), &all), Verdict::Found { at: 0 | 1, .. });
            prop_assert!(!chosen);
        }
    }

    #[test]
    fn a_redesign_that_drops_the_hook_is_survived_when_name_and_role_agree() {
        let of = Signals { hook: true, role: true, name: true, css: true, ..Signals::default() };
        let kept = Signals { role: true, name: true, ..Signals::default() };
        assert_eq!(judge(&target(of), &[kept]), Verdict::Found { at: 0, whole: false });
        assert_eq!(judge(&target(of), &[of]), Verdict::Found { at: 0, whole: true });
        let place = Signals { css: true, role: true, ..Signals::default() };
        assert_eq!(judge(&target(of), &[place]), Verdict::Nothing, "rather nothing than the wrong thing");
        assert_eq!(names(of), "hook,role,name,css");
    }
}
