//! The chat client against a collector that loses, doubles and reorders.

use proptest::prelude::*;
use protocol::chat::{
    Author, ConversationStatus, ConversationSummary, LogEntry, Message, NackReason, ServerFrame, Side,
    Welcome,
};
use protocol::ids::ConversationId;

use super::receive::{GAP_PATIENCE, unknown};
use super::*;

fn id(n: u64) -> EventId {
    EventId::new(n, [0; 10])
}

fn conversation() -> ConversationId {
    ConversationId(id(1))
}

fn text(text: &str) -> LogEntryBody {
    LogEntryBody::Message(Message { text: text.into(), ..Message::default() })
}

fn line(seq: u64, id: EventId, side: Side, body: LogEntryBody) -> ServerFrame {
    let author = Author { side, id: String::new(), name: "佐藤".into() };
    ServerFrame::Event(LogEntry {
        conversation: conversation(),
        log: Log::Public,
        seq,
        id,
        author,
        picture: None,
        at: 0,
        body,
    })
}

fn welcome(epoch: &str, heads: Vec<ConversationSummary>) -> ServerFrame {
    let epoch = epoch.to_owned();
    ServerFrame::Welcome(Welcome {
        epoch,
        server_time: 0,
        heartbeat: 25,
        max_chars: 4000,
        hours: None,
        teams: Vec::new(),
        conversations: heads,
    })
}

fn head(seq: u64) -> ConversationSummary {
    ConversationSummary { seq, ..unknown(conversation()) }
}

fn client(disk: &MemoryStorage) -> ChatClient {
    ChatClient::new(Box::new(disk.clone()), None, Vec::new())
}

fn connected(disk: &MemoryStorage) -> ChatClient {
    let mut client = client(disk);
    client.receive(welcome("e", Vec::new()), 0);
    client.set_link(Link::Open, false);
    client
}

fn sent(frames: &[ClientFrame]) -> Vec<EventId> {
    let mid = |frame: &ClientFrame| match frame {
        ClientFrame::Send(send) => Some(send.envelope.id),
        ClientFrame::Callback(call) => Some(call.envelope.id),
        _ => None,
    };
    frames.iter().filter_map(mid).collect()
}

fn due(client: &mut ChatClient, now: Millis) -> Vec<ClientFrame> {
    client.due(now, &VisitorContext::default)
}

proptest! {
    /// C20: whatever is lost on the way, doubled or late: what is missing is requested, and every entry
    /// comes once, in order.
    #[test]
    fn c20_lost_doubled_and_late_entries_come_once_and_in_order(
        n in 1u64..30,
        order in prop::collection::vec(0u64..30, 0..90),
    ) {
        let mut client = connected(&MemoryStorage::default());
        let entry = |seq| line(seq, id(100 + seq), Side::Agent, text("x"));
        for pick in order {
            client.receive(entry(pick % n + 1), 0);
        }
        client.receive(entry(n), 0);
        for now in (0..).step_by(1000).take(40) {
            let syncs = due(&mut client, now);
            for sync in syncs {
                if let ClientFrame::Sync { from, to, .. } = sync {
                    for seq in (from..=to).rev() {
                        client.receive(entry(seq), now);
                    }
                }
            }
        }
        let seen: Vec<u64> = client.current().into_iter().flat_map(|one| &one.entries).map(|entry| entry.seq).collect();
        prop_assert_eq!(seen, (1..=n).collect::<Vec<_>>());
    }
}

#[test]
fn messages_go_one_at_a_time_and_stay_until_they_come_back() {
    let disk = MemoryStorage::default();
    let mut client = connected(&disk);
    for n in [10, 11] {
        client.outbox.add(id(n), text("x"), id(1), 0);
    }
    assert_eq!(sent(&due(&mut client, 0)), [id(10)]);
    assert!(due(&mut client, 0).is_empty(), "one is in flight");
    client
        .receive(ServerFrame::Ack { id: id(10), conversation: conversation(), seq: 1, duplicate: false }, 0);
    assert_eq!(disk.load().map(|all| all.len()), Some(1), "what is acknowledged is not sent again");
    assert_eq!(client.rows().len(), 2, "and shown until it is an entry");
    assert_eq!(sent(&due(&mut client, 0)), [id(11)]);
    client.receive(line(1, id(10), Side::Visitor, text("x")), 0);
    client.receive(line(2, id(11), Side::Visitor, text("x")), 0);
    assert_eq!((client.rows().len(), client.outbox.all().count()), (2, 0));
    assert_eq!(client.delivery(&client.rows()), Some(Delivery::Sent));
    client.receive(ServerFrame::Cursor { conversation: conversation(), side: Side::Agent, read: 2 }, 0);
    assert_eq!(client.delivery(&client.rows()), Some(Delivery::Read));
}

