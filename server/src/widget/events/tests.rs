//! Whatever a browser may send as an event.

use store::{PreviousKeys, Site, SiteId, suite};

use super::*;

const NOW: Millis = 1_790_000_000_000;

fn site() -> Site {
    Site { id: SiteId(1), settings: suite::site("one"), previous: PreviousKeys::default() }
}

/// S37: an event is good or has a reason, and its id is the one that it says.
#[test]
fn s37_an_event_of_any_bytes_has_a_verdict() {
    let site = site();
    let who = ClaimedIdentity { user: "u".into(), account: None };
    let identity = crate::auth::identity::identify(&site, None, Some(&who), NOW).unwrap();
    fuzz::fuzz("events", |bytes| {
        let Ok(text) = std::str::from_utf8(bytes) else { return };
        // A batch is JSON before its events are looked at.
        let Ok(raw) = serde_json::from_str::<Box<RawValue>>(text) else { return };
        let event = read(raw.get());
        let times = times::corrected(std::slice::from_ref(&event), NOW, NOW - 5_000);
        let context = BatchContext {
            site: &site,
            identity: &identity,
            now: NOW,
            skew: 5_000,
            horizon: NOW - 30 * DAY,
            is_replayed: false,
        };
        let known = event.as_ref().ok().map(|event| event.id);
        let ((id, reason), record) = context.validate(&raw, event, times[0]);
        assert_eq!(reason, record.quarantine);
        assert!(known.is_none_or(|known| known == id), "another id");
        assert!(record.at <= NOW || reason.is_some(), "it lies in the future");
        assert!(record.body.len() <= limits::EVENT_BYTES);
        // What is kept can be read again.
        assert!(reason.is_some() || serde_json::from_str::<Event>(&record.body).is_ok());
        // One event, however broken, keeps no other from being read.
        let batch = format!(r#"{{"site":"pk","sent_at":1,"events":[{raw}]}}"#);
        assert!(serde_json::from_str::<Envelope>(&batch).is_ok(), "{batch}");
    });
}
