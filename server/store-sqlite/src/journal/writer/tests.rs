//! One transaction for whatever waits, and what a caller may conclude from its answer.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;

fn run(connection: &mut Connection, sql: &str) -> Result<()> {
    let disk = Disk::new(Path::new(""));
    in_transaction(connection, &disk, |db| in_savepoint(db, &disk, |db| db.execute_batch(sql)))
}

#[test]
fn only_a_failed_commit_leaves_open_whether_it_was_kept() {
    let folder = tempfile::tempdir().unwrap();
    let open = || Connection::open(folder.path().join("test.db")).unwrap();
    let (mut one, other) = (open(), open());
    run(&mut one, "CREATE TABLE t (n INTEGER UNIQUE); INSERT INTO t VALUES (1)").unwrap();
    assert!(matches!(run(&mut one, "INSERT INTO nothing VALUES (1)"), Err(StoreError::Failed(_))));
    assert!(matches!(run(&mut one, "INSERT INTO t VALUES (1)"), Err(StoreError::Exists(_))));
    one.commit_hook(Some(|| true)).unwrap();
    assert!(matches!(run(&mut one, "INSERT INTO t VALUES (2)"), Err(StoreError::Away(_))));
    one.commit_hook(None::<fn() -> bool>).unwrap();
    // Another process that holds the lock for longer than the timeout: nothing was written.
    one.busy_timeout(Duration::from_millis(1)).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert!(matches!(run(&mut one, "INSERT INTO t VALUES (3)"), Err(StoreError::Busy)));
}

#[tokio::test]
async fn s5_whatever_writes_shares_one_sync_and_a_part_that_fails_leaves_the_others_alone() {
    let lock = PriorityWriteLock::new(Connection::open_in_memory().unwrap());
    let commits = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&commits);
    let after = move || {
        counted.fetch_add(1, Ordering::Relaxed);
    };
    let writer = Writer::start(lock.clone(), Disk::new(Path::new("")), Box::new(after)).unwrap();
    writer.run(|db| db.execute_batch("CREATE TABLE t (n INTEGER UNIQUE)")).await.unwrap();
    let before = commits.load(Ordering::Relaxed);
    let held = lock.low();
    let writes = (0..200).map(|n| {
        // Every tenth of them is refused by the database.
        let n = if n % 10 == 9 { 0 } else { n };
        writer.run(move |db| {
            db.execute("INSERT INTO t VALUES (?1 + 1000)", [n])?;
            db.execute("INSERT INTO t VALUES (?1)", [n]).map(drop)
        })
    });
    let release = async {
        tokio::task::yield_now().await;
        drop(held);
    };
    let (outcomes, ()) = tokio::join!(futures_util::future::join_all(writes), release);
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 180);
    assert!(outcomes.iter().all(|outcome| !matches!(outcome, Err(StoreError::Away(_)))));
    let kept: i64 =
        writer.run(|db| db.query_row("SELECT count(*) FROM t", [], |row| row.get(0))).await.unwrap();
    assert_eq!(kept, 360, "of what was refused nothing is left");
    // The first one may have been taken before the others came; the last is the count itself.
    assert!(commits.load(Ordering::Relaxed) - before <= 3, "{commits:?}");
}

#[tokio::test]
async fn who_waits_for_a_transaction_that_never_began_is_told_why() {
    let folder = tempfile::tempdir().unwrap();
    let open = || Connection::open(folder.path().join("test.db")).unwrap();
    let (own, other) = (open(), open());
    own.busy_timeout(Duration::from_millis(1)).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let writer =
        Writer::start(PriorityWriteLock::new(own), Disk::new(folder.path()), Box::new(|| ())).unwrap();
    let (run, appended) = tokio::join!(writer.run(|_| Ok(())), writer.append(Vec::new()));
    assert!(matches!(run, Err(StoreError::Busy)), "{run:?}");
    assert!(matches!(appended, Err(StoreError::Busy)), "{appended:?}");
}

#[tokio::test]
async fn a_writer_whose_thread_ended_does_not_say_that_nothing_was_kept() {
    let lock = PriorityWriteLock::new(Connection::open_in_memory().unwrap());
    let writer = Writer::start(
        lock,
        Disk::new(Path::new("")),
        Box::new(|| panic!("the thread ends after the commit")),
    )
    .unwrap();
    let first = writer.run(|db| db.execute_batch("CREATE TABLE t (n INTEGER)")).await;
    assert!(first.is_ok());
    let later = writer.run(|db| db.execute_batch("INSERT INTO t VALUES (1)")).await;
    assert!(matches!(later, Err(StoreError::Away(_) | StoreError::Busy)), "{later:?}");
}
