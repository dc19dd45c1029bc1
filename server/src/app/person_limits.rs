//! How much one person may send, whatever the connection.

use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU64, Ordering};

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota};
use store::Visitor;

use crate::http::Refusal;

/// Messages of one person per second, over a longer time.
const MESSAGES_PER_SECOND: NonZeroU32 = NonZeroU32::MIN.saturating_add(1);
/// Messages of one person at once.
const MESSAGES_AT_ONCE: NonZeroU32 = NonZeroU32::MIN.saturating_add(29);
/// Frames of any kind of one person per second, over a longer time.
const FRAMES_PER_SECOND: NonZeroU32 = NonZeroU32::MIN.saturating_add(19);
/// Frames of any kind of one person at once.
const FRAMES_AT_ONCE: NonZeroU32 = NonZeroU32::MIN.saturating_add(199);
/// Frames between two times that people who have been quiet are forgotten.
const FORGET_EVERY: u64 = 4096;

/// Messages and frames of each person.
pub struct PersonLimits {
    messages: DefaultKeyedRateLimiter<Visitor>,
    frames: DefaultKeyedRateLimiter<Visitor>,
    counted: AtomicU64,
}

impl Default for PersonLimits {
    fn default() -> Self {
        let messages = Quota::per_second(MESSAGES_PER_SECOND).allow_burst(MESSAGES_AT_ONCE);
        let frames = Quota::per_second(FRAMES_PER_SECOND).allow_burst(FRAMES_AT_ONCE);
        Self {
            messages: DefaultKeyedRateLimiter::keyed(messages),
            frames: DefaultKeyedRateLimiter::keyed(frames),
            counted: AtomicU64::new(0),
        }
    }
}

impl PersonLimits {
    /// Spends a frame of a person.
    ///
    /// # Errors
    /// `TooFast`.
    pub fn spend_frame(&self, visitor: &Visitor) -> Result<(), Refusal> {
        self.forget_quiet();
        self.frames.check_key(visitor).map_err(|_| Refusal::TooFast(5))
    }

    /// Spends a message, or another entry of the log, of a person.
    ///
    /// # Errors
    /// With the seconds to wait.
    pub fn spend_message(&self, visitor: &Visitor) -> Result<(), u64> {
        let spent = self.messages.check_key(visitor);
        spent.map_err(|wait| wait.wait_time_from(DefaultClock::default().now()).as_secs() + 1)
    }

    /// Spends a message of a person for a file that they begin to upload.
    ///
    /// # Errors
    /// `TooFast`.
    pub fn spend_upload(&self, visitor: &Visitor) -> Result<(), Refusal> {
        self.forget_quiet();
        self.messages.check_key(visitor).map_err(|_| Refusal::TooFast(5))
    }

    /// Forgets people who have been quiet, now and then: anybody can invent people.
    fn forget_quiet(&self) {
        if self.counted.fetch_add(1, Ordering::Relaxed) % FORGET_EVERY == FORGET_EVERY - 1 {
            for limiter in [&self.messages, &self.frames] {
                limiter.retain_recent();
                limiter.shrink_to_fit();
            }
        }
    }
}
