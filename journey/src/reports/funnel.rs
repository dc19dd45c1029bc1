//! The funnel: how many accounts got how far, and how long it took.
//!
//! What comes before what is what the flow says, not the order in which it lists its steps (see [`Link`]): an account
//! may do what it can do in any order. A bar counts an account at the moment `t` when everything of the bar and before
//! it is done, if `t - entry <= W`. Reasons: `docs/decisions/0003-funnel.md`.

mod link;

use protocol::Millis;
use protocol::console::{FunnelFate, FunnelMode, Interval};

pub use link::{Link, links, stages};

/// The path of an account: when it entered, and when each step was completed, in any order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Path {
    /// Every entry into the first stage.
    pub entered: Vec<Millis>,
    /// Per step of the flow, every completion.
    pub completed: Vec<Vec<Millis>>,
}

/// The counts of a bar, among the accounts that have done everything before it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bar {
    /// They reached this bar in time.
    pub converted: u64,
    /// They did not, and their window is over.
    pub dropped: u64,
    /// They have not yet, and their window is open.
    pub in_progress: u64,
    /// The median time since everything before it was done, in milliseconds, of those who reached it.
    pub median: Option<Millis>,
}

/// Counts the entry, then every link.
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

/// Returns the positions of the paths that have this fate at a bar: 0 is the entry, `k + 1` is link `k`.
pub fn behind(
    paths: &[Path],
    links: &[Link],
    mode: FunnelMode,
    (window, now): (Millis, Millis),
    bar: usize,
    fate: FunnelFate,
) -> Vec<usize> {
    let is_behind = |path: &Path| {
        let Some(attempt) = attempt(path, links, mode, window) else { return false };
        match bar.checked_sub(1) {
            None => fate == FunnelFate::Converted,
            Some(k) => {
                let reach = attempt.reaches.get(k);
                reach.and_then(|reach| reach.fate(now - attempt.start <= window)) == Some(fate)
            }
        }
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
    /// Something before it is not done either.
    NotAsked,
}

impl Reach {
    /// What became of it; none where something before it is not done either. `open` says whether the window is.
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

/// Follows one attempt, from the earliest completion of each step in it.
fn walk(path: &Path, links: &[Link], start: Millis, window: Millis) -> Attempt {
    let in_time = |times: &Vec<Millis>| {
        times.iter().copied().filter(|time| (start..=start + window).contains(time)).min()
    };
    let done: Vec<Option<Millis>> = path.completed.iter().map(in_time).collect();
    let all_done = |steps: &[usize], since: Millis| {
        steps.iter().try_fold(since, |latest, step| Some(latest.max(done.get(*step).copied()??)))
    };
    let reach = |link: &Link| match all_done(&link.before, start) {
        None => Reach::NotAsked,
        Some(before) => {
            all_done(&link.steps, before).map_or(Reach::Missed, |time| Reach::At { time, before })
        }
    };
    Attempt { start, reaches: links.iter().map(reach).collect() }
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
mod tests;
