//! What is deleted at once: others wait for the writer as long.

use protocol::chat::{Author, LogEntryBody, Message, Side};
use protocol::ids::ConversationId;
use rusqlite::params;
use store::suite::id;
use store::{AppendOutcome, NewLogEntry, Party, Target, Visitor};

use super::*;
use crate::columns::Blob;

/// Entries of each conversation.
const LONG: u64 = 400;

/// A conversation of one customer whose log is that long.
async fn long_conversation(store: &dyn Store, db: &Connection, site: SiteId, n: u8) {
    let user = format!("user-{n}");
    let visitor = Visitor { site, account: "a".into(), user: user.as_str().into() };
    let target = Target::Keyed { key: id(NOON, n), fresh: ConversationId(id(NOON, n)) };
    let author = Author { side: Side::Visitor, id: user, name: String::new() };
    let body = LogEntryBody::Message(Message { text: "hello".into(), ..Message::default() });
    let entry = NewLogEntry { id: id(NOON, n + 100), author, at: NOON, body, context: None };
    let appended = store.append_message(Party::Visitor(visitor), target, entry).await.unwrap();
    let AppendOutcome::Stored { .. } = appended else { panic!("{appended:?}") };
    let more = "WITH RECURSIVE n(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM n WHERE n < ?2)
                INSERT INTO line SELECT conversation, log, n.n, randomblob(16), side, author, name, at, said
                FROM line, n WHERE conversation = ?1 AND seq = 1";
    db.execute(more, params![Blob(id(NOON, n)), LONG]).unwrap();
    db.execute("UPDATE conversation SET pub = ?2 WHERE id = ?1", params![Blob(id(NOON, n)), LONG]).unwrap();
}

#[tokio::test]
async fn c37_what_is_too_old_goes_a_few_entries_at_a_time_however_long_conversations_are() {
    let (folder, store) = fresh();
    let site = store.add_site(site("one")).await.unwrap();
    let db = connect(&folder.path().join(connection::FILE)).unwrap();
    for n in 0..12 {
        long_conversation(&*store, &db, site, n).await;
    }
    let entries = || db.query_row("SELECT count(*) FROM line", [], |row| row.get::<_, u64>(0)).unwrap();
    let mut left = entries();
    assert_eq!(left, 12 * LONG);
    let mut steps = Vec::new();
    loop {
        let conversations = store.delete_inactive(site, NOON + 1, 10).await.unwrap();
        let gone = left - entries();
        left -= gone;
        steps.push((conversations, gone));
        if conversations == 0 {
            break;
        }
        assert!(gone < 1_000 + LONG, "{gone} entries in one transaction");
    }
    assert_eq!(steps, [(3, 1_200), (3, 1_200), (3, 1_200), (3, 1_200), (0, 0)]);
    // Short ones go ten at a time.
    for n in 0..12 {
        long_conversation(&*store, &db, site, n).await;
    }
    db.execute_batch("DELETE FROM line WHERE seq > 1; UPDATE conversation SET pub = 1").unwrap();
    let mut deleted = Vec::new();
    for _ in 0..3 {
        deleted.push(store.delete_inactive(site, NOON + 1, 10).await.unwrap());
    }
    assert_eq!(deleted, [10, 2, 0]);
}