#[test]
fn an_id_goes_to_one_place_for_good() {
    let mut client = connected(&MemoryStorage::default());
    client.outbox.add(id(10), text("x"), id(1), 0);
    let first = due(&mut client, 0);
    client.set_link(Link::Waiting, false);
    client.receive(line(1, id(99), Side::Agent, text("hello")), 0);
    client.set_link(Link::Open, false);
    assert_eq!(
        due(&mut client, 0),
        first,
        "the key that it was sent with, although there is a conversation now"
    );
}

#[test]
fn what_waited_too_long_waits_for_the_person() {
    let mut client = connected(&MemoryStorage::default());
    client.outbox.add(id(10), text("x"), id(1), 0);
    let late = 15 * 60 * 1000;
    assert!(due(&mut client, late).is_empty());
    assert_eq!(client.follow_up(&client.rows(), None, late, late).held, 1);
    client.outbox.retry(late);
    assert_eq!(sent(&due(&mut client, late)), [id(10)]);
}

#[test]
fn a_refusal_is_shown_or_waited_for() {
    let mut client = connected(&MemoryStorage::default());
    client.outbox.add(id(10), text("x"), id(1), 0);
    due(&mut client, 0);
    client.receive(ServerFrame::Nack { id: id(10), reason: NackReason::Busy, retry_after: Some(2) }, 0);
    assert!(client.is_busy() && due(&mut client, 1_999).is_empty());
    assert_eq!(client.wakes_at(), Some(2_000));
    assert_eq!(sent(&due(&mut client, 2_000)), [id(10)]);
    let gone = client
        .receive(ServerFrame::Nack { id: id(10), reason: NackReason::NotFound, retry_after: None }, 2_000);
    assert!(gone.reconnect && !client.is_busy());
    assert_eq!(client.delivery(&client.rows()), Some(Delivery::Failed("not_found".into())));
    assert!(due(&mut client, 2_000).is_empty(), "nothing is tried again without the person");
}

#[test]
fn two_tabs_share_an_outbox() {
    let disk = MemoryStorage::default();
    let (mut one, mut two) = (connected(&disk), connected(&disk));
    one.outbox.add(id(10), text("x"), id(1), 0);
    two.outbox.reload();
    assert_eq!(two.rows().len(), 1);
    one.receive(line(1, id(10), Side::Visitor, text("x")), 0);
    two.receive(line(1, id(10), Side::Visitor, text("x")), 0);
    two.outbox.reload();
    assert_eq!((one.rows().len(), two.rows().len(), disk.load().map(|all| all.len())), (1, 1, Some(0)));
}

#[test]
fn only_agents_messages_are_unread() {
    let mut client = connected(&MemoryStorage::default());
    for seq in 1..=4 {
        let side = if seq % 2 == 0 { Side::Agent } else { Side::Visitor };
        client.receive(line(seq, id(seq), side, text("x")), 0);
    }
    assert_eq!(client.unread(), 2);
    assert_eq!(client.read(), Some(ClientFrame::Read { conversation: conversation(), seq: 4 }));
    assert_eq!((client.unread(), client.read()), (0, None));
}

#[test]
fn another_database_makes_everything_known_void() {
    let mut client = connected(&MemoryStorage::default());
    client.receive(welcome("e", vec![head(1)]), 0);
    client.receive(line(1, id(1), Side::Agent, text("x")), 0);
    client.receive(welcome("e", vec![head(1)]), 0);
    assert_eq!(client.resume(), [ResumePoint { conversation: conversation(), log: Log::Public, seq: 1 }]);
    client.receive(ServerFrame::Gap { conversation: conversation(), log: Log::Public, floor: 1, head: 5 }, 0);
    let sync = ClientFrame::Sync { conversation: conversation(), log: Log::Public, from: 2, to: 5 };
    assert_eq!(due(&mut client, GAP_PATIENCE), [sync]);
    client.receive(welcome("other", vec![head(1)]), 0);
    assert!(client.resume().is_empty());
}

