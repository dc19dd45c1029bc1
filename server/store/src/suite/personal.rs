//! Erasure and retention: what people typed is gone from every read and from the journal, reports say what they said,
//! and a rebuild brings nothing back.

use std::sync::Arc;

use protocol::ids::{AccountId, StepId, UserId};
use protocol::stored::StepStatus;

use super::{
    NOON, answer, answered, fact, guided, journal_of, mood, postponed, present, projected, shown, watching,
};
use crate::{Erased, NewRecord, SiteId, Source, Store, Thinned, Vouched};

/// What nothing may contain afterwards.
const CANARY: &str = "canary";
const WHO: &str = "canary-user";

pub(super) async fn tell(store: &Arc<dyn Store>, site: SiteId, other: SiteId) {
    erased(store, site, other).await;
    thinned(store, site).await;
    dated(store, site).await;
}

/// What a person and a colleague of theirs did in an account.
fn used(site: SiteId, account: &str, user: &str, salt: u8) -> Vec<NewRecord> {
    let at = NOON + 10_000 + i64::from(salt);
    let mut named = present(site, account, at + 1, salt + 1);
    (named.source, named.body) = (Source::Person, format!("\"{CANARY} name\"").into());
    let mut snoozed = postponed(site, account, at + 90_000, at + 4, salt + 4);
    snoozed.body = snoozed.body.replace("meeting", CANARY).into();
    let mut broken = present(site, account, at + 8, salt + 8);
    (broken.quarantine, broken.body) = (Some("clock".into()), format!("{{\"{CANARY}\":1}}").into());
    let records = vec![
        present(site, account, at, salt),
        named,
        shown(site, account, at + 2, salt + 2),
        watching(site, account, "0-30", 30.0, at + 3, salt + 3),
        snoozed,
        answered(site, account, Some(4.0), CANARY, at + 5, salt + 5),
        guided(site, account, Ok(2), at + 6, salt + 6),
        fact(site, account, "users", 9.0, at + 7, salt + 7),
        broken,
    ];
    let user = Some(UserId::from(user));
    records.into_iter().map(|record| NewRecord { user: user.clone(), ..record }).collect()
}

async fn erased(store: &Arc<dyn Store>, site: SiteId, other: SiteId) {
    let (shared, alone) = (AccountId::from("shared"), AccountId::from("alone"));
    answer(store.append(used(site, "shared", WHO, 1)).await);
    answer(store.append(used(site, "shared", "colleague", 20)).await);
    answer(store.append(used(site, "alone", "someone", 40)).await);
    answer(store.append(used(site, &format!("~{WHO}"), WHO, 60)).await);
    answer(store.append(used(other, "shared", WHO, 80)).await);
    projected(store).await;
    let done = async || {
        let progress = answer(store.progress(site, &shared, "setup").await).0;
        progress.steps.get(&StepId::from("users")).map(|step| step.status)
    };
    assert_eq!(done().await, Some(StepStatus::Done));
    let receipt = answer(store.erase_user(site, &WHO.into()).await);
    assert_eq!(receipt.records, 18, "{receipt:?}");
    for table in ["answer", "guiding", "person", "watched", "entry"] {
        assert!(receipt.rows.contains_key(table), "{table} is not on the receipt: {receipt:?}");
    }
    assert_eq!(done().await, Some(StepStatus::Done), "what the account did stays done");
    let kept = journal_of(store, site).await;
    let theirs = |one: &&crate::Record| {
        let NewRecord { user, account, .. } = &one.record;
        let is_theirs = |id: &str| id.contains(WHO);
        user.as_ref().is_some_and(|user| is_theirs(user.as_str()))
            || account.as_ref().is_some_and(|account| is_theirs(account.as_str()))
    };
    assert_eq!(kept.iter().filter(theirs).count(), 0, "nobody of that name is in the journal");
    assert_eq!(answer(store.person(site, &shared, &WHO.into()).await), None);
    let colleague = answer(store.person(site, &shared, &"colleague".into()).await);
    assert!(colleague.is_some(), "a colleague is another person");
    assert!(answer(store.watched_clips(site, &shared, &WHO.into()).await).is_empty());
    let guests = answer(store.survey_comments(site, "setup", &mood(), Vouched::Guests).await);
    assert!(!guests.iter().any(|one| one.by.contains(CANARY)), "{guests:?}");
    equals_a_rebuild(store).await;
    let again = answer(store.erase_user(site, &WHO.into()).await);
    assert_eq!(again, Erased::default(), "a second erasure finds nothing");

    let receipt = answer(store.erase_account(site, &alone).await);
    assert_eq!((receipt.records, receipt.rows.get("account")), (9, Some(&1)), "{receipt:?}");
    assert_eq!(answer(store.account(site, &alone).await).seen, None);
    assert!(!journal_of(store, site).await.iter().any(|one| one.record.account.as_ref() == Some(&alone)));
    equals_a_rebuild(store).await;
    let elsewhere = answer(store.person(other, &shared, &WHO.into()).await);
    assert!(elsewhere.is_some(), "another site's person is another person");
}

async fn thinned(store: &Arc<dyn Store>, site: SiteId) {
    let shared = AccountId::from("shared");
    let said = async || {
        let counts = answer(store.survey_counts(site, "setup", &mood()).await);
        let viewers = answer(store.clip_viewers(site, "first").await).len();
        let progress = answer(store.progress(site, &shared, "setup").await).0;
        (
            counts,
            viewers,
            progress.steps.iter().map(|(id, step)| (id.clone(), step.status)).collect::<Vec<_>>(),
        )
    };
    let before = said().await;
    assert_eq!(answer(store.thin_events(NOON - 1_000_000).await), Thinned::default(), "nothing is that old");
    let mut batches = 0;
    while answer(store.thin_events(NOON + 100_000_000).await).has_more {
        batches += 1;
        assert!(batches < 10_000, "it never ends");
    }
    assert!(batches > 0);
    assert_eq!(said().await, before, "aggregates stay");
    let events = journal_of(store, site).await;
    let events = events.iter().filter(|one| one.record.source == Source::Event);
    assert_eq!(events.filter(|one| one.record.body.contains(CANARY)).count(), 0, "what was typed is gone");
    assert_eq!(answer(store.survey_comments(site, "setup", &mood(), Vouched::Verified).await), []);
    equals_a_rebuild(store).await;
}

/// Files go by their date, and the messages that had them stay.
async fn dated(store: &Arc<dyn Store>, site: SiteId) {
    let files = async || answer(store.uploads(site).await).len();
    let conversations = async || answer(store.conversations(site, 0, 100).await).len();
    let before = (files().await, conversations().await);
    assert!(before.0 > 0 && before.1 > 0, "earlier chapters sent files: {before:?}");
    answer(store.delete_dated(NOON, None).await);
    assert_eq!(answer(store.delete_dated(NOON, Some(NOON)).await), 0, "none is that old");
    assert_eq!((files().await, conversations().await), before);
    while answer(store.delete_dated(NOON, Some(NOON + 100_000_000)).await) > 0 {}
    assert_eq!(conversations().await, before.1);
    assert!(files().await < before.0, "what was sent is gone, what is not sent has its own date");
}

async fn equals_a_rebuild(store: &Arc<dyn Store>) {
    let before = answer(store.checksum().await);
    answer(store.rebuild(Box::new(|_, _| ())).await);
    assert_eq!(answer(store.checksum().await), before, "a rebuild brings nothing back, and loses nothing");
}
