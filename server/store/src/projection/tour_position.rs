//! Where a person stands in a guide: the newest event about it counts.

use protocol::Millis;
use protocol::backend::FactValue;
use protocol::ids::{OrderKey, StepId};
use protocol::widget::{Event, EventKind};

/// Reasons for which a tour ends here and continues on another page or later.
const CONTINUES: [&str; 2] = ["navigated", "replaced"];

/// A person's position in a guide.
#[derive(Clone, Debug, PartialEq)]
pub struct TourPosition {
    /// When it was reported.
    pub key: OrderKey,
    /// The step whose guide it is.
    pub step: StepId,
    /// The stop, from 1; 0 when the tour is over.
    pub stop: u32,
}

impl TourPosition {
    /// Reads an event; none when it says nothing about a position.
    pub fn of(event: &Event, at: Millis) -> Option<Self> {
        let stop = match (&event.kind, event.data.get("stop")) {
            (EventKind::GuideStarted, Some(FactValue::Number(stop))) => *stop as u32,
            (EventKind::GuideEnded, _)
                if !event.text("reason").is_some_and(|why| CONTINUES.contains(&why)) =>
            {
                0
            }
            _ => return None,
        };
        Some(Self { key: OrderKey(at, event.n, event.id), step: event.step.clone()?, stop })
    }

    /// Keeps the newer of two positions.
    pub fn merge(&mut self, other: Self) {
        if other.key > self.key {
            *self = other;
        }
    }
}
