//! Events of a later release: kept as they came, and read by the release that knows their version. The projector asks
//! again at each rebuild, so an upgrade and `tabiji rebuild` bring them in.

use protocol::Millis;
use serde::Deserialize;
use serde_json::Value;

use crate::NewRecord;

/// Why an event is in quarantine until a release knows its version; the word is on the wire.
pub const UNKNOWN_VERSION: &str = "unknown_version";
/// The version of events that this release reads. An event that names none is of this one, the first.
const KNOWN: u64 = 1;

/// What events of every version have in common.
#[derive(Deserialize)]
struct Head {
    #[serde(default)]
    v: Option<Value>,
    #[serde(default)]
    at: Option<Millis>,
}

impl Head {
    /// Reads it where an event may name a version; most do not, and are read once.
    fn of(body: &str) -> Option<Self> {
        if body.contains("\"v\"") { serde_json::from_str(body).ok() } else { None }
    }

    fn is_known(&self) -> bool {
        self.v.as_ref().is_none_or(|version| version.as_u64() == Some(KNOWN))
    }
}

/// Whether an event is of a later version than this release knows; then when it happened, if it says that.
pub fn of_later_version(body: &str) -> Option<Option<Millis>> {
    Head::of(body).filter(|head| !head.is_known()).map(|head| head.at)
}

/// Whether a record counts: it is in no quarantine, or waited for a release that knows its version.
pub(super) fn counts(record: &NewRecord) -> bool {
    match record.quarantine.as_deref() {
        None => true,
        // What was erased names no version any more.
        Some(UNKNOWN_VERSION) => {
            Head::of(&record.body).is_some_and(|head| head.v.is_some() && head.is_known())
        }
        Some(_) => false,
    }
}
