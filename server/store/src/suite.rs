//! The suite that every store must pass.
//!
//! A store's tests call [`run`] and [`run_funnels`] with a fresh store, and [`run_with_two_handles`] with two handles on
//! one fresh database. All panic with a sentence where the store differs. What is projected is compared with
//! [`reference::Reference`], which the pure rules make in memory
//! (`docs/decisions/0013-collector.md`).

mod conversations;
mod funnel;
mod guests;
mod lookups;
mod nul;
mod operators;
mod personal;
mod records;
pub mod reference;
mod security;
mod sites;
mod two_handles;

use std::sync::Arc;
use std::time::{Duration, Instant};

use protocol::files::Scale;
use protocol::ids::{AccountId, StepId};
use protocol::stored::{StepStatus, Video};

pub use funnel::run_funnels;
pub use records::*;
use reference::matches_reference;
pub use two_handles::run_with_two_handles;

use crate::{Mark, PublishOutcome, Record, SiteId, Store, StoreError, Vouched, Written};

/// Waits until everything that was journalled is projected.
pub async fn projected(store: &Arc<dyn Store>) {
    let begun = Instant::now();
    let mut news = store.subscribe();
    while answer(store.cursor().await) < answer(store.head().await) {
        assert!(begun.elapsed() < Duration::from_secs(30), "the projections never caught up");
        // News may have come before the subscription, so the wait is short.
        let _ = tokio::time::timeout(Duration::from_millis(100), news.recv()).await;
    }
}

fn answer<T>(result: Result<T, StoreError>) -> T {
    result.unwrap_or_else(|error| panic!("the store did not answer: {error}"))
}

/// Reads a site's whole journal, some records at a time.
async fn journal_of(store: &Arc<dyn Store>, site: SiteId) -> Vec<Record> {
    let (mut all, mut mark) = (Vec::new(), Mark::start());
    loop {
        let page = answer(store.records(site, &mark, 7).await);
        let Some(last) = page.last() else { return all };
        mark.advance(last.position);
        all.extend(page);
    }
}

/// Runs every chapter that one handle can tell.
pub async fn run(store: Arc<dyn Store>) {
    let one = answer(store.add_site(site("one")).await);
    let two = answer(store.add_site(site("two")).await);
    sites(&store).await;
    journal(&store, one, two).await;
    progress(&store, one, two).await;
    guides(&store, two).await;
    snoozes(&store, one, two).await;
    surveys(&store, one, two).await;
    clips(&store, one, two).await;
    guests::tell(&store, one).await;
    conversations::tell(&store, one, two).await;
    operators::tell(&store, one, two).await;
    security::tell(&store, one, two).await;
    lookups::tell(&store, one, two).await;
    nul::tell(&store, one).await;
    sites::tell(&store, two).await;
    personal::tell(&store, one, two).await;
    matches_reference(&store, &[one, two]).await;
}

async fn sites(store: &Arc<dyn Store>) {
    assert!(matches!(store.add_site(site("one")).await, Err(StoreError::Exists(_))), "a name is taken once");
    assert_eq!(answer(store.sites().await).len(), 2);
    let found = answer(store.site_by_public_key(&"pk_two".into()).await);
    assert_eq!(found.map(|site| site.settings.origins), Some(vec!["https://app.example.com".to_owned()]));
    assert_eq!(answer(store.site_by_public_key(&"pk_nobody".into()).await), None);
}

async fn journal(store: &Arc<dyn Store>, one: SiteId, two: SiteId) {
    let batch = vec![fact(one, "a", "users", 1.0, NOON, 1), fact(one, "a", "users", 2.0, NOON + 1, 1)];
    assert_eq!(answer(store.append(batch.clone()).await), [Written::Stored, Written::Stored]);
    assert_eq!(answer(store.append(batch.clone()).await), [Written::Duplicate, Written::Duplicate]);
    let twice = vec![fact(one, "a", "x", 1.0, NOON + 2, 1), fact(one, "a", "x", 1.0, NOON + 2, 1)];
    assert_eq!(
        answer(store.append(twice).await),
        [Written::Stored, Written::Duplicate],
        "twice in one batch"
    );
    let other = vec![fact(two, "a", "users", 9.0, NOON, 1)];
    assert_eq!(answer(store.append(other).await), [Written::Stored], "an id is the site's own");
    let records = answer(store.records(one, &Mark::start(), 100).await);
    assert_eq!(records.len(), 3, "no byte of the other site");
    assert_eq!(records[0].record.body, batch[0].body, "bytes come back as they came");
}

