//! When events happened, by the collector's clock. The raw times stay in the bodies.

use protocol::ids::EventId;
use protocol::widget::Event;
use protocol::{DAY, Millis};

/// Returns the corrected time of each event of a batch; that of one that cannot be read is its arrival.
///
/// How far the client's clock is off is the same for the whole batch, and seen when it is sent: so what waited for
/// hours keeps its distances. A visit counts its events up, so one whose time is up to a day after that of the next one
/// was noted before the clock was set back, and happened no later than that next one.
pub(super) fn corrected(events: &[Result<Event, &str>], now: Millis, sent_at: Millis) -> Vec<Millis> {
    let skew = now.saturating_sub(sent_at);
    let mut times: Vec<Millis> = events
        .iter()
        .map(|event| event.as_ref().map_or(now, |event| event.at.saturating_add(skew)))
        .collect();
    let mut order: Vec<(EventId, u32, usize)> = (events.iter().enumerate())
        .filter_map(|(at, event)| event.as_ref().ok().map(|event| (event.session, event.n, at)))
        .collect();
    order.sort_unstable_by(|one, other| other.cmp(one));
    let mut next: Option<(EventId, Millis)> = None;
    for (session, _, at) in order {
        let known =
            next.filter(|(other, latest)| *other == session && times[at].saturating_sub(*latest) <= DAY);
        if let Some((_, latest)) = known {
            times[at] = times[at].min(latest);
        }
        next = Some((session, times[at]));
    }
    times
}

#[cfg(test)]
mod tests {
    use protocol::widget::EventKind;

    use super::*;

    const HOUR: Millis = 3_600_000;

    fn event(session: u8, n: u32, at: Millis) -> Result<Event, &'static str> {
        Ok(Event {
            id: EventId::new(u64::from(n), [session; 10]),
            at,
            session: EventId::new(1, [session; 10]),
            n,
            kind: EventKind::Custom,
            flow: None,
            step: None,
            stage: None,
            data: protocol::SortedMap::default(),
        })
    }

    #[test]
    fn what_waited_keeps_its_distances() {
        let events = [event(1, 1, 0), event(1, 2, HOUR), Err("malformed_event"), event(1, 3, 10 * HOUR)];
        let now = 1_000 * HOUR;
        let expected = [now - 10 * HOUR, now - 9 * HOUR, now, now];
        assert_eq!(corrected(&events, now, 10 * HOUR), expected);
    }

    #[test]
    fn a_clock_that_was_set_back_changes_no_order() {
        // Noted at ten and at five past, set back by an hour, noted again, and sent.
        let minute = HOUR / 60;
        let [ten, five_past, after] = [10 * HOUR, 10 * HOUR + 5 * minute, 9 * HOUR + 6 * minute];
        let events = [event(1, 3, after), event(1, 1, ten), event(1, 2, five_past), event(2, 1, five_past)];
        let now = 20 * HOUR;
        let times = corrected(&events, now, after);
        assert_eq!(times[..3], [now, now, now], "the third happened when it was sent, the others not later");
        assert_eq!(times[3], now + HOUR - minute, "another visit says nothing of this one");
    }
}
