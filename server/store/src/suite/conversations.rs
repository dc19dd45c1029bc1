//! What every store must know of conversations.

use std::sync::Arc;

use protocol::chat::{Author, ConversationStatus, Log, LogEntryBody, Message, Side};
use protocol::files::SupportFile;
use protocol::ids::{ConversationId, EventId};

use super::{NOON, answer};
use crate::{AppendOutcome, NewLogEntry, Party, SiteId, Store, Target, Visitor};

fn mid(n: u64) -> EventId {
    EventId::new(NOON.unsigned_abs() + n, [9; 10])
}

fn visitor(site: SiteId, user: &str) -> Visitor {
    Visitor { site, account: "acct-1".into(), user: user.into() }
}

fn line(n: u64, side: Side, body: LogEntryBody) -> NewLogEntry {
    let id = if side == Side::Visitor { "tanaka" } else { "sato@example.com" };
    let author = Author { side, id: id.into(), name: id.into() };
    NewLogEntry { id: mid(n), author, at: NOON + n as i64, body, context: None }
}

fn text(text: &str) -> LogEntryBody {
    LogEntryBody::Message(Message { text: text.into(), ..Message::default() })
}

fn kept(spoken: AppendOutcome) -> (ConversationId, u64, bool) {
    match spoken {
        AppendOutcome::Stored { entry, duplicate, .. } => (entry.conversation, entry.seq, duplicate),
        other => panic!("it was not kept: {other:?}"),
    }
}