async fn progress(store: &Arc<dyn Store>, one: SiteId, two: SiteId) {
    assert_eq!(answer(store.publish_flow(one, flow(5.0, NOON + 10)).await), PublishOutcome::New(1));
    assert_eq!(answer(store.publish_flow(one, flow(5.0, NOON + 11)).await), PublishOutcome::Unchanged(1));
    let mut broken = fact(one, "a", "users", 5.0, NOON + 20, 1);
    broken.quarantine = Some("clock".into());
    answer(store.append(vec![broken, fact(one, "b", "users", 5.0, NOON + 20, 2)]).await);
    projected(store).await;
    let of =
        async |site, account: &str| answer(store.progress(site, &AccountId::from(account), "setup").await).0;
    let users = StepId::from("users");
    assert_eq!(of(one, "a").await.steps[&users].status, StepStatus::Open, "quarantined facts do not count");
    assert_eq!(of(one, "b").await.steps[&users].status, StepStatus::Done);
    assert!(of(two, "a").await.steps.is_empty(), "the other site has no flow");
    // A late fact: five users before the flow was there at all.
    answer(store.append(vec![fact(one, "a", "users", 5.0, NOON + 5, 3)]).await);
    assert_eq!(answer(store.publish_flow(one, flow(9.0, NOON + 30)).await), PublishOutcome::New(2));
    projected(store).await;
    let late = of(one, "a").await;
    assert_eq!(
        (late.version, late.steps[&users].status),
        (2, StepStatus::Done),
        "late facts revise, old work stays"
    );
    let reference = answer(store.flow_versions(one).await).pop().map(|row| row.flow.reference());
    let reference = reference.unwrap_or_else(|| panic!("two versions were published"));
    let paths = answer(store.funnel_paths(one, &reference).await).verified;
    assert_eq!(paths.iter().filter(|path| path.completed[0].len() == 1).count(), 2);
    let (of_accounts, accounts) = answer(store.funnel_accounts(one, &reference).await);
    assert_eq!((&of_accounts, accounts.len()), (&paths, paths.len()));
    let of_a = accounts.iter().position(|account| account.as_str() == "a").map(|at| &paths[at]);
    assert!(of_a.is_some_and(|path| path.completed[0].len() == 1), "{accounts:?}");
    let before = answer(store.checksum().await);
    answer(store.rebuild(Box::new(|_, _| ())).await);
    assert_eq!(answer(store.checksum().await), before, "a rebuild is equal, row for row");
}

async fn guides(store: &Arc<dyn Store>, site: SiteId) {
    let place = async || {
        projected(store).await;
        let place = answer(store.guide_position(site, &"g".into(), &"user-1".into()).await);
        place.map(|place| (place.step.to_string(), place.stop))
    };
    answer(store.append(vec![guided(site, "g", Ok(2), NOON + 20, 1)]).await);
    answer(store.append(vec![guided(site, "g", Ok(1), NOON + 10, 1)]).await);
    assert_eq!(
        place().await,
        Some(("users".to_owned(), 2)),
        "the newest word counts, however late the others"
    );
    answer(store.append(vec![guided(site, "g", Err("navigated"), NOON + 30, 1)]).await);
    assert_eq!(place().await, Some(("users".to_owned(), 2)), "who leaves the page has not given up");
    answer(store.append(vec![guided(site, "g", Err("closed"), NOON + 40, 1)]).await);
    assert_eq!(place().await, Some(("users".to_owned(), 0)), "over, and every device may know");
    let other = answer(store.guide_position(site, &"g".into(), &"user-2".into()).await);
    assert_eq!(other, None, "a place is one person's");
}

