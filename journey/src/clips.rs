//! What became of a clip: how many watched it, how far, where they went back to, and who cannot have watched
//! what they say.

use std::collections::{BTreeMap, BTreeSet};

use protocol::{ClipReturn, Millis, Stretches};

/// One person's watching of one clip.
#[derive(Clone, Debug, PartialEq)]
pub struct Viewer {
    /// When they were first heard of.
    pub first: Millis,
    /// When they were last heard of.
    pub last: Millis,
    /// What they say was played.
    pub seen: Stretches,
    /// Whether they had captions.
    pub captioned: bool,
    /// By second, how often a jump back led there.
    pub returned: BTreeMap<u32, u32>,
}

/// What all viewers of a clip come to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Watching {
    /// Who began.
    pub started: u64,
    /// Who watched at least 95 %.
    pub finished: u64,
    /// Who had captions.
    pub captioned: u64,
    /// Where people went back to, the most often first.
    pub returns: Vec<ClipReturn>,
    /// Who says to have watched more than the time that passed allows; counted nowhere else.
    pub hasty: u64,
    /// For each tenth of the clip, how many watched any of it.
    pub kept: [u64; 10],
}

/// Jumps that lead no farther apart than this, in seconds, lead to the same moment.
const CLOSE: u32 = 3;
/// Moments that are named.
const MOMENTS: usize = 3;

/// The fastest that a clip can be played.
const FASTEST: f64 = 2.0;
/// What clocks and rounding may be off by, in seconds.
const SLACK: f64 = 10.0;
/// The share that counts as all of it.
const DONE: f64 = 0.95;

/// Adds viewers of a clip of so many seconds up.
pub fn watching<'a>(seconds: f64, viewers: impl IntoIterator<Item = &'a Viewer>) -> Watching {
    let mut all = Watching::default();
    let mut landed: BTreeMap<u32, Vec<(usize, u32)>> = BTreeMap::new();
    for (who, viewer) in viewers.into_iter().enumerate() {
        let Viewer { first, last, seen, captioned, returned } = viewer;
        // Rounding may go a second beyond the end.
        let watched: f64 =
            seen.iter().map(|(from, to)| (f64::from(to).min(seconds) - f64::from(from)).max(0.0)).sum();
        if watched > (last - first) as f64 / 1000.0 * FASTEST + SLACK {
            all.hasty += 1;
            continue;
        }
        all.started += 1;
        all.captioned += u64::from(*captioned);
        for (second, times) in returned {
            landed.entry(*second).or_default().push((who, *times));
        }
        all.finished += u64::from(watched >= seconds * DONE);
        let tenth = seconds / 10.0;
        for (n, kept) in all.kept.iter_mut().enumerate() {
            let (from, to) = (n as f64 * tenth, (n + 1) as f64 * tenth);
            *kept += u64::from(seen.iter().any(|(a, b)| f64::from(a) < to && f64::from(b) > from));
        }
    }
    all.returns = returns(landed);
    all
}

/// What was looked at again more than once.
fn returns(landed: BTreeMap<u32, Vec<(usize, u32)>>) -> Vec<ClipReturn> {
    let mut moments: Vec<(ClipReturn, BTreeSet<usize>)> = Vec::new();
    let mut last = None;
    for (second, jumps) in landed {
        if last.is_none_or(|last| second - last > CLOSE) {
            moments.push((ClipReturn { at: second, times: 0, people: 0 }, BTreeSet::new()));
        }
        last = Some(second);
        if let Some((moment, people)) = moments.last_mut() {
            moment.times += jumps.iter().map(|(_, times)| times).sum::<u32>();
            people.extend(jumps.iter().map(|(who, _)| *who));
        }
    }
    let counted =
        moments.into_iter().map(|(moment, people)| ClipReturn { people: people.len() as u64, ..moment });
    let mut returns: Vec<ClipReturn> = counted.filter(|moment| moment.times > 1).collect();
    returns.sort_by_key(|moment| std::cmp::Reverse(moment.times));
    returns.truncate(MOMENTS);
    returns
}

#[cfg(test)]
mod tests {
    use super::*;

    fn viewer(last: Millis, seen: &str) -> Viewer {
        let seen = seen.parse().expect("stretches");
        Viewer { first: 0, last, seen, captioned: false, returned: BTreeMap::new() }
    }

    #[test]
    fn jumps_that_lead_close_to_each_other_are_one_moment() {
        let back = |returned: &[(u32, u32)]| Viewer {
            returned: returned.iter().copied().collect(),
            ..viewer(100_000, "0-50")
        };
        let all = watching(100.0, &[back(&[(12, 1), (14, 2), (40, 1)]), back(&[(16, 1), (70, 2)])]);
        let moment = |at, times, people| ClipReturn { at, times, people };
        assert_eq!(all.returns, [moment(12, 4, 2), moment(70, 2, 1)], "once at 0:40 says nothing");
    }

    #[test]
    fn people_leave_where_they_leave() {
        let all =
            watching(100.0, &[viewer(100_000, "0-100"), viewer(40_000, "0-35"), viewer(9_000, "90-100")]);
        assert_eq!((all.started, all.finished, all.hasty), (3, 1, 0));
        assert_eq!(all.kept, [2, 2, 2, 2, 1, 1, 1, 1, 1, 2]);
    }

    /// C44: who says to have watched four minutes within one is not believed.
    #[test]
    fn c44_an_impossible_pace_is_told_apart() {
        let all = watching(240.0, &[viewer(60_000, "0-240"), viewer(118_000, "0-240")]);
        assert_eq!((all.started, all.finished, all.hasty), (1, 1, 1));
    }
}
