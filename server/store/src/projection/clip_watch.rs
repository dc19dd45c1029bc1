//! How far a person watched one video: the union of everything that was reported.

use std::collections::BTreeMap;

use protocol::Millis;
use protocol::backend::FactValue;
use protocol::ids::{OrderKey, UserId};
use protocol::stored::TimeRanges;
use protocol::widget::{Event, EventKind};

use super::Moments;

/// The longest id of a clip, in bytes.
const MAX_ID: usize = 64;
/// The last second that a video can have.
const MAX_SECOND: u32 = 320;

/// A person and one version of a clip's video.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ClipKey {
    /// The person.
    pub user: UserId,
    /// The clip.
    pub clip: String,
    /// The version of its video.
    pub video: String,
}

/// What is known of one person and one video.
#[derive(Clone, Debug, PartialEq)]
pub struct ClipWatch {
    /// The earliest report.
    pub first: Millis,
    /// The newest report.
    pub key: OrderKey,
    /// When the collector received the first report and the last one, whatever moments they name.
    pub received: Moments,
    /// Where they stopped, by the newest report, in seconds.
    pub place: f64,
    /// What was played.
    pub seen: TimeRanges,
    /// Whether captions were shown.
    pub captioned: bool,
    /// By second, how often a jump back led there.
    pub returned: BTreeMap<u32, u32>,
}

impl ClipWatch {
    /// Reads an event that happened `at` and was `received` then; none when it says nothing about watching.
    pub fn of(event: &Event, at: Millis, received: Millis, user: &UserId) -> Option<(ClipKey, Self)> {
        if !matches!(
            event.kind,
            EventKind::VideoStarted | EventKind::VideoProgress | EventKind::VideoCompleted
        ) {
            return None;
        }
        let place = match event.data.get("at") {
            Some(FactValue::Number(place)) if place.is_finite() && *place >= 0.0 => *place,
            _ => return None,
        };
        let clip = event.text("clip").filter(|clip| !clip.is_empty() && clip.len() <= MAX_ID)?;
        let video = event.text("film").filter(|video| video.len() <= MAX_ID).unwrap_or_default();
        let watch = Self {
            first: at,
            key: OrderKey(at, event.n, event.id),
            received: Moments { first: received, last: received },
            place,
            seen: event.text("seen").unwrap_or_default().parse().ok()?,
            captioned: event.data.get("captions") == Some(&FactValue::Flag(true)),
            returned: returned(event.text("back").unwrap_or_default()),
        };
        Some((ClipKey { user: user.clone(), clip: clip.to_owned(), video: video.to_owned() }, watch))
    }

    /// Adds another report; the order does not matter. The same report must not be added twice: jumps are counted.
    pub fn merge(&mut self, other: Self) {
        self.first = self.first.min(other.first);
        self.received.merge(other.received);
        self.seen = self.seen.iter().chain(other.seen.iter()).collect();
        self.captioned |= other.captioned;
        for (second, times) in other.returned {
            *self.returned.entry(second).or_default() += times;
        }
        if other.key > self.key {
            (self.key, self.place) = (other.key, other.place);
        }
    }
}

fn returned(text: &str) -> BTreeMap<u32, u32> {
    let mut returned = BTreeMap::new();
    for second in text.split(',').filter_map(|second| second.parse().ok()) {
        if second <= MAX_SECOND {
            *returned.entry(second).or_default() += 1;
        }
    }
    returned
}
