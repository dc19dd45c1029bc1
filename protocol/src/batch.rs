//! A batch of events and the fate of each.

use serde::{Deserialize, Serialize};

use crate::{Event, EventId, Millis, SiteKey};

/// What one request may carry; more is refused with 413 or 400.
pub mod limits {
    /// Bytes of a request body as it travels.
    pub const WIRE_BYTES: usize = 256 * 1024;
    /// Bytes of a request body after gzip is undone.
    pub const INFLATED_BYTES: usize = 1024 * 1024;
    /// Events (or facts) in a batch.
    pub const EVENTS: usize = 200;
    /// Bytes of one event.
    pub const EVENT_BYTES: usize = 32 * 1024;
    /// Bytes that may be in flight when a page goes away; browsers refuse more than 64 KiB.
    pub const BEACON_BYTES: usize = 60 * 1024;
}

/// The body of `POST /v1/events` as the widget writes it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Batch {
    /// The site's public key.
    pub site: SiteKey,
    /// The identity token of the host's backend, when the person is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// Who an unverified visitor says they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub who: Option<crate::Who>,
    /// The client's clock at the moment of sending: corrects `Event::at`.
    pub sent_at: Millis,
    /// At most [`limits::EVENTS`].
    pub events: Vec<Event>,
}

/// The fate of one event; every event gets exactly one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// On disk, for the first time.
    Stored,
    /// On disk since an earlier request.
    Duplicate,
    /// Kept and visible with its reason, but left out of every report.
    Quarantined,
    /// Not kept: send the same id again.
    Retry,
}

/// What became of one event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EventResult {
    /// The event's id; absent when the event was too broken to have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<EventId>,
    /// Its place in the batch, from 0.
    #[serde(default)]
    pub index: usize,
    /// Its fate.
    pub outcome: Outcome,
    /// Why, as a stable tag, when it was not simply stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// The answer to a batch: one result per event, in the order of the batch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reply {
    /// One entry per event.
    pub results: Vec<EventResult>,
    /// The collector's clock.
    pub server_time: Millis,
}
