//! "We answer in about N minutes": what was measured, never better than true.

use protocol::{Millis, StepId};

use super::History;

/// Fewer than this say nothing.
const ENOUGH: usize = 5;
/// What is said, in minutes: the next that is not less than what was measured.
const ROUND: [u32; 14] = [1, 2, 3, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240];

/// A customer who waited for a first answer, or still does.
#[derive(Clone, Debug)]
pub struct Wait {
    /// The step at which they were.
    pub step: Option<StepId>,
    /// When they wrote.
    pub asked: Millis,
    /// When a person answered.
    pub answered: Option<Millis>,
}

/// The median time of business to a first answer at this hour of the day, in minutes, rounded up; at any
/// hour when this one has too few. Whoever waits longer than that now counts too, so that a bad day is
/// not hidden by good weeks.
pub fn median_minutes(waits: &[&Wait], hours: &History, now: Millis) -> Option<u32> {
    let calendar = hours.now()?;
    let this_hour = |wait: &&&Wait| calendar.hour(wait.asked) == calendar.hour(now);
    median(waits.iter().filter(this_hour).copied(), hours, now)
        .or_else(|| median(waits.iter().copied(), hours, now))
}

fn median<'a>(waits: impl Iterator<Item = &'a Wait>, hours: &History, now: Millis) -> Option<u32> {
    let (answered, open): (Vec<&Wait>, Vec<&Wait>) = waits.partition(|wait| wait.answered.is_some());
    let took = |wait: &Wait| hours.business(wait.asked, wait.answered.unwrap_or(now));
    let mut times: Vec<Millis> = answered.into_iter().map(took).collect();
    if times.len() < ENOUGH {
        return None;
    }
    let middle = upper_median(&mut times);
    times.extend(open.into_iter().map(took).filter(|time| *time > middle));
    let minutes = u32::try_from(upper_median(&mut times).div_euclid(60_000) + 1).ok()?;
    ROUND.into_iter().find(|round| *round >= minutes)
}

fn upper_median(times: &mut [Millis]) -> Millis {
    times.sort_unstable();
    times[times.len() / 2]
}
