//! Retention: old telemetry is thinned in small transactions, and reports stay.

use std::sync::Arc;
use std::time::{Duration, Instant};

use protocol::console::{FunnelReport, SurveyReport};
use protocol::widget::limits;
use store::suite;
use tabiji_server::app::App;
use tabiji_server::clock::StoppedClock;
use tabiji_server::config::{Config, Keep};
use tabiji_server::telemetry;

use crate::collector::{Collector, NOW, ONE, event};

/// When the old telemetry arrived: forty days ago.
const OLD: i64 = NOW - 40 * 86_400_000;
/// How long others may have to wait.
const STALL: Duration = Duration::from_millis(100);
/// Records of one transaction, at most: the segments of one step.
const BATCH: u64 = 8 * 128;

#[tokio::test]
async fn s25_old_telemetry_goes_in_small_batches_and_aggregates_stay() {
    let collector = Collector::new().await;
    let store = &collector.store;
    store.publish_flow(ONE, suite::flow(5.0, OLD - 1)).await.unwrap();
    for account in ["a", "b", "c", "d", "e"] {
        let salt = account.as_bytes()[0];
        let records = vec![
            suite::present(ONE, account, OLD, salt),
            suite::answered(ONE, account, Some(4.0), "typed words", OLD + 1, salt),
        ];
        store.append(records).await.unwrap();
    }
    // Five thousand events, and a new one, which is kept as it is.
    for from in (0..5_000).step_by(limits::EVENTS) {
        let all = (from..from + 200).map(|n| suite::tracked(ONE, "a", "typed words", OLD + 2 + n as i64, 9));
        let mut all: Vec<_> = all.collect();
        all.iter_mut()
            .for_each(|one| one.body = one.body.replace("\"name\"", "\"name\":\"x\",\"other\"").into());
        store.append(all).await.unwrap();
    }
    collector.send(NOW, &event(1, NOW, "custom", r#"{"name":"x","other":"typed words"}"#)).await;
    suite::projected(store).await;
    let funnel: FunnelReport = collector.report("/api/journey").await;
    let surveys: SurveyReport = collector.report("/api/feelings").await;
    assert_eq!(surveys.comments.len(), 5);

    let mut slowest = Duration::ZERO;
    let mut thinned = 0;
    loop {
        let begun = Instant::now();
        let step = store.thin_events(NOW - 86_400_000).await.unwrap();
        slowest = slowest.max(begun.elapsed());
        assert!(step.records <= BATCH, "{} records in one transaction", step.records);
        thinned += step.records;
        if !step.has_more {
            break;
        }
    }
    assert!(thinned >= 5_000, "{thinned}");
    // Others wait for no longer than a step, which is one transaction. What is not built for use takes longer.
    let stall = if cfg!(debug_assertions) { 20 * STALL } else { STALL };
    assert!(slowest <= stall, "a step took {slowest:?}");
    let kept: Vec<String> = (collector.journal().await.iter())
        .filter(|one| one.record.body.contains("typed words"))
        .map(|one| one.record.body.to_string())
        .collect();
    assert_eq!(kept.len(), 1, "only the new one: {kept:?}");
    let after: FunnelReport = collector.report("/api/journey").await;
    assert_eq!((after.n, &after.steps), (funnel.n, &funnel.steps));
    let now: SurveyReport = collector.report("/api/feelings").await;
    assert_eq!((&now.moods, now.comments.len()), (&surveys.moods, 0));
    let before = store.checksum().await.unwrap();
    store.rebuild(Box::new(|_, _| ())).await.unwrap();
    assert_eq!(store.checksum().await.unwrap(), before, "a rebuild is equal, row for row");
}

#[tokio::test]
async fn s25_each_kind_goes_by_its_own_date() {
    let collector = Collector::new().await;
    collector.post(b"{\"site\":".to_vec()).await;
    collector.send(NOW, &event(1, NOW, "custom", r#"{"name":"x","other":"typed words"}"#)).await;
    suite::projected(&collector.store).await;
    let at = async |days: i64, keep: Keep| {
        let clock = Arc::new(StoppedClock(NOW + days * 86_400_000));
        let app = App::new(Arc::clone(&collector.store), clock, Config { keep, ..Config::default() });
        telemetry::let_go(&app).await.unwrap();
        let typed = collector.journal().await.iter().filter(|one| one.record.body.contains("typed")).count();
        let visits = collector.store.arrived(ONE, 0, 0).await.unwrap().tracked;
        (collector.store.rejected_bodies().await.unwrap().len(), typed, visits)
    };
    assert_eq!(at(6, Keep::default()).await, (1, 1, 1), "nothing is old");
    assert_eq!(at(8, Keep::default()).await, (0, 1, 1), "bodies are kept for a week");
    assert_eq!(
        at(91, Keep::default()).await,
        (0, 1, 0),
        "visits are counted for ninety days, telemetry stays"
    );
    let keep = Keep { telemetry_days: Some(30), ..Keep::default() };
    assert_eq!(at(29, keep.clone()).await, (0, 1, 0));
    assert_eq!(at(31, keep).await, (0, 0, 0));
}
