//! The common story, then what is special to SQLite: order does not matter, and neither do crashes.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use journey::reports::funnel::Path;
use proptest::prelude::*;
use protocol::files::FlowRef;
use protocol::stored::StepStatus;
use store::suite::{self, NOON, fact, flow, present, projected, site, story, tracked};
use store::{FlowVersion, Journal, Mark, NewRecord, Reports, SiteId, Store};
use tempfile::TempDir;

use super::*;
use crate::connection::migrations;
use crate::journal::SegmentEncoder;
use crate::projection::ProjectorWorker;

mod erasure;
mod migration;
mod retention;
mod strangers;

fn fresh() -> (TempDir, Arc<dyn Store>) {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(SqliteStore::open(folder.path()).unwrap());
    (folder, store)
}

#[tokio::test]
async fn s14_s26_it_tells_the_common_story() {
    let (_folder, store) = fresh();
    suite::run(store).await;
}

#[tokio::test]
async fn t47_funnels_are_those_of_the_reference_model_row_by_row() {
    let (_folder, store) = fresh();
    suite::run_funnels(store).await;
}

/// An event that waited for its version is projected by the release that knows it, and by no other.
#[tokio::test]
async fn t45_a_release_that_knows_the_version_projects_what_waited_for_it() {
    let (_folder, store) = fresh();
    let site = store.add_site(site("one")).await.unwrap();
    store.publish_flow(site, flow(5.0, NOON)).await.unwrap();
    let of_version = |version: u32, salt: u8| {
        let waiting = tracked(site, &format!("version-{version}"), "deal", NOON + i64::from(salt), salt);
        let body = waiting.body.replacen('{', &format!("{{\"v\":{version},"), 1).into();
        NewRecord { body, quarantine: Some("unknown_version".into()), ..waiting }
    };
    store
        .append([of_version(1, 1), of_version(1, 2), of_version(2, 3), of_version(2, 4)].into())
        .await
        .unwrap();
    store.rebuild(Box::new(|_, _| ())).await.unwrap();
    let deals = |account: &'static str| {
        let store = Arc::clone(&store);
        async move {
            let (progress, _) = store.progress(site, &account.into(), "setup").await.unwrap();
            progress.steps.get(&"deals".into()).map(|step| step.status)
        }
    };
    assert_eq!(deals("version-1").await, Some(StepStatus::Done), "an earlier release set it aside");
    assert_eq!(deals("version-2").await, None, "a later release will read it");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_handles_write_at_once_and_nothing_is_there_twice() {
    let (folder, store) = fresh();
    let visit = Arc::new(SqliteStore::visit(folder.path()).unwrap());
    suite::run_with_two_handles(store, visit).await;
}

#[tokio::test]
async fn what_was_acknowledged_is_there_after_opening_again() {
    let (folder, store) = fresh();
    let site = store.add_site(site("one")).await.unwrap();
    store.append(vec![fact(site, "a", "users", 5.0, NOON, 1)]).await.unwrap();
    drop(store);
    let again = SqliteStore::open(folder.path()).unwrap();
    assert_eq!(again.records(site, &Mark::start(), 10).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_damaged_journal_is_noticed_and_nothing_is_made_up() {
    let (folder, store) = fresh();
    let site = store.add_site(site("one")).await.unwrap();
    let batch = |from: u8| (from..from + 40).map(|n| fact(site, "a", "users", 5.0, NOON, n)).collect();
    store.append(batch(0)).await.unwrap();
    store.append(batch(40)).await.unwrap();
    assert_eq!(store.verify().await.unwrap(), Ok(()));
    let disk = connect(&folder.path().join("tabiji.db")).unwrap();
    let (last, mut parcel): (i64, Vec<u8>) = disk
        .query_row("SELECT last, records FROM parcel ORDER BY last DESC", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .unwrap();
    let middle = parcel.len() / 2;
    parcel[middle] ^= 1;
    disk.execute("UPDATE parcel SET records = ?2 WHERE last = ?1", (last, parcel)).unwrap();
    assert_eq!(store.verify().await.unwrap(), Err("the journal cannot be read at place 41".into()));
    assert_eq!(store.records(site, &Mark::start(), 40).await.unwrap().len(), 40, "what is whole can be read");
    store.records(site, &Mark::single(40), 1).await.unwrap_err();
}

proptest! {
    #[test]
    fn a_segment_gives_back_what_was_encoded(
        texts in proptest::collection::vec((".{0,40}", any::<i64>(), proptest::option::of(".{0,9}")), 1..journal::MAX_RECORDS),
    ) {
        let records: Vec<NewRecord> = texts
            .into_iter()
            .map(|(body, at, quarantine)| {
                let blank = tracked(SiteId(at.rotate_left(7)), &body, "deal", at, 1);
                NewRecord { quarantine, body: body.into(), ..blank }
            })
            .collect();
        let mut encoder = SegmentEncoder::new().unwrap();
        let packed = encoder.encode(&records.iter().collect::<Vec<_>>()).unwrap();
        prop_assert_eq!(journal::decode(&packed).unwrap(), records);
    }
}

async fn told(order: Vec<NewRecord>, published_after: usize) -> String {
    let (_folder, store) = fresh();
    let site = store.add_site(site("one")).await.unwrap();
    store.publish_flow(site, flow(5.0, NOON + 2_500)).await.unwrap();
    for (at, chunk) in order.chunks(7).enumerate() {
        if at == published_after {
            store.publish_flow(site, flow(3.0, NOON + 9_500)).await.unwrap();
        }
        store.append(chunk.to_vec()).await.unwrap();
        projected(&store).await;
    }
    store.checksum().await.unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, ..ProptestConfig::default() })]

    /// T44: events in any permutation with duplicates give identical projections.
    #[test]
    fn t44_arrival_order_does_not_matter(
        order in Just([story(SiteId(1)), story(SiteId(1))].concat()).prop_shuffle(),
        published_after in 0..10usize,
    ) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let straight = runtime.block_on(told(story(SiteId(1)), 3));
        prop_assert_eq!(runtime.block_on(told(order, published_after)), straight);
    }
}

