//! The common story, then what is special to SQLite: order does not matter, and neither do crashes.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use proptest::prelude::*;
use store::suite::{self, NOON, fact, flow, projected, site, tracked};
use store::{NewRecord, SiteId, Store};
use tempfile::TempDir;

use super::*;
use crate::project::Follower;

fn fresh() -> (TempDir, Arc<dyn Store>) {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(SqliteStore::open(folder.path()).unwrap());
    (folder, store)
}

#[tokio::test]
async fn tells_the_common_story() {
    let (_folder, store) = fresh();
    suite::run(store).await;
}

#[tokio::test]
async fn what_was_acknowledged_is_there_after_opening_again() {
    let (folder, store) = fresh();
    let site = store.add_site(site("one")).await.unwrap();
    store.append(vec![fact(site, "a", "users", 5.0, NOON, 1)]).await.unwrap();
    drop(store);
    let again = SqliteStore::open(folder.path()).unwrap();
    assert_eq!(again.records(site, 0, 10).await.unwrap().len(), 1);
}

/// Sixty things that happen to three accounts, a publication among them.
fn story(site: SiteId) -> Vec<NewRecord> {
    let accounts = ["a", "b", "c"];
    let mut records = Vec::new();
    for n in 0..20 {
        for (salt, account) in accounts.iter().enumerate() {
            let (at, salt) = (NOON + i64::from(n) * 1_000, u8::try_from(salt).unwrap() + 1);
            records.push(match n % 3 {
                0 => fact(site, account, "users", f64::from((n + i32::from(salt) * 2) % 8), at, salt),
                1 => tracked(site, account, "deal", at, salt),
                _ => tracked(site, account, "other", at, salt),
            });
        }
    }
    records
}

async fn told(order: Vec<NewRecord>, published_after: usize) -> String {
    let (_folder, store) = fresh();
    let site = store.add_site(site("one")).await.unwrap();
    store.publish(site, flow(5.0, NOON + 2_500)).await.unwrap();
    for (at, chunk) in order.chunks(7).enumerate() {
        if at == published_after {
            store.publish(site, flow(3.0, NOON + 9_500)).await.unwrap();
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

/// T43: the projector is stopped at statement after statement; what it leaves behind and finishes
/// later equals a full rebuild.
#[tokio::test]
async fn t43_a_crash_at_any_statement_leaves_projections_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tabiji.db");
    let mut setup = connect(&path).unwrap();
    migrations::migrations::runner().run(&mut setup).unwrap();
    let site = sites::add(&setup, &site("one")).unwrap();
    sites::publish(&setup, site, &flow(5.0, NOON + 2_500)).unwrap();
    journal::append(&setup, &story(site)[..30]).unwrap();
    sites::publish(&setup, site, &flow(3.0, NOON + 9_500)).unwrap();
    journal::append(&setup, &story(site)[30..]).unwrap();
    let mut crashes = 0;
    for steps in (1..).step_by(3) {
        let mut connection = connect(&path).unwrap();
        let left = AtomicU32::new(steps);
        // SQLite asks this every twenty operations of its virtual machine; `true` stops it right there.
        let stop =
            move || left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| n.checked_sub(1)).is_err();
        connection.progress_handler(20, Some(stop)).unwrap();
        match Follower::new(connection, WriteTurn::default()).catch_up(&mut |_| ()) {
            Ok(()) => break,
            Err(_) => crashes += 1,
        }
    }
    assert!(crashes > 50, "only {crashes} crashes: the test no longer tests");
    let after_crashes = project::checksum(&setup).unwrap();
    drop(setup);
    let store = SqliteStore::open(folder.path()).unwrap();
    store.rebuild(Box::new(|_, _| ())).await.unwrap();
    assert_eq!(store.checksum().await.unwrap(), after_crashes);
    assert_eq!(store.cursor().await.unwrap(), store.head().await.unwrap());
}
