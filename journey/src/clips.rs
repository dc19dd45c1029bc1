//! What became of a clip: how many watched it, how far, and who cannot have watched what they say.

use protocol::{Millis, Stretches};

/// One person's watching of one clip.
#[derive(Clone, Debug, PartialEq)]
pub struct Viewer {
    /// When they were first heard of.
    pub first: Millis,
    /// When they were last heard of.
    pub last: Millis,
    /// What they say was played.
    pub seen: Stretches,
}

/// What all viewers of a clip come to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Watching {
    /// Who began.
    pub started: u64,
    /// Who watched at least 95 %.
    pub finished: u64,
    /// Who says to have watched more than the time that passed allows; counted nowhere else.
    pub hasty: u64,
    /// For each tenth of the clip, how many watched any of it.
    pub kept: [u64; 10],
}

/// The fastest that a clip can be played.
const FASTEST: f64 = 2.0;
/// What clocks and rounding may be off by, in seconds.
const SLACK: f64 = 10.0;
/// The share that counts as all of it.
const DONE: f64 = 0.95;

/// Adds viewers of a clip of so many seconds up.
pub fn watching<'a>(seconds: f64, viewers: impl IntoIterator<Item = &'a Viewer>) -> Watching {
    let mut all = Watching::default();
    for Viewer { first, last, seen } in viewers {
        // Rounding may go a second beyond the end.
        let watched: f64 =
            seen.iter().map(|(from, to)| (f64::from(to).min(seconds) - f64::from(from)).max(0.0)).sum();
        if watched > (last - first) as f64 / 1000.0 * FASTEST + SLACK {
            all.hasty += 1;
            continue;
        }
        all.started += 1;
        all.finished += u64::from(watched >= seconds * DONE);
        let tenth = seconds / 10.0;
        for (n, kept) in all.kept.iter_mut().enumerate() {
            let (from, to) = (n as f64 * tenth, (n + 1) as f64 * tenth);
            *kept += u64::from(seen.iter().any(|(a, b)| f64::from(a) < to && f64::from(b) > from));
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn viewer(last: Millis, seen: &str) -> Viewer {
        Viewer { first: 0, last, seen: seen.parse().expect("stretches") }
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