/// Presence begins an account, and takes no room after that.
#[tokio::test]
async fn presence_counts_once_as_the_very_first_thing() {
    let (folder, store) = fresh();
    let site = store.add_site(site("one")).await.unwrap();
    store.publish_flow(site, flow(5.0, NOON)).await.unwrap();
    let entered = async || store.progress(site, &"a".into(), "setup").await.unwrap().0.entered;
    for (at, kept) in [(5_000, 5_000), (9_000, 5_000), (2_000, 2_000)] {
        store.append(vec![present(site, "a", NOON + at, 1)]).await.unwrap();
        projected(&store).await;
        assert_eq!(entered().await, Some(NOON + kept));
    }
    let db = connect(&folder.path().join("tabiji.db")).unwrap();
    let rows: i64 = db.query_row("SELECT count(*) FROM entry", [], |row| row.get(0)).unwrap();
    assert_eq!(rows, 1);
}

/// A publication is taken over some accounts at a time; none is left out, and none twice.
#[tokio::test]
async fn every_account_takes_over_a_published_flow() {
    let (_folder, store) = fresh();
    let site = store.add_site(site("one")).await.unwrap();
    store.publish_flow(site, flow(9.0, NOON)).await.unwrap();
    let name = |n: i64| format!("account-{n:03}");
    let facts = (0..150).map(|n| fact(site, &name(n), "users", 5.0, NOON + 1 + n, 1)).collect();
    store.append(facts).await.unwrap();
    let FlowVersion { flow: newest, .. } = flow(3.0, NOON + 500);
    store.publish_flow(site, flow(3.0, NOON + 500)).await.unwrap();
    projected(&store).await;
    let reference = FlowRef { version: 2, ..newest.reference() };
    let paths = store.funnel_paths(site, &reference).await.unwrap();
    assert_eq!(paths.verified.iter().filter(|path| path.completed[0] == [NOON + 500]).count(), 150);
}

/// The funnel remembers paths between two looks and reads again who moved, and only them.
#[tokio::test]
async fn paths_are_the_same_whether_remembered_or_read() {
    let (folder, store) = fresh();
    let site = store.add_site(site("one")).await.unwrap();
    store.publish_flow(site, flow(5.0, NOON)).await.unwrap();
    let reference = FlowRef { name: "setup".into(), version: 1 };
    let mut sizes = Vec::new();
    for round in 0..6i64 {
        // Many at first; then one that is known, and one that is new.
        let accounts: Vec<i64> = if round == 0 { (0..40).collect() } else { vec![round, 100 + round] };
        let facts = accounts.into_iter().map(|n| {
            let at = NOON + 1 + round * 1_000 + n;
            fact(site, &format!("account-{n:03}"), "users", (round * 3 % 8) as f64, at, 1)
        });
        store.append(facts.collect()).await.unwrap();
        projected(&store).await;
        let remembered = store.funnel_paths(site, &reference).await.unwrap();
        let elsewhere = SqliteStore::visit(folder.path()).unwrap();
        let read = elsewhere.funnel_paths(site, &reference).await.unwrap();
        let sorted = |paths: &[Path]| {
            let mut all: Vec<String> = paths.iter().map(|path| format!("{path:?}")).collect();
            all.sort();
            all
        };
        assert_eq!(sorted(&remembered.verified), sorted(&read.verified), "round {round}");
        sizes.push(remembered.verified.len());
    }
    assert_eq!(sizes, [40, 41, 42, 43, 44, 45]);
}

