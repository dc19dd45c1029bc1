//! The one place that reads the clock.

use protocol::Millis;

/// Tells the time, in milliseconds of UTC.
pub trait Clock: Send + Sync {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    fn now(&self) -> Millis;
}

/// The machine's own clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Millis {
        jiff::Timestamp::now().as_millisecond()
    }
}

/// A clock that stands still, for tests.
#[derive(Clone, Copy, Debug)]
pub struct StoppedClock(pub Millis);

impl Clock for StoppedClock {
    fn now(&self) -> Millis {
        self.0
    }
}
