//! Who may come in, what is kept once, and what a bad line cannot do.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::SinkExt;
use journey::chat_client::{ChatClient, Link, MemoryStorage};
use protocol::Millis;
use protocol::chat::{
    Author, ClientFrame, Hello, Log, LogEntry, LogEntryBody, Message, NackReason, ResumePoint, ServerFrame,
    Side, VisitorContext,
};
use protocol::console::AgentAction;
use protocol::ids::{ConversationId, EventId};
use store::{Grant, Party};
use tabiji_server::chat::Subscription;
use tabiji_server::crypto;
use tokio::time::timeout;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message as Frame;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

use crate::collector::{APP, Client, Collector, collector, hello, message, new_id, says};

/// C16, on one node.
#[tokio::test]
async fn c16_one_id_by_both_ways_at_once_is_one_line() {
    let collector = collector().await;
    let url = format!("http://{}/v1/chat/send", collector.address);
    for n in 0..30 {
        let who = || hello(&format!("user-{n}"));
        let mut client = collector.enter(who()).await;
        let (id, key) = (new_id(), new_id());
        client.say(&message(id, None, key, "first")).await;
        let (conversation, ..) = client.ack(id).await;
        let id = new_id();
        let frame = message(id, Some(conversation), key, "twice");
        let body = serde_json::json!({ "hello": who(), "frames": [&frame] });
        let post = collector.http.post(&url).header("origin", APP).json(&body).send();
        let ((), posted) = tokio::join!(client.say(&frame), post);
        let told: Vec<ServerFrame> = posted.unwrap().json().await.unwrap();
        let (_, seq, duplicate) = client.ack(id).await;
        // One of the two was first.
        assert_eq!(told, [ServerFrame::Ack { id, conversation, seq: 2, duplicate: !duplicate }]);
        assert_eq!((seq, collector.thread(conversation).await.entries.len()), (2, 2));
    }
}

#[tokio::test]
async fn c15_what_is_sent_again_is_there_once() {
    let collector = collector().await;
    let mut client = collector.enter(hello("tanaka")).await;
    let (id, key) = (new_id(), new_id());
    client.say(&message(id, None, key, "保存できません")).await;
    let (conversation, seq, dup) = client.ack(id).await;
    assert_eq!((seq, dup), (1, false));
    // The acknowledgement was lost: the same again, over another socket and over the other way.
    let mut again = collector.enter(hello("tanaka")).await;
    again.say(&message(id, None, key, "保存できません")).await;
    assert_eq!(again.ack(id).await, (conversation, 1, true));
    let post = serde_json::json!({ "hello": hello("tanaka"), "frames": [message(id, Some(conversation), key, "保存できません")] });
    let url = format!("http://{}/v1/chat/send", collector.address);
    let answer = collector.http.post(url).header("origin", APP).json(&post).send().await.unwrap();
    let told: Vec<ServerFrame> = answer.json().await.unwrap();
    assert_eq!(told, [ServerFrame::Ack { id, conversation, seq: 1, duplicate: true }]);
    again.say(&message(id, Some(conversation), key, "something else")).await;
    assert_eq!(again.nack(id).await, NackReason::IdConflict);
    assert_eq!(collector.thread(conversation).await.entries.len(), 1, "one line for all of it");
}

#[tokio::test]
async fn c3_what_is_too_long_is_refused_and_the_line_stays() {
    let collector = collector().await;
    let mut client = collector.enter(hello("tanaka")).await;
    let id = new_id();
    client.say(&message(id, None, id, &"あ".repeat(4_001))).await;
    assert_eq!(client.nack(id).await, NackReason::TooLarge);
    let id = new_id();
    client.say(&message(id, None, id, " \n ")).await;
    assert_eq!(client.nack(id).await, NackReason::Empty);
    let id = new_id();
    client.say(&message(id, None, id, &"あ".repeat(4_000))).await;
    assert_eq!(client.ack(id).await.1, 1);
    let _ = client.0.send(Frame::text("x".repeat(17 * 1024))).await;
    assert_eq!(client.closed().await, 1009);
}