async fn snoozes(store: &Arc<dyn Store>, one: SiteId, two: SiteId) {
    let list = async |site| {
        projected(store).await;
        let all = answer(store.snoozed_steps(site, "setup", Vouched::Verified).await);
        all.into_iter().map(|p| (p.account.to_string(), p.until, p.by, p.reason)).collect::<Vec<_>>()
    };
    let promise =
        |account: &str, until| (account.to_owned(), until, Some("user-1".to_owned()), "meeting".to_owned());
    let hour = NOON + 3_600_000;
    answer(
        store
            .append(vec![
                postponed(one, "p", hour, NOON + 50, 1),
                postponed(one, "q", hour - 1, NOON + 50, 2),
            ])
            .await,
    );
    assert_eq!(list(one).await, [promise("q", hour - 1), promise("p", hour)], "the next first");
    assert_eq!(list(two).await, [], "no byte of the other site");
    answer(store.append(vec![postponed(one, "q", 0, NOON + 60, 2)]).await);
    assert_eq!(list(one).await, [promise("p", hour)], "taken back");
    answer(store.append(vec![fact(one, "p", "users", 9.0, NOON + 70, 5)]).await);
    assert_eq!(list(one).await, [], "what is done is promised no more");
}

async fn surveys(store: &Arc<dyn Store>, one: SiteId, two: SiteId) {
    let counts = async |site| {
        projected(store).await;
        let all = answer(store.survey_counts(site, "setup", &mood()).await);
        all.into_iter().map(|a| (a.stage.to_string(), a.scale, a.score, a.n)).collect::<Vec<_>>()
    };
    let usage = |score, n| ("usage".to_owned(), Scale::Mood, score, n);
    let batch = vec![
        answered(one, "f1", Some(4.0), "", NOON + 1, 1),
        answered(one, "f2", Some(4.0), "", NOON + 2, 2),
        answered(one, "f3", Some(2.0), "hard", NOON + 3, 3),
        answered(one, "f4", None, "", NOON + 4, 4),
        answered(one, "f5", Some(9.0), "off the scale", NOON + 5, 5),
    ];
    answer(store.append(batch).await);
    assert_eq!(counts(one).await, [usage(2, 1), usage(4, 2)]);
    assert_eq!(counts(two).await, [], "no byte of the other site");
    let people = async |site, stage: &str, score| {
        let stage = (!stage.is_empty()).then(|| stage.into());
        let all =
            answer(store.survey_people(site, "setup", &mood(), Scale::Mood, stage.as_ref(), score).await);
        let mut all: Vec<_> = all.iter().map(|one| (one.who.0.as_str().to_owned(), one.score)).collect();
        all.sort();
        all
    };
    let of = |account: &str, score| (account.to_owned(), score);
    assert_eq!(people(one, "", None).await, [of("f1", 4), of("f2", 4), of("f3", 2)]);
    assert_eq!(people(one, "usage", Some(2)).await, [of("f3", 2)]);
    assert_eq!(people(one, "other", Some(2)).await, []);
    assert_eq!(people(two, "", None).await, [], "no byte of the other site");
    // The words after the press, and then, late, a press from before it.
    answer(store.append(vec![answered(one, "f3", Some(1.0), "very hard", NOON + 30, 6)]).await);
    answer(store.append(vec![answered(one, "f3", Some(5.0), "", NOON + 2, 7)]).await);
    assert_eq!(counts(one).await, [usage(1, 1), usage(4, 2)], "the newest word of each person");
    // Turned down in another tab, before or after: who answered did not turn it down.
    let down = vec![answered(one, "f1", None, "", NOON, 8), answered(one, "f1", None, "", NOON + 90, 9)];
    answer(store.append(down).await);
    assert_eq!(counts(one).await, [usage(1, 1), usage(4, 2)]);
    answer(store.append(vec![answered(one, "f6", Some(-3.0), "below", NOON + 6, 10)]).await);
    assert_eq!(counts(one).await, [usage(1, 1), usage(4, 2)], "off the scale on the other side");
    let comments = answer(store.survey_comments(one, "setup", &mood(), Vouched::Verified).await);
    assert_eq!(comments.iter().map(|c| (c.score, c.text.as_str())).collect::<Vec<_>>(), [(1, "very hard")]);
    for (account, asked) in [("f3", true), ("f4", true), ("f5", false)] {
        let known = answer(store.answered_questions(one, &account.into(), &"user-1".into()).await);
        assert_eq!(known.iter().any(|(question, _)| question == "mood-usage"), asked, "{account}");
    }
    let newest = answer(store.answered_questions(one, &"f3".into(), &"user-1".into()).await);
    assert_eq!(newest, [("mood-usage".to_owned(), NOON + 30)], "the answer that counts says when");
    assert_eq!(answer(store.answered_questions(one, &"f3".into(), &"user-2".into()).await), Vec::new());
}

