//! Moments as a terminal shows them.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use protocol::Millis;

/// Returns day, time and zone of this machine: `2026-11-28 10:44 JST`.
pub fn text(at: Millis) -> String {
    let at = Timestamp::from_millisecond(at).unwrap_or_default();
    at.to_zoned(TimeZone::system()).strftime("%Y-%m-%d %H:%M %Z").to_string()
}
