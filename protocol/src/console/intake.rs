//! How complete the data of a site is, and what is quarantined.

use serde::{Deserialize, Serialize};

use crate::Millis;
use crate::ids::{AccountId, EventId};

/// The ledger of events: `tracked = stored + quarantined + dropped + pending + missing`. A repeated event counts once, where its
/// first copy does.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct IntakeReport {
    /// The beginning of the counted period.
    pub since: Millis,
    /// Events that browsers counted: each visit counts its events from 1.
    pub tracked: u64,
    /// Events that are stored.
    pub stored: u64,
    /// Events that are kept and count for nothing.
    pub quarantined: u64,
    /// Events that devices dropped, by the reason that they gave.
    #[serde(default)]
    pub dropped: Vec<DropReason>,
    /// Events that may still come: something of their visit arrived within a day.
    pub pending: u64,
    /// Events that did not come and of which nobody said why: lost with the device.
    pub missing: u64,
}

/// Events that devices dropped for one reason.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DropReason {
    /// The reason.
    pub reason: String,
    /// How many.
    pub n: u64,
}

/// Records that are quarantined for one reason.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct QuarantineReason {
    /// The reason.
    pub reason: String,
    /// How many there are.
    pub n: u64,
    /// When the newest one arrived.
    pub at: Millis,
}

/// A record that is kept and counts for nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct QuarantinedRecord {
    /// Its id.
    pub id: EventId,
    /// When it arrived.
    pub at: Millis,
    /// Why.
    pub reason: String,
    /// The account that it would be about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
    /// The beginning of its body, as it came.
    pub body: String,
}
