//! What a person can expect of an answer now, from the support hours as the collector computed them.

use protocol::chat::SupportHours;
use protocol::{DAY, Millis};

use super::earliest;

/// From so many minutes on a response time is given in hours.
const IN_HOURS: u32 = 120;

/// What to expect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Availability {
    /// No hours are published, or nothing is known of the next opening.
    Unknown,
    /// Support is open and answers in about so many minutes.
    AnswersInMinutes(u32),
    /// The same in hours.
    AnswersInHours(u32),
    /// Support is open until a time of the next day.
    OpenUntil(Millis),
    /// Support is open.
    Open,
    /// Support is closed and opens at a time.
    ClosedUntil(Millis),
}

/// What to expect at `now`, by the collector's clock.
pub fn availability(hours: Option<&SupportHours>, now: Millis) -> Availability {
    let Some(hours) = hours else { return Availability::Unknown };
    let future = |at: Option<Millis>| at.filter(|at| *at > now);
    match (future(hours.open_until), hours.response_minutes, future(hours.opens_at)) {
        (Some(_), Some(minutes), _) if minutes >= IN_HOURS => {
            Availability::AnswersInHours(minutes.div_ceil(60))
        }
        (Some(_), Some(minutes), _) if minutes > 0 => Availability::AnswersInMinutes(minutes),
        // Farther ahead nobody needs to know when support closes.
        (Some(until), ..) if until - now < DAY => Availability::OpenUntil(until),
        (Some(_), ..) => Availability::Open,
        (None, _, Some(opens)) => Availability::ClosedUntil(opens),
        (None, _, None) => Availability::Unknown,
    }
}

/// Milliseconds until what to expect changes; none when it does not within a day.
pub fn changes_in(hours: Option<&SupportHours>, now: Millis) -> Option<Millis> {
    let hours = hours?;
    let mut soonest = None;
    for at in [hours.open_until, hours.opens_at, hours.callback_due] {
        soonest = earliest(soonest, at.map(|at| at - now).filter(|left| (1..DAY).contains(left)));
    }
    soonest
}
