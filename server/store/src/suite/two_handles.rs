//! Two handles on one database, as two processes have them: what both write at once is written once.

use std::sync::Arc;

use protocol::chat::{Author, LogEntryBody, Message, Side};
use protocol::ids::ConversationId;

use super::{NOON, answer, fact, id, journal_of, matches_reference, site};
use crate::{AppendOutcome, NewLogEntry, NewRecord, Party, SiteId, Store, Target, Visitor, Written};

/// Runs the chapters that need two handles on one fresh database. The first follows its journal.
pub async fn run_with_two_handles(first: Arc<dyn Store>, second: Arc<dyn Store>) {
    let one = answer(first.add_site(site("one")).await);
    let seen = answer(second.site_by_public_key(&"pk_one".into()).await).map(|site| site.id);
    assert_eq!(seen, Some(one), "what one handle adds, the other reads");
    same_batch(&first, &second, one).await;
    many_writers(&first, &second, one).await;
    same_message(&first, &second, one).await;
    same_code(&first, &second).await;
    matches_reference(&first, &[one]).await;
}

async fn same_batch(first: &Arc<dyn Store>, second: &Arc<dyn Store>, site: SiteId) {
    for round in 0..20 {
        let batch: Vec<NewRecord> = (0..5).map(|n| fact(site, "a", "users", 1.0, NOON + round, n)).collect();
        let (mine, theirs) = tokio::join!(first.append(batch.clone()), second.append(batch));
        for (mine, theirs) in answer(mine).into_iter().zip(answer(theirs)) {
            assert_ne!(mine, theirs, "one handle stores a record, the other finds it");
        }
    }
    assert_eq!(journal_of(first, site).await.len(), 100, "each record once");
}

/// Writers on both handles, and a reader that follows: it sees each record once, in one order without a hole.
async fn many_writers(first: &Arc<dyn Store>, second: &Arc<dyn Store>, site: SiteId) {
    let write = async |store: &Arc<dyn Store>, salt: u8| {
        for n in 0..25 {
            let record = fact(site, "b", "users", 1.0, NOON + 1_000 + n, salt);
            assert_eq!(answer(store.append(vec![record]).await), [Written::Stored]);
        }
    };
    let (mut seen, mut mark) = (Vec::new(), answer(first.head().await));
    let read = async {
        while seen.len() < 100 {
            for record in answer(second.records(site, &mark, 10).await) {
                mark.advance(record.position);
                seen.push(record);
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::join!(write(first, 1), write(second, 2), write(first, 3), write(second, 4), read);
    let whole = journal_of(first, site).await;
    let places: Vec<_> = seen.iter().map(|one| one.position).collect();
    let again: Vec<_> = whole.iter().skip(whole.len() - 100).map(|one| one.position).collect();
    assert_eq!(places, again, "a reader that follows and one that comes later see one order");
}

async fn same_message(first: &Arc<dyn Store>, second: &Arc<dyn Store>, site: SiteId) {
    let party = Party::Visitor(Visitor { site, account: "a".into(), user: "tanaka".into() });
    let entry = |n: u8| NewLogEntry {
        id: id(NOON, n),
        author: Author { side: Side::Visitor, id: "tanaka".into(), name: "Tanaka".into() },
        at: NOON,
        body: LogEntryBody::Message(Message { text: n.to_string(), ..Message::default() }),
        context: None,
    };
    let write = async |store: &Arc<dyn Store>, n, fresh| {
        let target = Target::Keyed { key: id(NOON, 200), fresh: ConversationId(id(NOON, fresh)) };
        match answer(store.append_message(party.clone(), target, entry(n)).await) {
            AppendOutcome::Stored { entry, duplicate, .. } => (entry.conversation, entry.seq, duplicate),
            other => panic!("it was not written: {other:?}"),
        }
    };
    for n in 1..=20 {
        // Both would open the conversation under an id of their own.
        let (mine, theirs) = tokio::join!(write(first, n, 201), write(second, n, 202));
        assert_eq!((mine.0, mine.1), (theirs.0, theirs.1), "one conversation, one number");
        assert_eq!(mine.1, u64::from(n), "numbers without a gap");
        assert_ne!(mine.2, theirs.2, "one of the two found it there");
    }
}

async fn same_code(first: &Arc<dyn Store>, second: &Arc<dyn Store>) {
    answer(first.add_link([1; 32], crate::Grant::ALL, None, NOON).await);
    answer(first.redeem_link([1; 32], "a@b", "$argon2id$", NOON - 1).await);
    for number in 1..=10 {
        let (mine, theirs) =
            tokio::join!(first.use_totp_code("a@b", number), second.use_totp_code("a@b", number));
        assert!(answer(mine) != answer(theirs), "a code works once");
    }
}
