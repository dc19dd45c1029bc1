//! A batch of events and the outcome of each.

use serde::{Deserialize, Serialize};

use super::Event;
use crate::Millis;
use crate::ids::{ClaimedIdentity, EventId, SiteKey};

/// Limits of a request; the collector refuses what exceeds them with 413 or 400.
pub mod limits {
    /// Bytes of a request body as it is sent, before decompression.
    pub const WIRE_BYTES: usize = 256 * 1024;
    /// Bytes of a request body after decompression.
    pub const INFLATED_BYTES: usize = 1024 * 1024;
    /// Events (or facts) in a batch.
    pub const EVENTS: usize = 200;
    /// Bytes of one event.
    pub const EVENT_BYTES: usize = 32 * 1024;
    /// Events that a browser keeps at most until the collector has them.
    pub const KEPT_EVENTS: usize = 2_000;
    /// Bytes that they may have together.
    pub const KEPT_BYTES: usize = 1_000_000;
    /// Bytes of all beacons in flight when a page is hidden; browsers refuse more than 64 KiB
    /// (Fetch Standard, keepalive).
    pub const BEACON_BYTES: usize = 60 * 1024;
}

/// The body of `POST /v1/events` as the widget writes it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EventBatch {
    /// The site's public key.
    pub site: SiteKey,
    /// The identity token of the host's backend, when the person is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// The identity that an unverified visitor claims.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub who: Option<ClaimedIdentity>,
    /// The client's clock at the moment of sending; the collector corrects [`Event::at`] with it.
    pub sent_at: Millis,
    /// At most [`limits::EVENTS`].
    pub events: Vec<Event>,
}

/// The outcome of one event; every event gets exactly one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum EventOutcome {
    /// The collector wrote it to disk.
    Stored,
    /// An earlier request had written it to disk already.
    Duplicate,
    /// The collector keeps it with its reason and leaves it out of every report.
    Quarantined,
    /// The collector did not keep it; the client sends the same id again.
    Retry,
}

/// The outcome of one event, with its reason.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EventResult {
    /// The event's id; absent when the event was too broken to have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<EventId>,
    /// Its place in the batch, from 0.
    #[serde(default)]
    pub index: usize,
    /// Its outcome.
    pub outcome: EventOutcome,
    /// The reason as a stable tag, unless it was stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// The answer to a batch: one result per event, in the order of the batch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BatchReply {
    /// One entry per event.
    pub results: Vec<EventResult>,
    /// The collector's clock.
    pub server_time: Millis,
}
