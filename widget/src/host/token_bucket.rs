//! How much the page may track: so many events at once, and then so many each second (a token bucket). A page that
//! tracks in a loop would otherwise fill the device and hold itself up.

use protocol::Millis;

const BURST: f64 = 100.0;
const PER_SECOND: f64 = 50.0;

/// The tokens that are left, one for each event.
pub struct TokenBucket {
    tokens: f64,
    at: Millis,
}

impl Default for TokenBucket {
    fn default() -> Self {
        Self { tokens: BURST, at: 0 }
    }
}

impl TokenBucket {
    /// Takes one token at `now`, if there is one. A clock that was put back brings none.
    pub fn take(&mut self, now: Millis) -> bool {
        let passed = (now - self.at).max(0) as f64 / 1_000.0;
        self.at = now;
        self.tokens = (self.tokens + passed * PER_SECOND).min(BURST);
        let is_there = self.tokens >= 1.0;
        if is_there {
            self.tokens -= 1.0;
        }
        is_there
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    /// T25.
    #[wasm_bindgen_test]
    fn t25_a_burst_of_a_hundred_passes_and_then_fifty_a_second() {
        let mut bucket = TokenBucket::default();
        let now = 1_700_000_000_000;
        assert_eq!((0..10_000).filter(|_| bucket.take(now)).count(), 100);
        assert_eq!((0..10_000).filter(|n| bucket.take(now + n / 10)).count(), 49);
        assert!(!bucket.take(now - 60_000), "the clock was put back");
        assert_eq!((0..200).filter(|_| bucket.take(now + 3_600_000)).count(), 100);
    }
}
