//! The id under which an event is kept.
//!
//! Ids are found in a tree, and one that grows at its end is several times cheaper than one that grows everywhere. So
//! ids have to begin with a time (UUID version 7, RFC 9562). A client may choose others; its events are kept under an
//! id that begins with the event's own time and ends with a digest, which is the same whenever the event is sent again.

use protocol::ids::EventId;
use protocol::widget::Event;
use protocol::{DAY, Millis};

use crate::crypto;

/// Events that cannot be read are kept under the hour of their arrival, in milliseconds.
const HOUR: Millis = 60 * 60 * 1000;

/// Returns the id to keep a readable event under.
pub fn of(event: &Event) -> EventId {
    let says = event.id.0.get_timestamp().map(|time| time.to_unix());
    let says = says.map(|(seconds, nanos)| seconds.cast_signed() * 1000 + Millis::from(nanos / 1_000_000));
    let is_timely = event.id.0.get_version_num() == 7 && says.is_some_and(|at| (at - event.at).abs() <= DAY);
    if is_timely { event.id } else { digested(event.at, event.id.0.as_bytes()) }
}

/// Returns the id to keep something under that must not take the place of a good event.
pub fn of_rejected(text: &str, now: Millis) -> EventId {
    digested(now - now.rem_euclid(HOUR), text.as_bytes())
}

fn digested(at: Millis, of: &[u8]) -> EventId {
    let digest = crypto::digest_of(of);
    let mut end = [0; 10];
    end.copy_from_slice(&digest[..10]);
    EventId::new(at.max(0).unsigned_abs(), end)
}
