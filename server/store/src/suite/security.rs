//! What every store must know of the security log and of known browsers.

use std::sync::Arc;

use protocol::console::SecurityKind;

use super::{NOON, answer};
use crate::{SecurityEvent, SiteId, Store, VisibleSites};

pub(super) async fn tell(store: &Arc<dyn Store>, one: SiteId, two: SiteId) {
    let event = |kind, site, at| SecurityEvent {
        at: NOON + at,
        kind,
        by: "a@b".into(),
        site,
        about: "c@d".into(),
        count: 3,
    };
    let all = [
        event(SecurityKind::SignIn, None, 0),
        event(SecurityKind::TranscriptRead, Some(one), 1),
        event(SecurityKind::KeysRotated, Some(two), 2),
        event(SecurityKind::TranscriptRead, Some(one), 3),
    ];
    for event in &all {
        answer(store.add_security_event(event.clone()).await);
    }
    let read = async |sites: VisibleSites, before, most| -> Vec<(i64, SecurityEvent)> {
        answer(store.security_events(sites, before, most).await)
    };
    let newest = read(VisibleSites::All, None, 100).await;
    let events =
        |found: &[(i64, SecurityEvent)]| found.iter().map(|(_, one)| one.clone()).collect::<Vec<_>>();
    assert_eq!(events(&newest), all.iter().rev().cloned().collect::<Vec<_>>(), "the newest first");
    assert!(newest.is_sorted_by(|a, b| a.0 > b.0));
    let page = read(VisibleSites::All, None, 3).await;
    assert_eq!(page, newest[..3]);
    assert_eq!(read(VisibleSites::All, Some(page[2].0), 3).await, newest[3..], "one page after the other");
    let own = read(VisibleSites::Only(vec![one]), None, 100).await;
    assert_eq!(
        events(&own),
        [all[3].clone(), all[1].clone()],
        "of a site, and what is about none is no site's"
    );
    assert_eq!(read(VisibleSites::Only(vec![]), None, 100).await, []);
    // A browser is known for those who signed in there.
    answer(store.add_known_browser([1; 32], "a@b", NOON).await);
    answer(store.add_known_browser([1; 32], "c@d", NOON + 5).await);
    for (hash, email, known) in
        [([1; 32], "a@b", true), ([1; 32], "c@d", true), ([1; 32], "e@f", false), ([2; 32], "a@b", false)]
    {
        assert_eq!(answer(store.is_known_browser(hash, email).await), known, "{email}");
    }
    answer(store.forget_security(NOON + 2, NOON + 1).await);
    assert_eq!(events(&read(VisibleSites::All, None, 100).await), [all[3].clone(), all[2].clone()]);
    assert!(!answer(store.is_known_browser([1; 32], "a@b").await));
    assert!(answer(store.is_known_browser([1; 32], "c@d").await));
}