#[tokio::test]
async fn c30_nonsense_ends_a_socket_and_nothing_else() {
    let collector = collector().await;
    let deep = format!("{{\"t\":\"send\",\"body\":{}1{}}}", "[".repeat(4000), "]".repeat(4000));
    for nonsense in [
        "",
        "{",
        "null",
        r#"{"t":"paint"}"#,
        r#"{"t":"ping","t":"typing"}"#,
        r#"{"t":"read","c":"x","seq":1,"seq":2}"#,
        r#"{"t":"read","c":"x","seq":1e999}"#,
        &deep,
    ] {
        let mut client = collector.enter(hello("tanaka")).await;
        client.0.send(Frame::text(nonsense)).await.unwrap();
        assert_eq!(client.closed().await, 4400, "{nonsense:.40}");
    }
    collector.enter(hello("tanaka")).await;
}

#[tokio::test]
async fn c4_c6_another_persons_conversation_is_nobodys() {
    let collector = collector().await;
    let mut tanaka = collector.enter(hello("tanaka")).await;
    let id = new_id();
    tanaka.say(&message(id, None, id, "mine")).await;
    let (c, ..) = tanaka.ack(id).await;
    let mut suzuki = collector.enter(hello("suzuki")).await;
    for wanted in [c, ConversationId(new_id())] {
        let id = new_id();
        suzuki.say(&message(id, Some(wanted), id, "let me in")).await;
        assert_eq!(suzuki.nack(id).await, NackReason::NotFound);
        suzuki.say(&ClientFrame::Sync { conversation: wanted, log: Log::Public, from: 1, to: 9 }).await;
        let gap = suzuki.until(|tell| matches!(tell, ServerFrame::Gap { .. }).then_some(tell)).await;
        assert_eq!(gap, ServerFrame::Gap { conversation: wanted, log: Log::Public, floor: 1, head: 0 });
        suzuki.say(&ClientFrame::Read { conversation: wanted, seq: 1 }).await;
        suzuki.say(&ClientFrame::Typing { conversation: wanted, on: true }).await;
        let id = new_id();
        suzuki.say(&ClientFrame::Csat { id, conversation: wanted, score: 1, comment: "bad".into() }).await;
        assert_eq!(suzuki.nack(id).await, NackReason::NotFound);
    }
    // An agent's question about another site's conversation.
    let url = format!("http://{}/api/inbox/{}?site=pk_two", collector.address, c.0);
    let cookie = format!("tabiji={}", collector.sign_in().await);
    let answer = collector.http.get(&url).header("cookie", &cookie).send().await.unwrap();
    assert_eq!(answer.status(), 404);
    let answer = collector.http.post(&url).header("cookie", &cookie).json(&says("hi")).send().await.unwrap();
    assert_eq!(
        answer
            .json::<ServerFrame>()
            .await
            .ok()
            .map(|tell| matches!(tell, ServerFrame::Nack { reason: NackReason::NotFound, .. })),
        Some(true)
    );
    // And one without a cookie, and one from a page elsewhere.
    assert_eq!(collector.http.get(&url).send().await.unwrap().status(), 401);
    let cross = collector.http.post(&url).header("cookie", &cookie).header("origin", APP).json(&says("hi"));
    assert_eq!(cross.send().await.unwrap().status(), 403, "C14");
    let thread = collector.thread(c).await;
    assert_eq!((thread.entries.len(), thread.conversation.visitor_read), (1, 1), "nothing came of it");
}

