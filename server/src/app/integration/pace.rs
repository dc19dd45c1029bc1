//! How often notes are written: anybody can send what is refused.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};

use governor::{DefaultDirectRateLimiter, Quota};
use protocol::Millis;
use store::SiteId;

/// How long the same thing is not written again, in milliseconds.
const PAUSE: Millis = 10_000;
/// What is written of all sites together, per second.
const WRITES_PER_SECOND: NonZeroU32 = NonZeroU32::MIN.saturating_add(4);
/// Topics that are remembered.
const MAX_REMEMBERED: usize = 1_000;

/// What a note is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Topic {
    Page(SiteId, String),
    Person(SiteId),
    Fact(SiteId),
    Refused(Option<SiteId>, &'static str, Option<String>),
}

/// When a topic was written, and how often it came up since.
struct Noted {
    at: Millis,
    since: u64,
}

/// Decides which notes are written.
pub(super) struct Pace {
    noted: Mutex<HashMap<Topic, Noted>>,
    writes: DefaultDirectRateLimiter,
}

impl Default for Pace {
    fn default() -> Self {
        let writes = DefaultDirectRateLimiter::direct(Quota::per_second(WRITES_PER_SECOND));
        Self { noted: Mutex::default(), writes }
    }
}

impl Pace {
    /// Returns how often a topic came up since it was written, when it is to be written now.
    pub(super) fn due(&self, topic: Topic, now: Millis) -> Option<u64> {
        let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(noted) = noted.get_mut(&topic) {
            noted.since += 1;
            if now - noted.at < PAUSE || self.writes.check().is_err() {
                return None;
            }
            noted.at = now;
            return Some(std::mem::take(&mut noted.since));
        }
        if noted.len() >= MAX_REMEMBERED {
            noted.retain(|_, noted| now - noted.at < PAUSE);
        }
        if noted.len() >= MAX_REMEMBERED || self.writes.check().is_err() {
            return None;
        }
        noted.insert(topic, Noted { at: now, since: 0 });
        Some(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Millis = 1_790_000_000_000;

    fn refused(origin: u32) -> Topic {
        Topic::Refused(Some(SiteId(1)), "foreign_origin", Some(format!("https://{origin}.example")))
    }

    #[test]
    fn the_same_refusal_is_noted_at_once_and_then_with_its_count() {
        let pace = Pace::default();
        assert_eq!(pace.due(refused(1), NOW), Some(1));
        assert_eq!(pace.due(refused(1), NOW), None);
        assert_eq!(pace.due(refused(1), NOW + PAUSE - 1), None);
        assert_eq!(pace.due(refused(2), NOW), Some(1), "another page is news");
        assert_eq!(pace.due(refused(1), NOW + PAUSE), Some(3));
    }

    #[test]
    fn a_flood_of_origins_is_neither_written_nor_remembered() {
        let pace = Pace::default();
        let written = (0..10_000).filter(|origin| pace.due(refused(*origin), NOW).is_some()).count();
        assert!(written < 100, "{written}");
        assert!(pace.noted.lock().unwrap().len() <= MAX_REMEMBERED);
    }
}