/// What a client offers when the collector goes on from a backup that has the first entry alone.
#[test]
fn s29_messages_that_a_restored_collector_lacks_wait_for_the_person() {
    let disk = MemoryStorage::default();
    let mut client = connected(&disk);
    client.receive(welcome("e", vec![head(4)]), 0);
    let said = [(Side::Visitor, "a"), (Side::Agent, "b"), (Side::Visitor, "c"), (Side::Visitor, "d")];
    for (seq, (side, words)) in (1..).zip(said) {
        client.receive(line(seq, id(10 + seq), side, text(words)), 0);
    }
    // Acknowledged, and not back as an entry yet.
    client.outbox.add(id(20), text("e"), id(9), 0);
    due(&mut client, 0);
    let ack = |id, seq| ServerFrame::Ack { id, conversation: conversation(), seq, duplicate: false };
    client.receive(ack(id(20), 5), 0);
    let held = |client: &ChatClient| client.follow_up(&client.rows(), None, 0, 0).held;
    assert_eq!(held(&client), 0);

    client.receive(welcome("restored", vec![head(1)]), 0);
    assert_eq!(held(&client), 0, "what the collector has is still to come");
    client.receive(line(1, id(11), Side::Visitor, text("a")), 0);
    assert_eq!(held(&client), 3);
    let words = |client: &ChatClient| -> Vec<String> {
        client.rows().iter().filter_map(|row| Some(row.message()?.text.clone())).collect()
    };
    assert_eq!(words(&client), ["a", "c", "d", "e"]);
    assert!(due(&mut client, 0).is_empty(), "nothing is sent unasked");
    // Not even a page that ends meanwhile loses them.
    let again = self::client(&disk).outbox.held(0);
    assert_eq!(again, [id(13), id(14), id(20)]);

    client.outbox.retry(0);
    for (seq, wanted) in [(2, id(13)), (3, id(14)), (4, id(20))] {
        assert_eq!(sent(&due(&mut client, 0)), [wanted]);
        client.receive(ack(wanted, seq), 0);
        client.receive(line(seq, wanted, Side::Visitor, text("x")), 0);
    }
    assert_eq!((held(&client), client.outbox.all().count()), (0, 0));
}

/// The same where the restored collector has no conversation at all: everything goes into one.
#[test]
fn s29_a_conversation_that_a_restored_collector_lacks_begins_again_as_one() {
    let mut client = connected(&MemoryStorage::default());
    client.receive(welcome("e", vec![head(2)]), 0);
    for seq in 1..=2 {
        client.receive(line(seq, id(10 + seq), Side::Visitor, text("a")), 0);
    }
    client.receive(welcome("restored", Vec::new()), 0);
    assert_eq!(client.follow_up(&client.rows(), None, 0, 0).held, 2);
    client.outbox.retry(0);
    for seq in 1..=2 {
        let frames = due(&mut client, 0);
        let Some(ClientFrame::Send(send)) = frames.first() else { panic!("{frames:?}") };
        assert_eq!((send.envelope.id, send.envelope.conversation_key), (id(10 + seq), Some(id(1))));
        client.receive(
            ServerFrame::Ack { id: id(10 + seq), conversation: conversation(), seq, duplicate: false },
            0,
        );
    }
}

#[test]
fn what_can_be_done_follows_from_what_was_said() {
    let mut client = connected(&MemoryStorage::default());
    let quick = Message { text: "?".into(), quick_replies: vec!["はい".into()], ..Message::default() };
    client.receive(line(1, id(1), Side::Agent, LogEntryBody::Message(quick)), 0);
    let follow_up =
        |client: &ChatClient, hours: &SupportHours| client.follow_up(&client.rows(), Some(hours), 0, 0);
    let hours = SupportHours { callback_due: Some(1), ..SupportHours::default() };
    let offered = follow_up(&client, &hours);
    assert_eq!((offered.quick.len(), offered.call, offered.rate), (1, true, false));
    client.receive(line(2, id(2), Side::Visitor, LogEntryBody::Callback(Default::default())), 0);
    assert!(!follow_up(&client, &hours).call && follow_up(&client, &hours).quick.is_empty());
    client.receive(line(3, id(3), Side::Agent, LogEntryBody::Called), 0);
    assert!(follow_up(&client, &hours).call);
    client.receive(line(4, id(4), Side::Agent, LogEntryBody::Resolved), 0);
    assert_eq!(client.current().map(|one| one.head.status), Some(ConversationStatus::Resolved));
    assert!(follow_up(&client, &hours).rate);
    client
        .receive(line(5, id(5), Side::Visitor, LogEntryBody::Rated { score: 5, comment: String::new() }), 0);
    assert!(!follow_up(&client, &hours).rate);
}
