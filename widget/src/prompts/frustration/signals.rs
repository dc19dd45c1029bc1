//! Tells from what a person does that they struggle. Times are in milliseconds of one clock; attempts go on from page to
//! page, so theirs is the browser's.

use protocol::Millis;

/// Presses of one spot, close together, after which nothing in the page changes.
const RAGE_PRESSES: usize = 4;
const RAGE_WITHIN: f64 = 1_500.0;
/// How far apart presses of one spot are, in pixels.
const RAGE_APART: f64 = 24.0;
/// Refused attempts to send a form. Fields that are refused at the same time are one attempt.
const REFUSED_ATTEMPTS: usize = 3;
const REFUSED_APART: Millis = 500;
const REFUSED_WITHIN: Millis = 120_000;
/// Until a page that was asked says what became of a form.
const ANSWERED_WITHIN: Millis = 30_000;
/// Comings back to the step's page.
const RETURNS: usize = 3;
const RETURNS_WITHIN: f64 = 120_000.0;
/// A step that takes so many times its usual minutes while the person is looking.
const DWELL: f64 = 3.0;

/// What was seen so far. Nothing of it leaves the page; only the name of a signal does.
#[derive(Debug, Default)]
pub struct Signals {
    presses: Vec<(f64, f64, f64)>,
    /// What became of forms.
    pub attempts: Attempts,
    returns: Vec<f64>,
    dwelt: f64,
}

/// Attempts to send a form.
#[derive(Debug, Default)]
pub struct Attempts {
    /// When the person last tried, until it is known what became of it.
    pub sent: Option<Millis>,
    /// When one was refused.
    pub refused: Vec<Millis>,
}

impl Signals {
    /// A press at a spot; whether it is one too many.
    pub fn pressed(&mut self, x: f64, y: f64, at: f64) -> bool {
        self.presses.retain(|(other_x, other_y, then)| {
            let (dx, dy) = (other_x - x, other_y - y);
            at - then < RAGE_WITHIN && dx * dx + dy * dy < RAGE_APART * RAGE_APART
        });
        self.presses.push((x, y, at));
        self.presses.len() >= RAGE_PRESSES
    }

    /// Something in the page changed after all: a counter that goes up, a month that turns.
    pub fn changed(&mut self) {
        self.presses.clear();
    }

    /// The page's path is another one; `is_step` says whether a step is done there. Says whether the person
    /// comes back too often.
    pub fn moved(&mut self, is_step: bool, at: f64) -> bool {
        self.dwelt = 0.0;
        if is_step {
            self.returns.retain(|then| at - then < RETURNS_WITHIN);
            self.returns.push(at);
        }
        self.returns.len() >= RETURNS
    }

    /// The person looked at the step's page for `lasted`; whether that is too long for its usual minutes.
    pub fn dwells(&mut self, lasted: f64, minutes: u32) -> bool {
        self.dwelt += lasted;
        self.dwelt > f64::from(minutes) * DWELL * 60_000.0
    }

    /// Everything but an attempt that is under way is forgotten.
    pub fn clear(&mut self) {
        let attempts = Attempts { sent: self.attempts.sent, refused: Vec::new() };
        *self = Self { attempts, ..Self::default() };
    }
}

impl Attempts {
    /// Whether something was sent a moment ago.
    pub fn is_under_way(&self, at: Millis) -> bool {
        self.sent.is_some_and(|then| at - then <= ANSWERED_WITHIN)
    }

    /// The browser refused a field; whether that is one attempt too many. A page may check its fields at any time, so
    /// only an attempt to send counts, and it counts once.
    pub fn refused(&mut self, at: Millis) -> bool {
        let is_now = self.sent.is_some_and(|then| at - then <= REFUSED_APART);
        let is_same = self.refused.last().is_some_and(|last| at - last < REFUSED_APART);
        is_now && !is_same && self.count(at)
    }

    /// The page that a form was sent to refused it; whether that is one attempt too many.
    pub fn answered(&mut self, at: Millis) -> bool {
        let is_one = self.is_under_way(at);
        self.sent = None;
        is_one && self.count(at)
    }

    fn count(&mut self, at: Millis) -> bool {
        self.refused.retain(|then| at - then < REFUSED_WITHIN);
        self.refused.push(at);
        self.refused.len() >= REFUSED_ATTEMPTS
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn four_presses_of_one_spot_are_rage_unless_something_changes() {
        let mut signals = Signals::default();
        let press = |signals: &mut Signals, at| signals.pressed(10.0, 10.0, at);
        assert_eq!([0.0, 300.0, 600.0, 900.0].map(|at| press(&mut signals, at)), [false, false, false, true]);
        signals.clear();
        assert_eq!([0.0, 300.0, 600.0].map(|at| press(&mut signals, at)), [false; 3]);
        signals.changed();
        assert!(!press(&mut signals, 900.0));
        // Slowly, or all over the page, is nothing.
        let mut slow = Signals::default();
        assert!((0..20).all(|n| !press(&mut slow, f64::from(n) * 600.0)));
        let mut wide = Signals::default();
        assert!((0..20).all(|n| !wide.pressed(f64::from(n) * 30.0, 0.0, f64::from(n))));
    }

    #[wasm_bindgen_test]
    fn three_refused_attempts_count_and_fields_of_one_attempt_are_one() {
        let mut signals = Signals::default();
        assert!(!signals.attempts.refused(100), "nobody sent anything");
        let attempt = |signals: &mut Signals, at: Millis| {
            signals.attempts.sent = Some(at);
            // Three fields each.
            (0..3).any(|field| signals.attempts.refused(at + field))
        };
        assert_eq!([1_000, 2_000, 3_000].map(|at| attempt(&mut signals, at)), [false, false, true]);
        signals.clear();
        assert!(!signals.attempts.refused(130_000));
    }

    #[wasm_bindgen_test]
    fn w4_refusals_by_a_server_count_once_each_and_only_soon_after_they_were_sent() {
        let mut attempts = Attempts::default();
        let mut attempt = |at: Millis, took: Millis| {
            attempts.sent = Some(at);
            let is_too_many = attempts.answered(at + took);
            assert!(!attempts.answered(at + took + 1_000), "what is known is not counted again");
            is_too_many
        };
        assert_eq!([attempt(0, 200), attempt(20_000, 2_000), attempt(40_000, 31_000)], [false; 3]);
        assert!(attempt(80_000, 200));
    }

    #[wasm_bindgen_test]
    fn coming_back_three_times_or_staying_three_times_too_long_is_noticed() {
        let mut signals = Signals::default();
        assert_eq!([0.0, 1.0, 2.0, 3.0].map(|at| signals.moved(at != 1.0, at)), [false, false, false, true]);
        signals.clear();
        assert!(
            !signals.moved(true, 0.0) && !signals.moved(true, 200_000.0) && !signals.moved(true, 200_001.0)
        );
        assert!((0..36).all(|_| !signals.dwells(5_000.0, 1)) && signals.dwells(5_000.0, 1));
    }
}
