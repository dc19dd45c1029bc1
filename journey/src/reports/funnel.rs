//! The funnel: how many accounts got how far, and how long it took.
//!
//! The chain is entry and then every must-have step in the order of the flow. Step `k` counts when
//! `t_k >= t_(k-1)` and `t_k - t_1 <= W`. A can-wait step is no link of the chain, since leaving it
//! out is no failure; it is measured beside the must-have step before it.

use protocol::Millis;
use protocol::console::{FunnelFate, FunnelMode, Interval};

/// The path of an account: when it entered, and when each step was completed, in any order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Path {
    /// Every entry into the first stage.
    pub entered: Vec<Millis>,
    /// Per step of the flow, every completion.
    pub completed: Vec<Vec<Millis>>,
}

/// A step of the funnel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// Whether later steps are counted after this one.
    pub must_have: bool,
}

/// The counts of a bar, among the accounts that reached the bar before.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bar {
    /// They reached this bar in time.
    pub converted: u64,
    /// They did not, and their window is over.
    pub dropped: u64,
    /// They have not yet, and their window is open.
    pub in_progress: u64,
    /// The median time from the bar before, in milliseconds, of those who reached this one.
    pub median: Option<Millis>,
}

/// Counts every step: first the entry, then one bar per link.
///
/// `window` and `now` are milliseconds. Accounts that never entered are left out.
pub fn bars(paths: &[Path], links: &[Link], mode: FunnelMode, window: Millis, now: Millis) -> Vec<Bar> {
    let mut bars = vec![Bar::default(); links.len() + 1];
    let mut took: Vec<Vec<Millis>> = vec![Vec::new(); links.len() + 1];
    for path in paths {
        let Some(attempt) = attempt(path, links, mode, window) else { continue };
        bars[0].converted += 1;
        let open = now - attempt.start <= window;
        for (k, reach) in attempt.reaches.iter().enumerate() {
            let bar = &mut bars[k + 1];
            match reach.fate(open) {
                Some(FunnelFate::Converted) => bar.converted += 1,
                Some(FunnelFate::InProgress) => bar.in_progress += 1,
                Some(FunnelFate::Dropped) => bar.dropped += 1,
                None => {}
            }
            if let Reach::At { time, before } = *reach {
                took[k + 1].push(time - before);
            }
        }
    }
    for (bar, took) in bars.iter_mut().zip(took) {
        bar.median = median(took);
    }
    bars
}

/// Returns the positions of the paths that have this fate at one of `bars`: 0 is the entry, `k + 1` is link `k`.
pub fn behind(
    paths: &[Path],
    links: &[Link],
    mode: FunnelMode,
    (window, now): (Millis, Millis),
    bars: &[usize],
    fate: FunnelFate,
) -> Vec<usize> {
    let is_behind = |path: &Path| {
        let Some(attempt) = attempt(path, links, mode, window) else { return false };
        let open = now - attempt.start <= window;
        bars.iter().any(|bar| match bar.checked_sub(1) {
            None => fate == FunnelFate::Converted,
            Some(k) => attempt.reaches.get(k).and_then(|reach| reach.fate(open)) == Some(fate),
        })
    };
    paths.iter().enumerate().filter(|(_, path)| is_behind(path)).map(|(at, _)| at).collect()
}

struct Attempt {
    start: Millis,
    reaches: Vec<Reach>,
}

enum Reach {
    At {
        time: Millis,
        before: Millis,
    },
    Missed,
    /// The bar before was not reached either.
    NotAsked,
}

impl Reach {
    /// What became of it; none where the bar before was not reached either. `open` says whether the window is.
    fn fate(&self, open: bool) -> Option<FunnelFate> {
        match self {
            Self::At { .. } => Some(FunnelFate::Converted),
            Self::Missed if open => Some(FunnelFate::InProgress),
            Self::Missed => Some(FunnelFate::Dropped),
            Self::NotAsked => None,
        }
    }
}

impl Attempt {
    fn reached(&self) -> usize {
        self.reaches.iter().filter(|reach| matches!(reach, Reach::At { .. })).count()
    }
}

fn attempt(path: &Path, links: &[Link], mode: FunnelMode, window: Millis) -> Option<Attempt> {
    let from = |start: Millis| walk(path, links, start, window);
    match mode {
        FunnelMode::First => path.entered.iter().min().copied().map(from),
        FunnelMode::Latest => path.entered.iter().max().copied().map(from),
        FunnelMode::Best => {
            let mut starts = path.entered.clone();
            starts.sort_unstable();
            // Of equal attempts the earliest: `max_by_key` keeps the last, so it goes backwards.
            starts.into_iter().rev().map(from).max_by_key(Attempt::reached)
        }
    }
}

/// Follows one attempt: of each step the earliest completion that is not before its predecessor's.
fn walk(path: &Path, links: &[Link], start: Millis, window: Millis) -> Attempt {
    let mut before = Some(start);
    let reaches = links
        .iter()
        .enumerate()
        .map(|(k, link)| {
            let Some(earliest) = before else { return Reach::NotAsked };
            let times = path.completed.get(k).into_iter().flatten().copied();
            let time = times.filter(|t| *t >= earliest && t - start <= window).min();
            if link.must_have {
                before = time;
            }
            time.map_or(Reach::Missed, |time| Reach::At { time, before: earliest })
        })
        .collect();
    Attempt { start, reaches }
}