async fn clips(store: &Arc<dyn Store>, one: SiteId, two: SiteId) {
    const MINUTE: i64 = 60_000;
    let users: StepId = "users".into();
    let seen = |account: &str, at, salt| shown(one, account, at, salt);
    let at = NOON + 100 * MINUTE;
    let video = Video { clip: "first".into(), seconds: 100.0, ..Video::default() };
    let film = |version: &str| Video { version: version.into(), ..video.clone() };
    answer(store.upsert_video(one, film("")).await);
    answer(
        store
            .append(vec![
                // Watched, then did it in time; watched and did not; had done it before.
                seen("v1", at, 1),
                watching(one, "v1", "0-5", 5.0, at + MINUTE / 2, 15),
                watching(one, "v1", "0-30", 30.0, at + MINUTE, 2),
                fact(one, "v1", "users", 9.0, at + 5 * MINUTE, 3),
                seen("v2", at, 4),
                watching(one, "v2", "0-10", 10.0, at + MINUTE, 5),
                fact(one, "v2", "users", 9.0, at + 30 * MINUTE, 6),
                seen("v3", at, 7),
                fact(one, "v3", "users", 9.0, at + MINUTE, 8),
                watching(one, "v3", "0-8", 8.0, at + 2 * MINUTE, 9),
                // Did it without.
                seen("v4", at, 10),
                fact(one, "v4", "users", 9.0, at + 9 * MINUTE, 11),
                // C44: says to have watched more than there was time for.
                seen("v6", at, 16),
                watching(one, "v6", "0-80", 80.0, at + MINUTE, 17),
                fact(one, "v6", "users", 9.0, at + 2 * MINUTE, 18),
            ])
            .await,
    );
    projected(store).await;
    let helped = async |now| answer(store.clip_effect(one, "setup", &users, "first", now).await);
    // Who watched after having done it is one of the others.
    assert_eq!(helped(at + 60 * MINUTE).await, [(2, 1), (2, 2)]);
    answer(store.append(vec![seen("v5", at + 50 * MINUTE, 14)]).await);
    projected(store).await;
    assert_eq!(helped(at + 55 * MINUTE).await, [(2, 1), (2, 2)], "five minutes say nothing yet");
    assert_eq!(helped(at + 65 * MINUTE).await, [(2, 1), (3, 2)]);
    let viewers = answer(store.clip_viewers(one, "first").await);
    let mut viewers: Vec<_> = viewers.iter().map(|viewer| viewer.who.0.as_str()).collect();
    viewers.sort_unstable();
    assert_eq!(viewers, ["v1", "v2", "v3", "v6"]);
    assert_eq!(answer(store.clip_viewers(two, "first").await), [], "no byte of the other site");
    let again = watching(one, "v1", "20-60", 60.0, at + 6 * MINUTE, 12);
    let late = watching(one, "v1", "70-80", 80.0, at + 2 * MINUTE, 13);
    answer(store.append(vec![again, late]).await);
    projected(store).await;
    let watched = answer(store.watched_clips(one, &"v1".into(), &"user-1".into()).await);
    let first = watched.get("first").map(|first| (first.at, String::from(first.seen.clone())));
    assert_eq!(first, Some((60.0, "0-60,70-80".to_owned())), "the union, and the newest place");
    assert!(answer(store.watched_clips(one, &"v1".into(), &"user-2".into()).await).is_empty());
    answer(store.upsert_video(one, film("new")).await);
    assert!(answer(store.watched_clips(one, &"v1".into(), &"user-1".into()).await).is_empty(), "a new film");
    assert_eq!(answer(store.clip_viewers(one, "first").await), []);
    assert_eq!(helped(at + 65 * MINUTE).await, [(2, 1), (3, 2)], "but the old one helped as it did");
}