#[tokio::test]
async fn c5_notes_leave_no_trace_for_customers() {
    let collector = collector().await;
    let mut client = collector.enter(hello("tanaka")).await;
    let id = new_id();
    client.say(&message(id, None, id, "question")).await;
    let (conversation, ..) = client.ack(id).await;
    let note = LogEntryBody::Note(Message { text: "they were angry last time".into(), ..Message::default() });
    let noted = new_id();
    collector.agent(conversation, &AgentAction { id: noted, body: note }).await;
    collector.agent(conversation, &says("answer")).await;
    assert_eq!(client.line().await.seq, 1);
    let answer = client.line().await;
    assert_eq!((answer.seq, answer.author.id.as_str(), answer.author.name.as_str()), (2, "", ""));
    // All that a customer is sent who begins again, word for word, and what they ask for of the internal log.
    let mut anew = collector.socket("pk_one", Some(APP)).await.unwrap();
    anew.say(&ClientFrame::Hello(hello("tanaka"))).await;
    let internal = ClientFrame::Sync { conversation, log: Log::Internal, from: 0, to: 9 };
    anew.say(&internal).await;
    let mut told = anew.texts_until(r#""log":"int""#).await;
    let post = serde_json::json!({ "hello": hello("tanaka"), "frames": [&internal] });
    let url = format!("http://{}/v1/chat/send", collector.address);
    let posted = collector.http.post(url).header("origin", APP).json(&post).send().await.unwrap();
    told.push(posted.text().await.unwrap());
    for said in &told {
        assert!(!said.contains("angry") && !said.contains(&noted.to_string()), "{said}");
        assert!(!said.contains(r#""log":"int""#) || said.contains(r#""head":0"#), "{said}");
    }
    let welcome: ServerFrame = serde_json::from_str(&told[0]).unwrap();
    let ServerFrame::Welcome(welcome) = welcome else { panic!("{welcome:?}") };
    let counts: Vec<_> = welcome.conversations.iter().map(|one| (one.seq, one.unread)).collect();
    assert_eq!(counts, [(2, 1)], "the note is neither counted nor unread");
    // Neither is it in what an agent exports for the customer.
    let transcript =
        format!("http://{}/api/inbox/{}/transcript?site=pk_one", collector.address, conversation.0);
    let cookie = format!("tabiji={}", collector.sign_in().await);
    let transcript = collector.http.get(transcript).header("cookie", cookie).send().await.unwrap();
    let transcript = transcript.text().await.unwrap();
    assert!(transcript.contains("answer") && !transcript.contains("angry"), "{transcript}");
    // A visitor who comes back receives the same entries, and asks for internal ones in vain.
    let resume = vec![
        ResumePoint { conversation, log: Log::Public, seq: 1 },
        ResumePoint { conversation, log: Log::Internal, seq: 0 },
    ];
    let mut back = collector.enter(Hello { resume, ..hello("tanaka") }).await;
    assert_eq!(back.line().await.seq, 2);
    back.say(&ClientFrame::Sync { conversation, log: Log::Internal, from: 1, to: 9 }).await;
    assert!(matches!(back.next().await, Some(ServerFrame::Gap { head: 0, .. })));
    assert_eq!(collector.thread(conversation).await.entries.len(), 3, "agents see it");
}

#[tokio::test]
async fn c21_a_client_that_knows_what_the_collector_does_not_is_told_so() {
    let collector = collector().await;
    let mut client = collector.enter(hello("tanaka")).await;
    let id = new_id();
    client.say(&message(id, None, id, "one")).await;
    let (conversation, ..) = client.ack(id).await;
    let gap = |tell| matches!(tell, ServerFrame::Gap { head: 1, floor: 1, .. }).then_some(());
    // A database that was restored from a backup.
    let ahead = vec![ResumePoint { conversation, log: Log::Public, seq: 7 }];
    collector.enter(Hello { resume: ahead, ..hello("tanaka") }).await.until(gap).await;
    // Another database altogether: what was known is void.
    let other = vec![ResumePoint { conversation, log: Log::Public, seq: 1 }];
    let mut back = collector.enter(Hello { resume: other, epoch: "another".into(), ..hello("tanaka") }).await;
    assert_eq!(back.line().await.seq, 1);
    // A client that was away for long pages back on its own.
    for n in 0..300 {
        collector.agent(conversation, &says(&n.to_string())).await;
    }
    let long = vec![ResumePoint { conversation, log: Log::Public, seq: 1 }];
    let mut back = collector.enter(Hello { resume: long, ..hello("tanaka") }).await;
    let head =
        back.until(|tell| if let ServerFrame::Gap { head, .. } = tell { Some(head) } else { None }).await;
    back.say(&ClientFrame::Sync { conversation, log: Log::Public, from: 2, to: head }).await;
    assert_eq!(back.line().await.seq, 2);
}

#[tokio::test]
async fn c29_typing_is_told_seldom_and_never_kept() {
    let collector = collector().await;
    let mut client = collector.enter(hello("tanaka")).await;
    let id = new_id();
    client.say(&message(id, None, id, "hello")).await;
    let (conversation, ..) = client.ack(id).await;
    let site = collector.app.store.site_by_public_key(&"pk_one".into()).await.unwrap().unwrap().id;
    let agent = Author { side: Side::Agent, id: "sato@example.com".into(), name: String::new() };
    let ear = collector.app.chat.hub.subscribe_agent(site, agent);
    for _ in 0..50 {
        client.say(&ClientFrame::Typing { conversation, on: true }).await;
    }
    client.say(&ClientFrame::Ping).await;
    client.until(|tell| (tell == ServerFrame::Pong).then_some(())).await;
    assert_eq!(ear.take().ephemeral.len(), 1);
    assert_eq!(collector.thread(conversation).await.entries.len(), 1);
}

/// C27: an office behind one address.
#[tokio::test]
async fn c27_two_hundred_people_of_one_office_begin_at_once() {
    let collector = Arc::new(collector().await);
    let people: Vec<_> = (0..200)
        .map(|n| {
            let collector = Arc::clone(&collector);
            tokio::spawn(async move {
                let mut client = collector.enter(hello(&format!("user-{n}"))).await;
                let id = new_id();
                client.say(&message(id, None, id, "good morning")).await;
                client.ack(id).await
            })
        })
        .collect();
    for person in people {
        assert_eq!(person.await.unwrap().1, 1);
    }
}

/// Numbers that look random and are the same for the same seed (Knuth's MMIX constants).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

/// The first moment of the model, in milliseconds; any moment will do.
const BEGAN: u64 = 1_790_000_000_000;

/// A tab: the client that the widget ships, on a connection that loses, doubles and reorders.
struct Tab {
    key: EventId,
    dice: Dice,
    client: ChatClient,
    began: Instant,
    /// Entries that the connection holds back, for others to overtake them.
    held: Vec<LogEntry>,
    acked: Vec<EventId>,
}

impl Tab {
    fn new(key: EventId, seed: u64) -> Self {
        Self {
            key,
            dice: Dice(seed),
            client: ChatClient::new(Box::<MemoryStorage>::default(), None, Vec::new()),
            began: Instant::now(),
            held: Vec::new(),
            acked: Vec::new(),
        }
    }

    fn now(&self) -> Millis {
        self.began.elapsed().as_millis() as Millis
    }

    /// Writes message number `n`. Ids ascend in the order of writing, as those of the widget do.
    fn write(&mut self, n: usize) {
        let text = format!("message {n}");
        let id = EventId::new(BEGAN + n as u64, [self.dice.below(256) as u8; 10]);
        let said = LogEntryBody::Message(Message { text, ..Message::default() });
        self.client.outbox.add(id, said, self.key, self.now());
    }

    /// Messages that are not acknowledged.
    fn unsent(&self) -> usize {
        self.client.outbox.all().filter(|message| !message.acked).count()
    }

    fn entries(&self) -> &[LogEntry] {
        self.client.current().map_or(&[], |one| &one.entries)
    }

    fn seen(&self) -> Vec<(u64, EventId)> {
        self.entries().iter().map(|entry| (entry.seq, entry.id)).collect()
    }

    /// An entry comes late, twice, or not at all.
    fn hear(&mut self, entry: LogEntry) {
        match self.dice.below(8) {
            0 => {}
            1 | 2 => self.held.push(entry),
            3 => self.held.extend([entry.clone(), entry]),
            _ => {
                let now = self.now();
                self.client.receive(ServerFrame::Event(entry), now);
                while let Some(late) = self.held.pop() {
                    self.client.receive(ServerFrame::Event(late), now);
                }
            }
        }
    }

    fn receive(&mut self, frame: ServerFrame) {
        match frame {
            ServerFrame::Event(entry) => self.hear(entry),
            ServerFrame::Ack { id, .. } if !self.acked.contains(&id) => {
                self.acked.push(id);
                self.client.receive(frame, self.now());
            }
            ServerFrame::Nack { retry_after: None, .. } => panic!("{frame:?}"),
            _ => {
                self.client.receive(frame, self.now());
            }
        }
    }

    /// Connects, sends what the client has to send (some of it twice), and hangs up after a while without a word,
    /// as a bad connection does.
    async fn attempt(&mut self, collector: &Collector, patience: Duration) {
        self.held.clear();
        let (resume, epoch) = (self.client.resume(), self.client.epoch().to_owned());
        let mut socket = collector.socket("pk_one", Some(APP)).await.expect("a socket");
        socket.say(&ClientFrame::Hello(Hello { resume, epoch, ..hello("tanaka") })).await;
        let welcome = socket.until(|frame| matches!(frame, ServerFrame::Welcome(_)).then_some(frame)).await;
        self.client.receive(welcome, self.now());
        self.client.set_link(Link::Open, false);
        let over = tokio::time::sleep(patience);
        tokio::pin!(over);
        loop {
            for frame in self.client.due(self.now(), &VisitorContext::default) {
                for _ in 0..1 + u8::from(self.dice.below(4) == 0) {
                    socket.say(&frame).await;
                }
            }
            let wakes = self.client.wakes_at().map_or(Millis::from(u16::MAX), |at| (at - self.now()).max(0));
            let frame = tokio::select! {
                frame = socket.next() => frame.expect("the collector closed the connection"),
                () = tokio::time::sleep(Duration::from_millis(wakes.unsigned_abs())) => continue,
                () = &mut over => break,
            };
            self.receive(frame);
        }
        self.client.set_link(Link::Waiting, false);
    }
}

/// C16, C20, C23: two tabs of one person and two agents, over lines that are cut, lose, double and reorder, with a
/// collector that crashes in the middle. The real collector over real sockets: nothing is lost, nothing is there
/// twice, everybody sees one order, and no note is seen.
#[tokio::test]
async fn c16_c20_c23_everybody_sees_one_order_whatever_the_line_does() {
    tokio::join!(one_order(1), one_order(20), one_order(300));
}

async fn one_order(seed: u64) {
    let mut collector = collector().await;
    let mut dice = Dice(seed);
    let key = new_id();
    let (mut one, mut two) = (Tab::new(key, seed + 1), Tab::new(key, seed + 2));
    let agents = [
        collector.sign_in_as("sato@example.com", Grant::ALL).await,
        collector.sign_in_as("mori@example.com", Grant::ALL).await,
    ];
    let (mut sent, mut notes) = (0, 0);
    for round in 0..8u64 {
        for tab in [&mut one, &mut two] {
            for _ in 0..1 + dice.below(3) {
                sent += 1;
                tab.write(sent);
            }
        }
        if round == 4 {
            collector.crash().await;
        }
        // Cut sooner or later, now and then before anything came back.
        let mut cut = || Duration::from_millis(dice.below(120));
        let (first, second) = (cut(), cut());
        tokio::join!(one.attempt(&collector, first), two.attempt(&collector, second));
        if let Some(line) = one.entries().first() {
            for (n, agent) in agents.iter().enumerate() {
                let answer = says(&format!("answer {round} of {n}"));
                // The same again is the same line.
                for _ in 0..1 + dice.below(2) {
                    collector.agent_by(agent, line.conversation, &answer).await;
                }
                sent += 1;
                let note = LogEntryBody::Note(Message { text: "among us".into(), ..Message::default() });
                collector.agent_by(agent, line.conversation, &AgentAction { id: new_id(), body: note }).await;
                notes += 1;
            }
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    for _ in 0..20 {
        if one.unsent() + two.unsent() == 0 {
            break;
        }
        let patience = Duration::from_secs(1);
        tokio::join!(one.attempt(&collector, patience), two.attempt(&collector, patience));
    }
    assert_eq!((one.unsent(), two.unsent()), (0, 0));
    // Last looks: whatever came while they were away, as often as lines are lost.
    for _ in 0..20 {
        if one.entries().len() == sent && two.entries().len() == sent {
            break;
        }
        let patience = Duration::from_millis(300);
        tokio::join!(one.attempt(&collector, patience), two.attempt(&collector, patience));
    }
    assert_eq!(one.seen(), two.seen(), "one order for both tabs");
    assert_eq!(one.client.conversations().len(), 1, "one key is one conversation");
    let c = one.entries()[0].conversation;
    let (internal, log): (Vec<LogEntry>, Vec<LogEntry>) =
        collector.thread(c).await.entries.into_iter().partition(|line| line.log == Log::Internal);
    assert_eq!((log.len(), internal.len()), (sent, notes), "each once, seed {seed}");
    assert_eq!(one.seen(), log.iter().map(|line| (line.seq, line.id)).collect::<Vec<_>>());
    let kept: Vec<EventId> =
        log.iter().filter(|line| line.author.side == Side::Visitor).map(|line| line.id).collect();
    for tab in [&one, &two] {
        let mine: Vec<EventId> = kept.iter().filter(|id| tab.acked.contains(id)).copied().collect();
        assert_eq!(mine, tab.acked, "in the order in which it was written");
    }
    assert!(one.acked.iter().chain(&two.acked).all(|id| kept.contains(id)), "acknowledged is kept");
}

/// C7: an agent who is signed out receives nothing from then on, and cannot write.
#[tokio::test]
async fn c7_who_is_signed_out_is_out_within_five_seconds() {
    let collector = collector().await;
    let mut client = collector.enter(hello("tanaka")).await;
    let id = new_id();
    client.say(&message(id, None, id, "hello")).await;
    let (c, ..) = client.ack(id).await;
    let url = format!("http://{}/api/inbox/live?site=pk_one", collector.address);
    let cookie = collector.sign_in().await;
    let request = collector.http.get(url).header("cookie", format!("tabiji={}", cookie));
    let mut feed = request.send().await.unwrap();
    assert!(feed.chunk().await.unwrap().is_some(), "the first word");
    collector.app.store.end_session(crypto::digest(&cookie)).await.unwrap();
    let over = async { while let Ok(Some(_)) = feed.chunk().await {} };
    timeout(Duration::from_secs(5), over).await.expect("the feed goes on");
    let url = format!("http://{}/api/inbox/{}?site=pk_one", collector.address, c.0);
    let cookie = format!("tabiji={}", cookie);
    let answer = collector.http.post(url).header("cookie", cookie).json(&says("still here")).send().await;
    assert_eq!(answer.unwrap().status(), 401);
}

/// C26: the collector disconnects a client that never reads; it delays no other client and finds everything when it comes back.
#[tokio::test]
async fn c26_who_never_reads_is_let_go_and_comes_back_whole() {
    let collector = collector().await;
    let mut deaf = collector.enter(hello("tanaka")).await;
    let id = new_id();
    deaf.say(&message(id, None, id, "hello")).await;
    let (conversation, ..) = deaf.ack(id).await;
    let mut awake = collector.enter(hello("tanaka")).await;
    let mut suzuki = collector.enter(hello("suzuki")).await;
    // More than every buffer on the way can hold.
    for _ in 0..500 {
        collector.agent(conversation, &says(&"あ".repeat(4_000))).await;
    }
    while awake.line().await.seq < 501 {}
    drop(awake);
    // Another customer is not affected.
    let id = new_id();
    suzuki.say(&message(id, None, id, "hello")).await;
    assert_eq!(
        timeout(Duration::from_secs(5), suzuki.ack(id)).await.expect("nobody waits for the deaf").1,
        1
    );
    drop(suzuki);
    timeout(Duration::from_secs(30), collector.app.chat.wait_for_disconnects())
        .await
        .expect("it was never let go");
    let mut read = 0;
    while let Some(tell) = deaf.next().await {
        read += u64::from(matches!(tell, ServerFrame::Event(_)));
    }
    assert!(read < 500, "it was never let go");
    let resume = vec![ResumePoint { conversation, log: Log::Public, seq: 400 }];
    let mut back = collector.enter(Hello { resume, ..hello("tanaka") }).await;
    for seq in 401..=501 {
        assert_eq!(back.line().await.seq, seq);
    }
}

/// C31, C32: nothing is compressed, and the time is the collector's.
#[tokio::test]
async fn c31_c32_nothing_is_compressed_and_the_time_is_ours() {
    let collector = collector().await;
    let mut request =
        format!("ws://{}/v1/chat?site=pk_one", collector.address).into_client_request().unwrap();
    request.headers_mut().insert("origin", APP.parse().unwrap());
    request.headers_mut().insert("sec-websocket-extensions", "permessage-deflate".parse().unwrap());
    let (socket, answer) = connect_async(request).await.unwrap();
    assert!(answer.headers().get("sec-websocket-extensions").is_none());
    let mut client = Client(socket);
    client.say(&ClientFrame::Hello(hello("tanaka"))).await;
    // An id from a clock that is three days ahead.
    let id = EventId::new((collector.app.clock.now() + 3 * 86_400_000).unsigned_abs(), [1; 10]);
    client.say(&message(id, None, id, "hello")).await;
    let line = client.line().await;
    assert!((collector.app.clock.now() - line.at).abs() < 60_000);
}

#[tokio::test]
async fn an_agent_gets_each_entry_once_in_whatever_order_it_is_hinted_at() {
    let collector = collector().await;
    let mut client = collector.enter(hello("tanaka")).await;
    let key = new_id();
    let mut conversation = None;
    for text in ["one", "two", "three", "four"] {
        let id = new_id();
        client.say(&message(id, conversation, key, text)).await;
        conversation = Some(client.ack(id).await.0);
    }
    let conversation = conversation.unwrap();
    let (_, visitor) = {
        let site = collector.app.store.site_by_public_key(&"pk_one".into()).await.unwrap().unwrap().id;
        collector.app.store.conversation(&Party::Agent(site), conversation).await.unwrap().unwrap()
    };
    let agent = Author { side: Side::Agent, id: "sato@example.com".into(), name: String::new() };
    let mut subscription = Subscription::of_agent(&collector.app, visitor.site, agent);
    let hub = &collector.app.chat.hub;
    let mut taken = async |hints: &[u64]| {
        hints.iter().for_each(|seq| hub.notify(&visitor, conversation, Log::Public, *seq));
        let told = subscription.take().await.unwrap();
        told.iter()
            .map(|tell| if let ServerFrame::Event(line) = tell { line.seq } else { 0 })
            .collect::<Vec<_>>()
    };
    assert_eq!(taken(&[4]).await, [4], "what was there before is asked for, not sent");
    assert_eq!(taken(&[3]).await, [3], "written at the same time, hinted at later");
    assert_eq!(taken(&[3, 4, 4]).await, [0; 0], "it was sent");
    let id = new_id();
    client.say(&message(id, Some(conversation), key, "five")).await;
    client.ack(id).await;
    assert_eq!(taken(&[2]).await, [2, 5]);
}

#[tokio::test]
async fn a_text_that_shows_nothing_is_refused_wherever_it_is_written() {
    let collector = collector().await;
    let mut client = collector.enter(hello("tanaka")).await;
    let first = new_id();
    for blank in ["\0", "\u{1}\u{7f}\n", "\u{200b}\u{202e}", "\u{3164}"] {
        let id = new_id();
        client.say(&message(id, None, first, blank)).await;
        assert_eq!(client.nack(id).await, NackReason::Empty, "{blank:?}");
    }
    client.say(&message(first, None, first, "one\0two")).await;
    let (conversation, ..) = client.ack(first).await;
    let LogEntryBody::Message(kept) = client.line().await.body else { panic!("no message") };
    assert_eq!(kept.text, "one\u{fffd}two", "no store has a NUL to keep");
    let note = Message { text: "\u{7}".into(), ..Message::default() };
    let quick =
        Message { text: "Which?".into(), quick_replies: vec!["\u{200d}".into()], ..Message::default() };
    for body in [
        LogEntryBody::Note(note),
        LogEntryBody::Message(quick),
        LogEntryBody::Labelled { labels: vec!["\u{2}".into()] },
    ] {
        let answer = collector.agent(conversation, &AgentAction { id: new_id(), body }).await;
        assert!(matches!(answer, ServerFrame::Nack { reason: NackReason::Empty, .. }), "{answer:?}");
    }
    // A score counts without its comment.
    let rated = new_id();
    client.say(&ClientFrame::Csat { id: rated, conversation, score: 4, comment: "\u{3}".into() }).await;
    client.ack(rated).await;
    let kept = client.line().await.body;
    assert_eq!(kept, LogEntryBody::Rated { score: 4, comment: String::new() });
    for (name, status) in [("佐藤", 204), ("\u{200b}", 400), ("a\0b", 400)] {
        let url = format!("http://{}/api/profile", collector.address);
        let request =
            collector.http.put(url).header("cookie", format!("tabiji={}", collector.sign_in().await));
        let answer = request.json(&serde_json::json!({ "name": name })).send().await.unwrap();
        assert_eq!(answer.status(), status, "{name:?}");
    }
    for (name, status) in [("Acme", 200), ("", 200), ("\u{1}", 400)] {
        let url = format!("http://{}/v1/accounts/acct", collector.address);
        let request =
            collector.http.put(url).bearer_auth("sk_one").json(&serde_json::json!({ "name": name }));
        assert_eq!(request.send().await.unwrap().status(), status, "{name:?}");
    }
}
