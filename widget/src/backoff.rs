//! When to try again, for whatever asks the collector: a pause that doubles, for events from 1 s to five minutes; jitter
//! makes it 50 % to 150 % of that, and never more than the longest.

use protocol::Millis;

use crate::browser;

const FIRST: Millis = 1_000;
/// The longest pause that is not asked for, in milliseconds.
const LONGEST: Millis = 5 * 60_000;
/// A collector may ask for a longer pause, but not for more than an hour.
const LONGEST_ASKED: Millis = 60 * 60_000;

/// How often something has failed in a row.
pub struct Backoff {
    first: Millis,
    longest: Millis,
    failures: u32,
    until: Millis,
    /// Until when the collector asked for silence.
    asked_until: Millis,
}

impl Default for Backoff {
    fn default() -> Self {
        Self::new(FIRST, LONGEST)
    }
}

impl Backoff {
    /// Starts with a pause of `first` milliseconds, which doubles up to `longest`.
    pub fn new(first: Millis, longest: Millis) -> Self {
        Self { first, longest, failures: 0, until: 0, asked_until: 0 }
    }

    /// Notes that an attempt succeeded.
    pub fn reset(&mut self) {
        *self = Self::new(self.first, self.longest);
    }

    /// There is reason to try at once, such as a network that is back; what the collector asked for is kept.
    pub fn hurry(&mut self) {
        (self.failures, self.until) = (0, self.asked_until);
    }

    /// It failed. `asked` are the milliseconds that the collector asked for, 0 when it did not;
    /// `chance` is random, from 0 up to 1. Gives the pause.
    pub fn fail(&mut self, now: Millis, asked: Millis, chance: f64) -> Millis {
        let nominal = (self.first << self.failures.min(10)).min(self.longest);
        self.failures += 1;
        let mut pause = ((nominal as f64 * (0.5 + chance)) as Millis).min(self.longest);
        if asked > 0 {
            pause = asked.min(LONGEST_ASKED);
            self.asked_until = now + pause;
        }
        self.until = now + pause;
        pause
    }

    /// It failed just now, `asked` as in [`Self::fail`]. Gives the pause as a timer takes it.
    pub fn pause(&mut self, asked: Millis) -> u32 {
        self.fail(browser::now(), asked, browser::chance()) as u32
    }

    /// The network let nothing through, so often that it is asked rarely: gives the longest pause.
    pub fn rarely(&mut self) -> u32 {
        self.failures += 1;
        self.until = browser::now() + LONGEST;
        LONGEST as u32
    }

    /// How often it has failed in a row.
    pub fn failures(&self) -> u32 {
        self.failures
    }

    /// The milliseconds that are left of the pause; nothing is sent in it.
    pub fn left(&self, now: Millis) -> Millis {
        (self.until - now).max(0)
    }

    /// Whether the collector asked for silence, which even a page that goes away keeps.
    pub fn is_asked(&self, now: Millis) -> bool {
        now < self.asked_until
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    /// T2.
    #[wasm_bindgen_test]
    fn t2_pauses_double_within_their_jitter_and_stop_at_five_minutes() {
        let mut backoff = Backoff::default();
        assert_eq!(backoff.fail(0, 0, 0.0), 500);
        assert_eq!(backoff.fail(0, 0, 0.5), 2_000);
        assert_eq!(backoff.fail(0, 0, 0.999), 5_996);
        for _ in 0..20 {
            backoff.fail(0, 0, 0.5);
        }
        for chance in [0.5, 0.999] {
            assert_eq!(backoff.fail(0, 0, chance), LONGEST);
        }
        assert!(backoff.fail(0, 0, 0.0) >= LONGEST / 2, "half of what is nominal is the least");
        backoff.reset();
        assert_eq!(backoff.fail(0, 0, 0.5), 1_000);
    }

    #[wasm_bindgen_test]
    fn the_collectors_wish_is_kept_to_the_millisecond() {
        let mut backoff = Backoff::default();
        assert_eq!(backoff.fail(100, 7_000, 0.9), 7_000);
        assert_eq!((backoff.left(7_099), backoff.left(7_100)), (1, 0));
        backoff.hurry();
        assert_eq!((backoff.left(7_099), backoff.is_asked(7_099), backoff.is_asked(7_100)), (1, true, false));
        backoff.reset();
        assert_eq!((backoff.left(200), backoff.is_asked(200)), (0, false));
        assert_eq!(backoff.fail(0, 9 * 60 * 60_000, 0.0), LONGEST_ASKED);
    }
}
