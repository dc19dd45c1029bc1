//! Response time: "we answer in about N minutes", measured, and never better than true.

use protocol::Millis;
use protocol::ids::StepId;

use super::History;

/// The fewest measured responses from which a median is stated.
const ENOUGH: usize = 5;
/// The minutes that are stated: the smallest that is not less than the measured median.
const ROUND: [u32; 14] = [1, 2, 3, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240];

/// The first response to a customer, given or still awaited.
#[derive(Clone, Debug)]
pub struct FirstResponse {
    /// The step at which they asked.
    pub step: Option<StepId>,
    /// When they wrote.
    pub asked: Millis,
    /// When an agent answered; absent while they wait.
    pub answered: Option<Millis>,
}

/// Returns the median first response time at this hour of the day, in minutes of support hours, rounded up; over
/// all hours when this one has too few responses. Customers who have been waiting longer than the median count,
/// too, so that good weeks do not hide a bad day.
pub fn median_minutes(waits: &[&FirstResponse], hours: &History, now: Millis) -> Option<u32> {
    let calendar = hours.now()?;
    let this_hour = |wait: &&&FirstResponse| calendar.hour(wait.asked) == calendar.hour(now);
    median(waits.iter().filter(this_hour).copied(), hours, now)
        .or_else(|| median(waits.iter().copied(), hours, now))
}

fn median<'a>(waits: impl Iterator<Item = &'a FirstResponse>, hours: &History, now: Millis) -> Option<u32> {
    let (answered, open): (Vec<&FirstResponse>, Vec<&FirstResponse>) =
        waits.partition(|wait| wait.answered.is_some());
    let took = |wait: &FirstResponse| hours.business(wait.asked, wait.answered.unwrap_or(now));
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
