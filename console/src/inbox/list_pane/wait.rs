//! How long a customer has waited, and whether that is too long: past the goal, while support is open.

use protocol::Millis;
use protocol::console::Conversation;

/// Below this a wait has only begun, in milliseconds.
const JUST_NOW: Millis = 60_000;

/// What a row says about the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// It is snoozed until then.
    Snoozed(Millis),
    /// The customer waits, and support is closed.
    Closed(Millis),
    /// The customer waits; support is open.
    Open {
        /// For how long; none when that has only begun.
        time: Option<Millis>,
        /// Whether it is past the goal.
        is_late: bool,
    },
}

impl Wait {
    /// Returns the wait of a conversation; none when nobody waits. A blocked person waits for nothing.
    pub fn of(one: &Conversation, is_closed: bool, now: Millis) -> Option<Self> {
        if let Some(until) = one.state.snoozed_until.filter(|until| *until > now) {
            return Some(Self::Snoozed(until));
        }
        let since = one.state.waiting_since.filter(|_| !one.blocked)?;
        let waited = (now - since).max(0);
        if is_closed {
            return Some(Self::Closed(waited));
        }
        let is_late = one.answer_due.is_some_and(|due| due < now);
        Some(Self::Open { time: Some(waited).filter(|waited| *waited >= JUST_NOW), is_late })
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::sample::conversation;
    use super::*;

    const MINUTE: Millis = 60_000;

    fn waiting(answer_due: Option<Millis>) -> Conversation {
        let mut one = Conversation { answer_due, ..conversation(1) };
        one.state.waiting_since = Some(0);
        one
    }

    #[test]
    fn a_wait_is_late_past_the_goal_while_support_is_open_and_never_otherwise() {
        let at = |due, is_closed, now| Wait::of(&waiting(due), is_closed, now);
        let open = |time, is_late| Some(Wait::Open { time, is_late });
        assert_eq!(at(Some(10 * MINUTE), false, 30_000), open(None, false));
        assert_eq!(
            at(Some(10 * MINUTE), false, 10 * MINUTE),
            open(Some(10 * MINUTE), false),
            "the goal itself"
        );
        assert_eq!(at(Some(10 * MINUTE), false, 10 * MINUTE + 1), open(Some(10 * MINUTE + 1), true));
        assert_eq!(at(Some(10 * MINUTE), true, 60 * MINUTE), Some(Wait::Closed(60 * MINUTE)));
        assert_eq!(at(None, false, 600 * MINUTE), open(Some(600 * MINUTE), false), "without a goal");
    }

    #[test]
    fn who_is_blocked_snoozed_or_answered_does_not_wait() {
        let mut one = Conversation { blocked: true, ..waiting(Some(1)) };
        assert_eq!(Wait::of(&one, false, 10 * MINUTE), None);
        one.blocked = false;
        one.state.snoozed_until = Some(20 * MINUTE);
        assert_eq!(Wait::of(&one, false, 10 * MINUTE), Some(Wait::Snoozed(20 * MINUTE)));
        assert_eq!(
            Wait::of(&one, false, 20 * MINUTE),
            Some(Wait::Open { time: Some(20 * MINUTE), is_late: true }),
            "back again"
        );
        one.state.waiting_since = None;
        assert_eq!(Wait::of(&one, false, 20 * MINUTE), None);
    }
}
