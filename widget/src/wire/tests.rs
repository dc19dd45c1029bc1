//! The widget's own reading and writing against the protocol's form.

use protocol::ids::{ClaimedIdentity, EventId};
use protocol::widget::{ChecklistSession, Event, EventBatch, EventKind, SessionRequest};
use wasm_bindgen_test::wasm_bindgen_test;

use super::*;
use crate::wire::Sender;

const SESSION: &str = r##"{
    "user": "u1", "account": "a1", "name": "田中", "verified": true, "expectation": "見えるように",
    "flow": { "name": "setup", "version": 7, "default_locale": "ja", "title": "はじめの設定",
        "contact": "mailto:cs@example.com", "window_days": 30, "stage": [{ "id": "usage", "title": "使う", "step": [
            { "id": "a", "title": "A", "why": "w", "minutes": 3, "need": "must-have", "link": "/a",
              "done": { "fact": "users", "at_least": 5.0 } },
            { "id": "b", "title": "B", "why": "w", "minutes": 3, "need": "can-wait", "after": ["a"],
              "done": { "all": [{ "any": [{ "url": "/r*" }, { "video": "c" }] }, { "not": { "fact": "x", "equals": "y" } },
                { "event": "e", "times": 3, "within_minutes": 60 }, { "event": "f" }, { "step": "a" },
                { "element": "#z", "state": "filled" }, { "confirmed": true }] } }] }] },
    "progress": { "version": 7, "last": [5, 2, "0193b5e0-0000-7000-8000-000000000001"], "entered": 1,
        "steps": { "a": { "status": "done", "visit": 2, "held": true, "shown": 3, "done_at": 4, "by": "fact", "user": "u1" },
                   "b": { "status": "open", "visit": 1, "held": false, "confirmed": true } },
        "stage": "usage", "visits": { "usage": 1 }, "facts": { "users": 5, "ok": true, "plan": "pro" },
        "observed": { "url:/r*": true },
        "tallies": { "e": { "times": [[7, "0193b5e0-0000-7000-8000-000000000002"]], "met": [[3, 60]] } } },
    "people": { "u1": "田中" }, "revision": 42, "server_time": 99, "limits": { "events": 200, "bytes": 262144 }
}"##;

#[wasm_bindgen_test]
fn a_session_reads_as_the_protocol_reads_it() {
    let ours = ChecklistSession::read(&Json::parse(SESSION).unwrap()).unwrap();
    let mut theirs: ChecklistSession = serde_json::from_str(SESSION).unwrap();
    // What nobody asks the widget for.
    let flow = theirs.flow.as_mut().unwrap();
    flow.default_locale.clear();
    flow.window_days = 0;
    // The protocol's own printing of both must be the same, field by field.
    assert_eq!(serde_json::to_value(&ours).unwrap(), serde_json::to_value(&theirs).unwrap());
}

#[wasm_bindgen_test]
fn a_shape_that_is_wrong_is_nothing() {
    assert!(ChecklistSession::read(&Json::parse("{}").unwrap()).is_none());
    assert!(ChecklistSession::read(&Json::parse(&SESSION.replace("\"minutes\": 3,", "")).unwrap()).is_none());
    assert!(Json::parse("{").is_none());
}

fn sample() -> Event {
    Event {
        id: EventId::new(5, [1; 10]),
        at: 1_790_000_000_123,
        session: EventId::new(6, [2; 10]),
        n: 3,
        kind: EventKind::StepCompleted,
        flow: serde_json::from_str("\"setup@7\"").unwrap(),
        step: Some("users".into()),
        stage: Some("usage".into()),
        data: serde_json::from_str(r#"{"by":"person","n":1.5,"ok":true,"日本":"語\"\n"}"#).unwrap(),
    }
}

#[wasm_bindgen_test]
fn ids_sort_in_the_order_they_were_made() {
    let ids = crate::browser::Ids::default();
    let made: Vec<String> = (0..10_000).map(|_| ids.next().text()).collect();
    assert!(made.is_sorted() && made.windows(2).all(|pair| pair[0] != pair[1]));
}

#[wasm_bindgen_test]
fn what_is_sent_reads_as_what_was_meant() {
    let bare = Event { data: Default::default(), flow: None, step: None, stage: None, ..sample() };
    let list = format!("[{},{}]", event(&sample()), event(&bare));
    let who = ClaimedIdentity { user: "u\"1".into(), account: Some("a1".into()) };
    let envelope = sender(&Sender { site: "pk_x".into(), token: None, who: Some(who.clone()) }, 77, &list);
    let batch: EventBatch = serde_json::from_str(&envelope).unwrap();
    assert_eq!(batch.events, [sample(), bare]);
    assert_eq!((batch.site.as_str(), batch.sent_at, batch.who), ("pk_x", 77, Some(who.clone())));
    let request =
        SessionRequest { site: "pk_x".into(), who: Some(who), locale: "ja".into(), ..Default::default() };
    let read: protocol::widget::ProgressQuery = serde_json::from_str(&progress_query(&request, 9)).unwrap();
    assert_eq!((read.since, read.session.locale.as_str()), (9, "ja"));
    assert_eq!(read.session.who, request.who);
}
