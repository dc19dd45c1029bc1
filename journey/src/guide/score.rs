//! Which control is meant: several signals for each candidate, and a floor under which none is taken.

/// The signals, most trusted first, with how far each is to be trusted, in tenths: made for this, made for tests, what
/// people read, where it stands.
pub const SIGNALS: [(&str, u32); 6] =
    [("hook", 10), ("test_id", 9), ("role", 2), ("name", 6), ("label", 6), ("css", 4)];

/// A set of signals: bit `n` is the signal at `n` of [`SIGNALS`].
pub type Signals = u8;

/// The least share of what was declared that must agree, in twentieths. With hook, role and name declared, role and
/// name are enough (0.44) when a redesign dropped the hook, and a selector beside them is not (0.18).
const FLOOR: u32 = 7;
const SHARES: u32 = 20;

/// The candidate that is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Its number.
    pub at: usize,
    /// Whether it agrees with everything that was declared.
    pub whole: bool,
}

fn weigh(signals: Signals) -> u32 {
    let mut sum = 0;
    for (at, (_, trust)) in SIGNALS.iter().enumerate() {
        sum += trust * u32::from(signals >> at & 1);
    }
    sum
}

/// Chooses among candidates, each the signals that it agrees with. Nothing when none is good enough, or when two are
/// equally good: the best must be a twentieth of what was declared better than the next.
#[must_use]
pub fn judge(declared: Signals, candidates: &[Signals]) -> Option<Verdict> {
    let (mut best, mut second, mut at) = (0, 0, 0);
    for (candidate, agreed) in candidates.iter().enumerate() {
        let weight = weigh(agreed & declared);
        if weight > best {
            (second, best, at) = (best, weight, candidate);
        } else if weight > second {
            second = weight;
        }
    }
    let all = weigh(declared);
    let is_good = best > 0 && best * SHARES >= FLOOR * all && (best - second) * SHARES >= all;
    is_good.then_some(Verdict { at, whole: best == all })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(names: &[&str]) -> Signals {
        SIGNALS.iter().enumerate().filter(|(_, (name, _))| names.contains(name)).map(|(at, _)| 1 << at).sum()
    }

    fn signals() -> impl Strategy<Value = Signals> {
        0_u8..64
    }

    proptest! {
        #[test]
        fn where_it_stands_in_the_page_has_no_say_in_which_control_is_meant(
            declared in signals(), all in prop::collection::vec(signals(), 0..6),
        ) {
            let there = judge(declared, &all);
            let turned: Vec<Signals> = all.iter().rev().copied().collect();
            let back = judge(declared, &turned);
            prop_assert_eq!(back, there.map(|found| Verdict { at: all.len() - 1 - found.at, ..found }));
        }

        #[test]
        fn what_was_not_declared_counts_for_nothing_and_what_agrees_with_nothing_is_never_taken(
            declared in signals(), one in signals(),
        ) {
            prop_assert_eq!(judge(declared, &[one]), judge(declared, &[one & declared]));
            if one & declared == 0 {
                prop_assert_eq!(judge(declared, &[one]), None);
            }
        }

        #[test]
        fn two_that_agree_alike_are_never_told_apart_by_chance(
            declared in signals(), one in signals(), rest in prop::collection::vec(signals(), 0..6),
        ) {
            let all = [vec![one, one], rest].concat();
            prop_assert!(judge(declared, &all).is_none_or(|found| found.at >= 2));
        }
    }

    #[test]
    fn a_redesign_that_drops_the_hook_is_survived_when_name_and_role_agree() {
        let declared = of(&["hook", "role", "name", "css"]);
        let found = |at, whole| Some(Verdict { at, whole });
        assert_eq!(judge(declared, &[of(&["role", "name"])]), found(0, false));
        assert_eq!(judge(declared, &[of(&["css"]), declared]), found(1, true));
        assert_eq!(judge(declared, &[of(&["css", "role"])]), None, "rather nothing than the wrong thing");
    }
}
