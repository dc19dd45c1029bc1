//! What strangers make the database do: the journal's writer waits for none of it.

use std::sync::atomic::AtomicU64;

use protocol::chat::{Author, LogEntryBody, Message, Side};
use protocol::ids::{AccountId, ConversationId};
use store::suite::id;
use store::{Accounts, AppendOutcome, Flows, NewLogEntry, Party, Sites, Target, Visitor};

use super::*;
use crate::connection::prepare;
use crate::disk::Disk;

/// Steps of SQLite under the write lock while an event of long ago is projected that comes after so many others.
async fn locked_steps(others: i64) -> u64 {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::visit(folder.path()).unwrap();
    let site = store.add_site(site("one")).await.unwrap();
    store.publish_flow(site, flow(5.0, NOON - 9_000)).await.unwrap();
    let events: Vec<NewRecord> =
        (0..others).map(|n| tracked(site, "~guest", "deal", NOON + n, (n % 250) as u8)).collect();
    for batch in events.chunks(1_000) {
        store.append(batch.to_vec()).await.unwrap();
    }
    let lock = PriorityWriteLock::new(prepare(folder.path()).unwrap());
    let reader = connect(&folder.path().join("tabiji.db")).unwrap();
    let mut worker = ProjectorWorker::new(reader, lock.clone(), Disk::new(folder.path()));
    worker.catch_up(i64::MAX, &mut |_| ()).unwrap();
    store.append(vec![tracked(site, "~guest", "deal", NOON - 1, 251)]).await.unwrap();
    let steps = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&steps);
    let count = move || {
        counted.fetch_add(1, Ordering::Relaxed);
        false
    };
    lock.low().progress_handler(1, Some(count)).unwrap();
    worker.catch_up(i64::MAX, &mut |_| ()).unwrap();
    let progress = store.progress(site, &"~guest".into(), "setup").await.unwrap().0;
    assert_eq!(progress.entered, Some(NOON - 1), "the late event was folded");
    steps.load(Ordering::Relaxed)
}

#[tokio::test]
async fn s2_a_late_event_holds_the_writer_up_no_longer_however_much_came_before() {
    let (few, many) = (locked_steps(100).await, locked_steps(5_000).await);
    assert!(few > 0 && many < few * 2, "{few} steps after a hundred events, {many} after five thousand");
}

#[tokio::test]
async fn s5_a_read_mark_that_moves_nothing_writes_nothing() {
    let (folder, store) = fresh();
    let site = store.add_site(site("one")).await.unwrap();
    let visitor = Visitor { site, account: AccountId("~a".into()), user: "a".into() };
    let party = Party::Visitor(visitor);
    let target = Target::Keyed { key: id(NOON, 1), fresh: ConversationId(id(NOON, 2)) };
    let author = Author { side: Side::Agent, id: "agent".into(), name: String::new() };
    let say = |n: u8| NewLogEntry {
        id: id(NOON, n),
        author: author.clone(),
        at: NOON,
        body: LogEntryBody::Message(Message { text: "hello".into(), ..Message::default() }),
        context: None,
    };
    let written = store.append_message(party.clone(), target, say(3)).await.unwrap();
    let AppendOutcome::Stored { entry, .. } = written else { panic!("{written:?}") };
    let conversation = entry.conversation;
    let agent = Party::Agent(site);
    let said = store.append_message(agent, Target::Known(conversation), say(4)).await.unwrap();
    assert!(matches!(said, AppendOutcome::Stored { .. }));
    assert!(store.mark_read(&party, conversation, 2).await.unwrap().is_some());
    // What another connection sees of commits.
    let watch = connect(&folder.path().join("tabiji.db")).unwrap();
    let version = || watch.query_row("PRAGMA data_version", [], |row| row.get::<_, i64>(0)).unwrap();
    let before = version();
    for seq in (0..200).map(|n| n % 4) {
        assert_eq!(store.mark_read(&party, conversation, seq).await.unwrap(), None);
    }
    assert_eq!(version(), before, "nothing was committed");
}