pub(super) async fn tell(store: &Arc<dyn Store>, one: SiteId, two: SiteId) {
    let (tanaka, agent) = (Party::Visitor(visitor(one, "tanaka")), Party::Agent(one));
    let fresh = |n| Target::Keyed { key: mid(1000), fresh: ConversationId(mid(n)) };
    let speak =
        async |party: &Party, place, line| answer(store.append_message(party.clone(), place, line).await);
    // The same key is the same conversation, and the same id the same line.
    let (c, first, dup) = kept(speak(&tanaka, fresh(1), line(1, Side::Visitor, text("hello"))).await);
    assert_eq!((first, dup), (1, false));
    assert_eq!(kept(speak(&tanaka, fresh(2), line(1, Side::Visitor, text("hello"))).await), (c, 1, true));
    assert_eq!(
        speak(&tanaka, fresh(3), line(1, Side::Visitor, text("other"))).await,
        AppendOutcome::Conflict
    );
    let known = Target::Known(c);
    // A note is numbered by itself, so the public log has no hole.
    let note = LogEntryBody::Note(Message { text: "secret".into(), ..Message::default() });
    assert_eq!(kept(speak(&agent, known, line(2, Side::Agent, note)).await).1, 1);
    assert_eq!(kept(speak(&agent, known, line(3, Side::Agent, text("hi"))).await).1, 2);
    // Two people may give the same id to what they say.
    assert_eq!(kept(speak(&tanaka, known, line(3, Side::Visitor, text("thanks"))).await).1, 3);
    let lines = async |party: &Party, log| answer(store.log_entries(party, c, log, 1, u64::MAX, 10).await);
    let texts =
        lines(&tanaka, Log::Public).await.map(|all| all.iter().map(|line| line.seq).collect::<Vec<_>>());
    assert_eq!(texts, Some(vec![1, 2, 3]));
    assert_eq!(lines(&tanaka, Log::Internal).await, None, "C5: no note for customers");
    assert_eq!(lines(&agent, Log::Internal).await.map(|all| all.len()), Some(1));
    // Nobody else has it: another person, another site, an agent of another site.
    let others =
        [Party::Visitor(visitor(one, "suzuki")), Party::Visitor(visitor(two, "tanaka")), Party::Agent(two)];
    for other in &others {
        assert_eq!(lines(other, Log::Public).await, None, "{other:?}");
        assert_eq!(speak(other, known, line(9, Side::Agent, text("x"))).await, AppendOutcome::NotFound);
        assert_eq!(answer(store.mark_read(other, c, 1).await), None);
        assert_eq!(answer(store.conversation(other, c).await), None);
    }
    // Another person's key is their own.
    let has = async |user| answer(store.has_conversation(&visitor(one, user), mid(1000)).await);
    assert_eq!((has("tanaka").await, has("suzuki").await), (true, false));
    let suzuki = Party::Visitor(visitor(one, "suzuki"));
    assert_ne!(kept(speak(&suzuki, fresh(4), line(5, Side::Visitor, text("me too"))).await).0, c);
    // Reading goes forward only, and not beyond what is there.
    let read = async |party: &Party, seq| answer(store.mark_read(party, c, seq).await).map(|(_, seq)| seq);
    assert_eq!((read(&agent, 3).await, read(&agent, 1).await), (Some(3), None));
    assert_eq!(read(&tanaka, 99).await, Some(3), "their own line was read, the answer before it was not");
    speak(&agent, known, line(6, Side::Agent, LogEntryBody::Resolved)).await;
    let heads = answer(store.conversation_summaries(&visitor(one, "tanaka")).await);
    let head = heads.first().map(|head| (head.seq, head.read, head.peer_read, head.status));
    assert_eq!((heads.len(), head), (1, Some((4, 3, 3, ConversationStatus::Resolved))));
    let all = answer(store.conversations(one, 0, 10).await);
    assert_eq!(all.iter().map(|one| one.id).collect::<Vec<_>>().last(), Some(&c), "the newest change last");
    assert!(answer(store.conversations(one, all[all.len() - 1].revision, 10).await).is_empty());
    assert!(answer(store.conversations(two, 0, 10).await).is_empty());
    // Nobody begins conversations without end.
    let many = Party::Visitor(visitor(one, "many"));
    for n in 0..crate::MAX_CONVERSATIONS {
        let place = Target::Keyed { key: mid(5000 + n), fresh: ConversationId(mid(6000 + n)) };
        kept(speak(&many, place, line(7000 + n, Side::Visitor, text("x"))).await);
    }
    let one_more = Target::Keyed { key: mid(4999), fresh: ConversationId(mid(4998)) };
    assert_eq!(speak(&many, one_more, line(4997, Side::Visitor, text("x"))).await, AppendOutcome::TooMany);
    assert_eq!(answer(store.epoch().await), answer(store.epoch().await));
    // Words are found as they are written, in the site's own conversations only.
    speak(&agent, known, line(20, Side::Agent, text("100%_sure, 請求書です"))).await;
    let hits = async |site, words: &str| answer(store.search_conversations(site, words, 10).await);
    let found =
        async |site, words: &str| hits(site, words).await.into_iter().map(|(id, _)| id).collect::<Vec<_>>();
    assert_eq!(hits(one, "請求").await, [(c, "100%_sure, 請求書です".to_owned())]);
    for words in ["請求書", "0%_s", "secret"] {
        assert_eq!(found(one, words).await, [c], "{words}");
    }
    for words in ["0%s", "1%sure", "請求 書", "!"] {
        assert!(found(one, words).await.is_empty(), "{words}");
    }
    assert!(found(two, "請求書").await.is_empty());
    // So they are whatever their width, case and form.
    speak(&agent, known, line(23, Side::Agent, text("ﾃｽﾄ　ＣＳＶ ÉCOLE ｶﾞｲﾄﾞ 10〜20名 03−1234 さとう"))).await;
    for words in [
        "テスト",
        "csv",
        "CSV",
        "テスト csv",
        "e\u{301}cole",
        "ガイド",
        "カ\u{3099}イト\u{3099}",
        "がいど",
        "10～20名",
        "１０~２０",
        "03-1234",
        "０３－１２３４",
        "サトウ",
    ] {
        assert_eq!(found(one, words).await, [c], "{words}");
    }
    // Who waits, who has how many, and how long first answers took.
    let waiting = answer(store.unanswered(one).await);
    assert!(
        waiting.iter().all(|one| one.state.waiting_since.is_some() && one.id != c) && !waiting.is_empty()
    );
    assert!(answer(store.unanswered(two).await).is_empty());
    let waits = answer(store.first_response_times(one, 0).await);
    assert_eq!(waits.iter().filter(|wait| wait.answered.is_some()).count(), 1);
    assert_eq!(waits.iter().filter(|wait| wait.answered.is_none()).count(), waiting.len());
    speak(&suzuki, fresh(4), line(21, Side::Visitor, text("again"))).await;
    let theirs = Target::Known(answer(store.conversation_summaries(&visitor(one, "suzuki")).await)[0].id);
    speak(&agent, theirs, line(22, Side::Agent, LogEntryBody::Claimed)).await;
    assert_eq!(answer(store.open_per_agent(one).await), [("sato@example.com".to_owned(), 1)]);
    // A desk that is published again is the same one; another one counts from then on.
    let desk = |zone: &str| SupportFile { zone: zone.into(), ..SupportFile::default() };
    assert!(answer(store.publish_support_file(one, NOON, desk("Asia/Tokyo")).await));
    assert!(!answer(store.publish_support_file(one, NOON + 1, desk("Asia/Tokyo")).await));
    assert!(answer(store.publish_support_file(one, NOON - 5, desk("UTC")).await), "the clock was set back");
    let versions = answer(store.support_files(one).await);
    assert_eq!(versions.iter().map(|(since, _)| *since).collect::<Vec<_>>(), [NOON, NOON + 1]);
    assert!(answer(store.support_files(two).await).is_empty());
}