fn median(mut times: Vec<Millis>) -> Option<Millis> {
    times.sort_unstable();
    let middle = times.len() / 2;
    match times.len() {
        0 => None,
        n if n % 2 == 1 => Some(times[middle]),
        _ => Some((times[middle - 1] + times[middle]) / 2),
    }
}

/// The smallest n for which a rate is stated.
pub const LEAST_N: u64 = 5;

/// The share of `part` in `whole` with its 95 % interval (Wilson score, 1927); none under n = 5.
pub fn rate(part: u64, whole: u64) -> Option<Interval> {
    if whole < LEAST_N {
        return None;
    }
    const Z: f64 = 1.959_963_984_540_054;
    let (n, value) = (whole as f64, part as f64 / whole as f64);
    let z2 = Z * Z;
    let centre = (value + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let reach = Z / (1.0 + z2 / n) * (value * (1.0 - value) / n + z2 / (4.0 * n * n)).sqrt();
    Some(Interval { value, low: (centre - reach).max(0.0), high: (centre + reach).min(1.0) })
}

#[cfg(test)]
mod tests {
    use super::*;

    const MUST: Link = Link { must_have: true };
    const WAIT: Link = Link { must_have: false };

    fn path(entered: &[Millis], completed: &[&[Millis]]) -> Path {
        Path { entered: entered.to_vec(), completed: completed.iter().map(|times| times.to_vec()).collect() }
    }

    fn counts(bars: &[Bar]) -> Vec<(u64, u64, u64)> {
        bars.iter().map(|bar| (bar.converted, bar.dropped, bar.in_progress)).collect()
    }

    #[test]
    fn each_account_ends_converted_dropped_or_in_progress() {
        let paths = [path(&[0], &[&[10], &[20]]), path(&[0], &[&[10], &[]]), path(&[80], &[&[85], &[]])];
        let bars = bars(&paths, &[MUST, MUST], FunnelMode::First, 50, 100);
        assert_eq!(counts(&bars), [(3, 0, 0), (3, 0, 0), (1, 1, 1)]);
        assert_eq!(bars[1].median, Some(10));
    }

    #[test]
    fn the_accounts_behind_a_bar_are_those_that_it_counts() {
        let paths = [path(&[0], &[&[10], &[20]]), path(&[0], &[&[10], &[]]), path(&[80], &[&[85], &[]])];
        let links = [MUST, MUST];
        let of = |bars: &[usize], fate| behind(&paths, &links, FunnelMode::First, (50, 100), bars, fate);
        assert_eq!(of(&[0], FunnelFate::Converted), [0, 1, 2]);
        assert_eq!(of(&[0], FunnelFate::Dropped), [] as [usize; 0]);
        assert_eq!(of(&[2], FunnelFate::Converted), [0]);
        assert_eq!(of(&[2], FunnelFate::Dropped), [1]);
        assert_eq!(of(&[1, 2], FunnelFate::InProgress), [2], "anywhere in a stage");
    }

    #[test]
    fn a_completion_before_the_step_before_does_not_count_and_a_tie_does() {
        let paths = [path(&[0], &[&[10], &[5]]), path(&[0], &[&[10], &[10]])];
        assert_eq!(counts(&bars(&paths, &[MUST, MUST], FunnelMode::First, 50, 100))[2], (1, 1, 0));
    }

    #[test]
    fn the_window_includes_its_edge() {
        let paths = [path(&[0], &[&[50]]), path(&[0], &[&[51]])];
        assert_eq!(counts(&bars(&paths, &[MUST], FunnelMode::First, 50, 100))[1], (1, 1, 0));
    }

    #[test]
    fn a_can_wait_step_does_not_hold_up_the_chain() {
        let paths = [path(&[0], &[&[10], &[], &[20]])];
        let bars = bars(&paths, &[MUST, WAIT, MUST], FunnelMode::First, 50, 100);
        assert_eq!(counts(&bars), [(1, 0, 0), (1, 0, 0), (0, 1, 0), (1, 0, 0)]);
        assert_eq!(bars[3].median, Some(10), "from the must-have step before");
    }

    #[test]
    fn re_entry_is_followed_as_the_mode_says() {
        let again = [path(&[0, 40], &[&[10], &[45], &[]])];
        let links = [MUST, MUST, MUST];
        let of = |mode| counts(&bars(&again, &links, mode, 30, 100)).iter().map(|c| c.0).collect::<Vec<_>>();
        assert_eq!(of(FunnelMode::First), [1, 1, 0, 0], "the second step came after the window");
        assert_eq!(of(FunnelMode::Latest), [1, 0, 0, 0], "the first step was not done again");
        assert_eq!(of(FunnelMode::Best), [1, 1, 0, 0]);
    }

    #[test]
    fn small_counts_get_no_rate() {
        assert_eq!(rate(4, 4), None);
        let Some(interval) = rate(5, 10) else { panic!("ten are enough") };
        assert!((interval.low - 0.2366).abs() < 1e-4 && (interval.high - 0.7634).abs() < 1e-4);
    }
}
