//! Clip statistics: how many people watched, how far, what they replayed, and which reports are implausible.

use std::collections::{BTreeMap, BTreeSet};

use protocol::Millis;
use protocol::console::{ClipCount, ReplayedMoment};
use protocol::stored::TimeRanges;

use super::Who;

/// How a person watched a clip.
#[derive(Clone, Debug, PartialEq)]
pub struct Viewer {
    /// The person.
    pub who: Who,
    /// When the collector received their first report, by its own clock.
    pub first: Millis,
    /// When the collector received their last report, by its own clock.
    pub last: Millis,
    /// The time ranges that they report as played.
    pub seen: TimeRanges,
    /// Whether they watched with captions.
    pub captioned: bool,
    /// Seeks back, by the second that they led to.
    pub returned: BTreeMap<u32, u32>,
}

/// The statistics of a clip over all its viewers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Watching {
    /// People who began to watch.
    pub started: u64,
    /// People who watched at least 95 %.
    pub finished: u64,
    /// People who watched with captions.
    pub captioned: u64,
    /// Replayed moments, the most replayed first.
    pub returns: Vec<ReplayedMoment>,
    /// Implausible viewers, who report more playback than the elapsed time allows; no other figure counts them.
    pub hasty: u64,
    /// For each tenth of the clip, the people who watched any of it.
    pub kept: [u64; 10],
}

/// Seeks that lead no farther apart than this, in seconds, lead to the same moment.
const CLOSE: u32 = 3;
/// The most replayed moments that are listed.
const MOMENTS: usize = 3;

/// The fastest playback rate.
const FASTEST: f64 = 2.0;
/// The tolerance for rounding and for a first report that was underway, in seconds.
const SLACK: f64 = 10.0;
/// The share that counts as finished.
const DONE: f64 = 0.95;

/// Sums the viewers of a clip of `seconds` seconds.
pub fn watching<'a>(seconds: f64, viewers: impl IntoIterator<Item = &'a Viewer>) -> Watching {
    let mut all = Watching::default();
    let mut landed: BTreeMap<u32, Vec<(usize, u32)>> = BTreeMap::new();
    for (who, viewer) in viewers.into_iter().enumerate() {
        let is = |count| viewer.counts_in(count, seconds);
        if !is(ClipCount::Started) {
            all.hasty += 1;
            continue;
        }
        all.started += 1;
        all.captioned += u64::from(is(ClipCount::Captioned));
        all.finished += u64::from(is(ClipCount::Finished));
        let Viewer { seen, returned, .. } = viewer;
        for (second, times) in returned {
            landed.entry(*second).or_default().push((who, *times));
        }
        let tenth = seconds / 10.0;
        for (n, kept) in all.kept.iter_mut().enumerate() {
            let (from, to) = (n as f64 * tenth, (n + 1) as f64 * tenth);
            *kept += u64::from(seen.iter().any(|(a, b)| f64::from(a) < to && f64::from(b) > from));
        }
    }
    all.returns = returns(landed);
    all
}

impl Viewer {
    /// Tells whether a count of a clip of `seconds` seconds counts this person.
    pub fn counts_in(&self, count: ClipCount, seconds: f64) -> bool {
        let has_finished = played(&self.seen, seconds) >= seconds * DONE;
        is_plausible(&self.seen, (self.first, self.last), seconds)
            && match count {
                ClipCount::Started => true,
                ClipCount::Finished => has_finished,
                ClipCount::Stopped => !has_finished,
                ClipCount::Captioned => self.captioned,
            }
    }
}

/// Tells whether so much of a clip of `seconds` seconds can have been played between the first report and the last one,
/// as the collector received them.
pub fn is_plausible(seen: &TimeRanges, (first, last): (Millis, Millis), seconds: f64) -> bool {
    played(seen, seconds) <= (last - first) as f64 / 1000.0 * FASTEST + SLACK
}

/// Returns how many of a clip's seconds were played. Rounding may go a second beyond the end.
fn played(seen: &TimeRanges, seconds: f64) -> f64 {
    seen.iter().map(|(from, to)| (f64::from(to).min(seconds) - f64::from(from)).max(0.0)).sum()
}

/// Returns the moments that were replayed more than once.
fn returns(landed: BTreeMap<u32, Vec<(usize, u32)>>) -> Vec<ReplayedMoment> {
    let mut moments: Vec<(ReplayedMoment, BTreeSet<usize>)> = Vec::new();
    let mut last = None;
    for (second, jumps) in landed {
        if last.is_none_or(|last| second - last > CLOSE) {
            moments.push((ReplayedMoment { at: second, times: 0, people: 0 }, BTreeSet::new()));
        }
        last = Some(second);
        if let Some((moment, people)) = moments.last_mut() {
            moment.times += jumps.iter().map(|(_, times)| times).sum::<u32>();
            people.extend(jumps.iter().map(|(who, _)| *who));
        }
    }
    let counted =
        moments.into_iter().map(|(moment, people)| ReplayedMoment { people: people.len() as u64, ..moment });
    let mut returns: Vec<ReplayedMoment> = counted.filter(|moment| moment.times > 1).collect();
    returns.sort_by_key(|moment| std::cmp::Reverse(moment.times));
    returns.truncate(MOMENTS);
    returns
}

#[cfg(test)]
mod tests {
    use super::*;

    fn viewer(last: Millis, seen: &str) -> Viewer {
        let seen = seen.parse().expect("stretches");
        Viewer { who: Who::default(), first: 0, last, seen, captioned: false, returned: BTreeMap::new() }
    }

    #[test]
    fn jumps_that_lead_close_to_each_other_are_one_moment() {
        let back = |returned: &[(u32, u32)]| Viewer {
            returned: returned.iter().copied().collect(),
            ..viewer(100_000, "0-50")
        };
        let all = watching(100.0, &[back(&[(12, 1), (14, 2), (40, 1)]), back(&[(16, 1), (70, 2)])]);
        let moment = |at, times, people| ReplayedMoment { at, times, people };
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
        for count in [ClipCount::Started, ClipCount::Finished, ClipCount::Stopped] {
            assert!(!viewer(60_000, "0-240").counts_in(count, 240.0), "{count:?}");
        }
        let stopped = |seen| viewer(100_000, seen).counts_in(ClipCount::Stopped, 100.0);
        assert_eq!(["0-94", "0-95"].map(stopped), [true, false]);
    }
}