/// T43: the projector is stopped at statement after statement; what it leaves behind and finishes
/// later equals a full rebuild.
#[tokio::test]
async fn t43_a_crash_at_any_statement_leaves_projections_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tabiji.db");
    let mut setup = connect(&path).unwrap();
    migrations::migrations::runner().run(&mut setup).unwrap();
    let site = sites::add(&setup, &site("one")).unwrap();
    flows::publish(&setup, site, &flow(5.0, NOON + 2_500)).unwrap();
    let (story, mut encoder) = (story(site), SegmentEncoder::new().unwrap());
    journal::append(&setup, &mut encoder, story[..30].iter()).unwrap();
    flows::publish(&setup, site, &flow(3.0, NOON + 9_500)).unwrap();
    journal::append(&setup, &mut encoder, story[30..].iter()).unwrap();
    let mut crashes = 0;
    for steps in (1..).step_by(3) {
        let mut connection = connect(&path).unwrap();
        let left = AtomicU32::new(steps);
        // SQLite asks this every twenty operations of its virtual machine; `true` stops it right there.
        let stop =
            move || left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| n.checked_sub(1)).is_err();
        connection.progress_handler(20, Some(stop)).unwrap();
        let reader = connect(&path).unwrap();
        let disk = Disk::new(folder.path());
        match ProjectorWorker::new(reader, PriorityWriteLock::new(connection), disk)
            .catch_up(i64::MAX, &mut |_| ())
        {
            Ok(()) => break,
            Err(_) => crashes += 1,
        }
    }
    assert!(crashes > 50, "only {crashes} crashes: the test no longer tests");
    let after_crashes = projection::checksum(&setup).unwrap();
    drop(setup);
    let store = SqliteStore::open(folder.path()).unwrap();
    store.rebuild(Box::new(|_, _| ())).await.unwrap();
    assert_eq!(store.checksum().await.unwrap(), after_crashes);
    assert_eq!(store.cursor().await.unwrap(), store.head().await.unwrap());
}

fn sign_in() -> SecurityEvent {
    let kind = protocol::console::SecurityKind::SignIn;
    SecurityEvent { at: 1, kind, by: "a@b".into(), site: None, about: String::new(), count: 1 }
}

#[tokio::test]
async fn s15_what_the_security_log_says_is_neither_changed_nor_deleted_before_its_time() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path()).unwrap();
    for at in [1, 5] {
        let event = SecurityEvent { at, ..sign_in() };
        store::SecurityLog::add_security_event(&store, event).await.unwrap();
    }
    let db = connect(&folder.path().join(connection::FILE)).unwrap();
    let refuses = |statement: &str| {
        let done = db.execute(statement, []);
        assert!(done.is_err_and(|error| error.to_string().contains("append-only")), "{statement}");
    };
    let first = "VALUES (1, 1, '\"sign_in\"', 'c@d', NULL, '', 1)";
    for statement in [
        "UPDATE security_event SET done_by = 'c@d'",
        "UPDATE security_event SET at = 0 WHERE id = 1",
        "DELETE FROM security_event",
        "DELETE FROM security_event WHERE at < 2",
        &format!("INSERT OR REPLACE INTO security_event {first}"),
        &format!("REPLACE INTO security_event {first}"),
        "DELETE FROM security_log",
        "INSERT INTO security_log VALUES (9)",
    ] {
        refuses(statement);
    }
    store::SecurityLog::forget_security(&store, 5, 0).await.unwrap();
    let left = store::SecurityLog::security_events(&store, store::VisibleSites::All, None, 9).await.unwrap();
    assert_eq!(left.iter().map(|(_, event)| event.at).collect::<Vec<_>>(), [5], "what is old enough goes");
    refuses("UPDATE security_log SET begins = 0");
    refuses("DELETE FROM security_event");
    // The clock of a machine that went back gives nothing up.
    store::SecurityLog::forget_security(&store, 2, 0).await.unwrap();
    assert_eq!(db.query_row("SELECT begins FROM security_log", [], |row| row.get::<_, i64>(0)).unwrap(), 5);
}

/// Case 39: a collector that always has the lock when a statement asks for it.
#[test]
fn a_rebuild_waits_for_a_lock_that_another_process_has_for_long() {
    let folder = tempfile::tempdir().unwrap();
    drop(SqliteStore::open(folder.path()).unwrap());
    let file = folder.path().join(connection::FILE);
    let (impatient, mut busy) = (connect(&file).unwrap(), connect(&file).unwrap());
    impatient.busy_timeout(std::time::Duration::from_millis(1)).unwrap();
    let held = busy.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).unwrap();
    let (lock, disk) = (PriorityWriteLock::new(impatient), Disk::new(folder.path()));
    let rebuild = std::thread::spawn(move || {
        ProjectorWorker::new(connect(&file).unwrap(), lock, disk).rebuild(&mut (Box::new(|_, _| ()) as _))
    });
    std::thread::sleep(std::time::Duration::from_millis(200));
    assert!(!rebuild.is_finished(), "it asks again");
    held.rollback().unwrap();
    rebuild.join().unwrap().unwrap();
}
