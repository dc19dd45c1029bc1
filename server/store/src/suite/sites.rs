//! What every store must know of sites that change and go, and of their integration.

use std::sync::Arc;

use super::{NOON, answer, fact, journal_of, projected, site};
use crate::{
    MAX_REFUSED, NewSite, PreviousKeys, RefusedRequests, Seen, Sighting, Site, SiteId, Store, StoreError,
};

/// Changes a site, and removes it with everything of it.
pub(super) async fn tell(store: &Arc<dyn Store>, other: SiteId) {
    let version = answer(store.sites_version().await);
    let id = answer(store.add_site(site("short-lived")).await);
    let added = answer(store.sites_version().await);
    assert!(added > version, "a site was added");
    integration(store, id, other).await;
    let settings = NewSite {
        name: "renamed".into(),
        origins: vec!["https://new.example.com".into()],
        secret_hash: [7; 32],
        identity_key: Some("a public key".into()),
        signing_secret: "another".into(),
        ..site("short-lived")
    };
    let previous = PreviousKeys {
        secret_hash: Some(([1; 32], NOON)),
        identity_secret: Some(("before".into(), NOON + 1)),
        identity_key: Some(("a key before".into(), NOON + 2)),
        signing_secret: Some(("signing".into(), NOON + 3)),
    };
    let changed = Site { id, settings, previous };
    answer(store.update_site(changed.clone()).await);
    assert!(answer(store.sites_version().await) > added, "a site was changed");
    assert_eq!(answer(store.site_by_public_key(&"pk_short-lived".into()).await), Some(changed.clone()));
    assert_eq!(changed.previous.identity_secret(NOON), Some("before"));
    assert_eq!(changed.previous.identity_secret(NOON + 1), None);
    assert_eq!(changed.previous.identity_key(NOON + 1), Some("a key before"));
    assert_eq!(changed.previous.identity_key(NOON + 2), None);
    assert_eq!(changed.previous.signing_secret(NOON + 2), Some("signing"));
    assert_eq!(changed.previous.signing_secret(NOON + 3), None);
    let pages = answer(store.sightings(id).await);
    assert!(!pages.iter().any(|seen| matches!(seen.sighting, Sighting::Page { .. })), "its origin is gone");
    let taken = Site { settings: NewSite { name: "one".into(), ..changed.settings.clone() }, ..changed };
    assert!(matches!(store.update_site(taken).await, Err(StoreError::Exists(_))));
    removal(store, id, other).await;
}

async fn removal(store: &Arc<dyn Store>, id: SiteId, other: SiteId) {
    let count = |site| async move { journal_of(store, site).await.len() };
    let (head, others) = (answer(store.head().await), count(other).await);
    answer(store.append(vec![fact(id, "gone", "users", 5.0, NOON + 70, 70)]).await);
    answer(store.append(vec![fact(other, "stays", "x", 1.0, NOON + 71, 71)]).await);
    projected(store).await;
    let version = answer(store.sites_version().await);
    answer(store.remove_site(id).await);
    assert!(answer(store.sites_version().await) > version, "a site was removed");
    assert!(answer(store.sites().await).iter().all(|site| site.id != id));
    assert_eq!(answer(store.sightings(id).await), []);
    assert_eq!(answer(store.account(id, &"gone".into()).await).seen, None);
    let said = journal_of(store, id).await;
    let is_blank = |record: &crate::NewRecord| &*record.body == "null" && record.account.is_none();
    assert!(said.iter().all(|one| is_blank(&one.record) && one.record.quarantine.is_some()));
    assert_eq!(
        answer(store.head().await).records(),
        head.records() + 2,
        "no place of the journal is missing"
    );
    assert_eq!(count(other).await, others + 1, "the other site has all of its records");
    answer(answer(store.verify().await).map_err(StoreError::Failed));
    // Late requests of the removed site leave nothing, and its number is not another's.
    let late = Sighting::Page { origin: "https://app.example.com".into() };
    answer(store.note_sighting(id, late, NOON).await);
    assert_eq!(answer(store.sightings(id).await), []);
    let next = answer(store.add_site(site("next")).await);
    assert!(next > id, "a number is used once");
    answer(store.remove_site(next).await);
}

async fn integration(store: &Arc<dyn Store>, site: SiteId, other: SiteId) {
    let page = |origin: &str| Sighting::Page { origin: origin.into() };
    let person = |user: &str| Sighting::Person { user: user.into(), account: "a".into() };
    let users = Sighting::Fact { name: "users".into(), account: "a".into() };
    for (at, sighting) in
        [page("https://app.example.com"), person("u1"), users.clone(), person("u2")].into_iter().enumerate()
    {
        answer(store.note_sighting(site, sighting, NOON + at as i64).await);
    }
    let seen = |sighting, first, last| Seen { sighting, first: NOON + first, last: NOON + last };
    let expected = [seen(page("https://app.example.com"), 0, 0), seen(person("u2"), 1, 3), seen(users, 2, 2)];
    assert_eq!(answer(store.sightings(site).await), expected);
    assert_eq!(answer(store.sightings(other).await), [], "the other site's are its own");
    answer(store.erase_user(site, &"u2".into()).await);
    assert_eq!(
        answer(store.sightings(site).await)[1].sighting,
        Sighting::Person { user: "".into(), account: "".into() }
    );
    let refused = |tag: &str, at: i64| RefusedRequests {
        tag: tag.into(),
        origin: Some(format!("https://{at}.example")),
        message: "No.".into(),
        times: (NOON + at, NOON + at),
        count: 2,
    };
    for at in 0..MAX_REFUSED.cast_signed() + 5 {
        answer(store.note_refused(Some(site), refused("foreign_origin", at)).await);
    }
    answer(
        store
            .note_refused(
                Some(site),
                RefusedRequests { message: "Not yet.".into(), ..refused("foreign_origin", 24) },
            )
            .await,
    );
    let kept = answer(store.refused_requests(Some(site)).await);
    assert_eq!(kept.len() as u64, MAX_REFUSED, "a flood of origins is bounded");
    assert_eq!((kept[0].count, kept[0].message.as_str()), (4, "Not yet."), "the same again is counted");
    answer(store.note_refused(None, RefusedRequests { origin: None, ..refused("unknown_key", 0) }).await);
    let of_none = answer(store.refused_requests(None).await);
    assert_eq!((of_none.len(), of_none[0].origin.as_deref()), (1, None));
    assert_eq!(answer(store.refused_requests(Some(other)).await), []);
}
