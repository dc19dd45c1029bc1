//! What the desk promises: hours, calls, and a question that nobody forgets.

use std::sync::Arc;

use protocol::chat::{
    Author, ClientFrame, Envelope, Log, LogEntryBody, Message, NackReason, RequestCallback, ResumePoint,
    SendMessage, ServerFrame, Side, SupportHours, VisitorContext,
};
use protocol::files::{CallbackPolicy, Holidays, SupportFile, SupportTeam};
use protocol::ids::{ConversationId, EventId};
use tabiji_server::chat::assignment::{LEASE, assign_waiting};
use tabiji_server::chat::retention::delete_expired;

use crate::collector::{
    APP, Client, Collector, ManualClock, collector_at, hello, message, new_id, says, tokyo,
};

fn desk() -> SupportFile {
    SupportFile {
        zone: "Asia/Tokyo".into(),
        holidays: Holidays::Named("japan".into()),
        weekdays: vec!["10:00-12:00".into(), "13:00-18:00".into()],
        goal: Some(10),
        callback: Some(CallbackPolicy { hours: 24, every_day: false }),
        ..SupportFile::default()
    }
}

/// A collector whose site one has published its desk.
async fn staffed(at: &str, desk: &SupportFile) -> (Collector, Arc<ManualClock>) {
    let clock = ManualClock::at(at);
    let collector = collector_at(clock.clone()).await;
    assert_eq!(publish(&collector, desk).await, 200);
    (collector, clock)
}

async fn publish(collector: &Collector, desk: &SupportFile) -> u16 {
    let request = collector.http.put(format!("http://{}/v1/desk", collector.address)).bearer_auth("sk_one");
    request.json(desk).send().await.unwrap().status().as_u16()
}

/// The support hours that the welcome carries now.
async fn hours(collector: &Collector) -> Option<SupportHours> {
    let mut client = collector.socket("pk_one", Some(APP)).await.expect("a socket");
    client.say(&ClientFrame::Hello(hello("tanaka"))).await;
    client
        .until(|tell| if let ServerFrame::Welcome(welcome) = tell { Some(welcome.hours) } else { None })
        .await
}

async fn ask(client: &mut Client, text: &str) -> ConversationId {
    let id = new_id();
    client.say(&message(id, None, id, text)).await;
    client.ack(id).await.0
}

fn kinds(lines: &[protocol::chat::LogEntry]) -> Vec<&LogEntryBody> {
    lines.iter().map(|line| &line.body).collect()
}

fn agent(id: &str) -> Author {
    Author { side: Side::Agent, id: id.into(), name: id.into() }
}

#[tokio::test]
async fn c33_who_comes_in_is_told_when_somebody_answers() {
    let (collector, clock) = staffed("2026-11-20T11:00", &desk()).await;
    let open = hours(&collector).await.unwrap();
    assert_eq!(
        (open.open_until, open.opens_at),
        (Some(tokyo("2026-11-20T12:00")), Some(tokyo("2026-11-20T13:00")))
    );
    clock.set("2026-11-20T18:30");
    let away = hours(&collector).await.unwrap();
    assert_eq!(
        (away.open_until, away.opens_at),
        (None, Some(tokyo("2026-11-24T10:00"))),
        "Monday is a holiday"
    );
    assert_eq!(away.response_minutes, None, "nothing is promised for the night");
    assert_eq!(away.callback_windows[0], [tokyo("2026-11-24T10:00"), tokyo("2026-11-24T12:00")]);
    // A closure is published: it counts at once. What cannot be read changes nothing.
    let closed = SupportFile { closed: vec!["2026-11-24".into()], ..desk() };
    assert_eq!(publish(&collector, &closed).await, 200);
    assert_eq!(publish(&collector, &SupportFile { closed: vec!["tomorrow".into()], ..desk() }).await, 422);
    assert_eq!(hours(&collector).await.unwrap().opens_at, Some(tokyo("2026-11-25T10:00")));
    assert_eq!(hours(&collector).await.unwrap().callback_due, Some(tokyo("2026-11-25T18:00")));
}

#[tokio::test]
async fn the_promise_is_what_was_measured() {
    let (collector, clock) = staffed("2026-11-24T10:00", &desk()).await;
    assert_eq!(hours(&collector).await.unwrap().response_minutes, None, "nothing was measured");
    for n in 0..5 {
        clock.set(&format!("2026-11-24T10:{}0", n));
        let mut client = collector.enter(hello(&format!("user-{n}"))).await;
        let c = ask(&mut client, "hello").await;
        clock.set(&format!("2026-11-24T10:{}6", n));
        collector.agent(c, &says("hi")).await;
    }
    clock.set("2026-11-24T11:30");
    assert_eq!(hours(&collector).await.unwrap().response_minutes, Some(10), "six minutes each, rounded up");
}

/// C39: the goal is ten minutes of business.
#[tokio::test]
async fn c39_a_question_that_nobody_takes_up_is_told_of_once() {
    let (collector, clock) = staffed("2026-11-20T17:55", &desk()).await;
    let mut client = collector.enter(hello("tanaka")).await;
    let conversation = ask(&mut client, "保存できません").await;
    let look = async || assign_waiting(&collector.app, 0).await.unwrap();
    clock.set("2026-11-24T10:04");
    look().await;
    assert_eq!(
        collector.thread(conversation).await.entries.len(),
        1,
        "the weekend and the holiday do not count"
    );
    clock.set("2026-11-24T10:06");
    look().await;
    look().await;
    let lines = collector.thread(conversation).await.entries;
    assert_eq!(kinds(&lines)[1..], [&LogEntryBody::Escalated]);
    assert_eq!(
        client
            .until(|tell| match tell {
                ServerFrame::Event(line) if line.seq == 2 => Some((line.body, line.author.side)),
                _ => None,
            })
            .await,
        (LogEntryBody::Escalated, Side::System),
        "the customer is told"
    );
    let thread = collector.thread(conversation).await.conversation.state;
    assert!(thread.escalated && thread.first_response.is_none(), "it is no answer");
    // An answer ends it; the next wait is another one.
    collector.agent(conversation, &says("お待たせしました")).await;
    let again = collector.thread(conversation).await;
    assert!(!again.conversation.state.escalated);
    assert_eq!(again.first_response, Some((5 + 6) * 60_000), "only hours of business count");
    clock.set("2026-11-24T10:20");
    let id = new_id();
    client.say(&message(id, Some(conversation), id, "まだです")).await;
    client.ack(id).await;
    clock.set("2026-11-24T10:31");
    // Who answered is not there any more, so first it is nobody's again.
    look().await;
    look().await;
    let escalated = kinds(&collector.thread(conversation).await.entries)
        .into_iter()
        .filter(|said| **said == LogEntryBody::Escalated)
        .count();
    assert_eq!(escalated, 2);
}

/// C39: eight watches at once, and a collector that begins again.
#[tokio::test]
async fn c39_an_escalation_is_sent_once_and_a_call_is_offered() {
    let (mut collector, clock) = staffed("2026-11-24T10:00", &desk()).await;
    let mut client = collector.enter(hello("tanaka")).await;
    let waiting = ask(&mut client, "保存できません").await;
    // What an agent takes up in time is not escalated.
    let site = collector.app.store.site_by_public_key(&"pk_one".into()).await.unwrap().unwrap().id;
    let there = collector.app.chat.hub.subscribe_agent(site, agent("sato@example.com"));
    let taken = ask(&mut collector.enter(hello("suzuki")).await, "招待できません").await;
    let claim = protocol::console::AgentAction { id: new_id(), body: LogEntryBody::Claimed };
    collector.agent(taken, &claim).await;
    clock.set("2026-11-24T10:11");
    let looks = (0..8).map(|_| assign_waiting(&collector.app, tokyo("2026-11-24T10:00")));
    for looked in futures_util::future::join_all(looks).await {
        looked.unwrap();
    }
    collector.crash().await;
    drop(there);
    let there = collector.app.chat.hub.subscribe_agent(site, agent("sato@example.com"));
    assign_waiting(&collector.app, tokyo("2026-11-24T10:11")).await.unwrap();
    let escalations = async |conversation| {
        let entries = collector.thread(conversation).await.entries;
        entries.iter().filter(|entry| entry.body == LogEntryBody::Escalated).count()
    };
    assert_eq!((escalations(waiting).await, escalations(taken).await), (1, 0));
    drop(there);
    // The customer, who comes back to it, is promised no time that was not measured, and is offered a call.
    let mut back = collector.enter(hello("tanaka")).await;
    back.until(|tell| {
        matches!(tell, ServerFrame::Event(line) if line.body == LogEntryBody::Escalated).then_some(())
    })
    .await;
    let open = hours(&collector).await.unwrap();
    assert_eq!((open.response_minutes, open.callback_due), (None, Some(tokyo("2026-11-25T10:11"))));
    let id = new_id();
    back.say(&call(id, "+81 3-1234-5678", vec![open.callback_windows[0]])).await;
    assert!(!back.ack(id).await.2);
}

fn call(id: EventId, phone: &str, windows: Vec<[i64; 2]>) -> ClientFrame {
    ClientFrame::Callback(RequestCallback {
        envelope: Envelope { id, conversation_key: Some(id), ..Envelope::default() },
        phone: phone.into(),
        windows,
    })
}

#[tokio::test]
async fn c33_c39_a_call_is_asked_for_in_the_thread_and_promised_by_the_hours() {
    let (collector, clock) = staffed("2026-11-20T15:00", &desk()).await;
    let mut client = collector.enter(hello("tanaka")).await;
    for wrong in ["", "call me", "090-1234-5678;ext", "12345", &"1".repeat(16)] {
        let id = new_id();
        client.say(&call(id, wrong, Vec::new())).await;
        assert_eq!(client.nack(id).await, NackReason::BadCall, "{wrong}");
    }
    let id = new_id();
    let when = vec![[tokyo("2026-11-24T10:00"), tokyo("2026-11-24T12:00")]];
    client.say(&call(id, "+81 3-1234-5678", when.clone())).await;
    let (c, seq, dup) = client.ack(id).await;
    assert_eq!((seq, dup), (1, false));
    clock.set("2026-11-20T15:01");
    client.say(&call(id, "+81 3-1234-5678", when)).await;
    assert_eq!(client.ack(id).await, (c, 1, true), "sent again it is the same");
    // The hours change; what was promised stays.
    publish(&collector, &SupportFile { callback: None, ..desk() }).await;
    let asked = collector.thread(c).await.conversation;
    assert_eq!(asked.callback_due, Some(tokyo("2026-11-24T12:00")), "W10: the time that was chosen");
    assert_eq!(asked.state.callback.unwrap().1.phone, "+81 3-1234-5678");
    clock.set("2026-11-24T10:30");
    collector.agent(c, &protocol::console::AgentAction { id: new_id(), body: LogEntryBody::Called }).await;
    let called = collector.thread(c).await;
    assert_eq!((called.conversation.callback_due, called.conversation.state.waiting_since), (None, None));
    assert_eq!(called.first_response, Some((3 * 60 + 30) * 60_000), "a call is an answer");
    let id = new_id();
    client.say(&call(id, "+81 3-1234-5678", Vec::new())).await;
    assert_eq!(client.nack(id).await, NackReason::BadCall, "nobody calls any more");
}

#[tokio::test]
async fn what_an_agent_who_has_gone_had_goes_back_to_the_queue() {
    let (collector, clock) = staffed("2026-11-24T10:00", &desk()).await;
    let began = tokyo("2026-11-24T10:00");
    let look = async || assign_waiting(&collector.app, began).await.unwrap();
    let site = collector.app.store.site_by_public_key(&"pk_one".into()).await.unwrap().unwrap().id;
    let there = collector.app.chat.hub.subscribe_agent(site, agent("sato@example.com"));
    let mut client = collector.enter(hello("tanaka")).await;
    let c = ask(&mut client, "保存できません").await;
    collector.agent(c, &protocol::console::AgentAction { id: new_id(), body: LogEntryBody::Claimed }).await;
    clock.set("2026-11-24T10:05");
    look().await;
    drop(there);
    clock.set("2026-11-24T10:06");
    look().await;
    assert_eq!(collector.thread(c).await.entries.len(), 2, "somebody who reloads the page has it still");
    clock.set("2026-11-24T10:08");
    const { assert!(LEASE < 3 * 60_000) };
    look().await;
    look().await;
    assert_eq!(
        kinds(&collector.thread(c).await.entries)[1..],
        [&LogEntryBody::Claimed, &LogEntryBody::Released]
    );
    assert_eq!(collector.thread(c).await.conversation.state.agent, None);
    // The same agent takes it again and goes away again.
    collector.agent(c, &protocol::console::AgentAction { id: new_id(), body: LogEntryBody::Claimed }).await;
    clock.set("2026-11-24T10:15");
    look().await;
    assert_eq!(
        kinds(&collector.thread(c).await.entries)[3..],
        [&LogEntryBody::Claimed, &LogEntryBody::Released]
    );
    // What was put off knowingly is nobody's fault.
    let until = tokyo("2026-11-24T14:00");
    collector
        .agent(c, &protocol::console::AgentAction { id: new_id(), body: LogEntryBody::Snoozed { until } })
        .await;
    clock.set("2026-11-24T13:30");
    look().await;
    assert_eq!(collector.thread(c).await.conversation.last_entries[0], 5, "not told of until then");
    clock.set("2026-11-24T14:01");
    look().await;
    assert_eq!(kinds(&collector.thread(c).await.entries).last(), Some(&&LogEntryBody::Escalated));
}

/// A question at a team's step has the team's hours, its goal, and goes to the team.
#[tokio::test]
async fn a_teams_questions_are_the_teams() {
    let team = SupportTeam {
        id: "import".into(),
        steps: vec!["deals".into()],
        agents: vec!["mori@example.com".into()],
        weekdays: Some(vec!["14:00-16:00".into()]),
        goal: Some(30),
        ..SupportTeam::default()
    };
    let file = SupportFile { assign: true, teams: vec![team], ..desk() };
    let (collector, clock) = staffed("2026-11-24T10:00", &file).await;
    let mut client = collector.socket("pk_one", Some(APP)).await.expect("a socket");
    client.say(&ClientFrame::Hello(hello("tanaka"))).await;
    let welcome = client
        .until(|tell| if let ServerFrame::Welcome(welcome) = tell { Some(welcome) } else { None })
        .await;
    assert_eq!(welcome.hours.unwrap().open_until, Some(tokyo("2026-11-24T12:00")));
    let [of_team] = &welcome.teams[..] else { panic!("one team") };
    assert_eq!(of_team.steps, ["deals".into()]);
    assert_eq!((of_team.hours.open_until, of_team.hours.opens_at), (None, Some(tokyo("2026-11-24T14:00"))));
    let site = collector.app.store.site_by_public_key(&"pk_one".into()).await.unwrap().unwrap().id;
    let _there = collector.app.chat.hub.subscribe_agent(site, agent("sato@example.com"));
    let context = VisitorContext { step: Some("deals".into()), ..VisitorContext::default() };
    let id = new_id();
    let body = Message { text: "hello".into(), ..Message::default() };
    client
        .say(&ClientFrame::Send(SendMessage {
            envelope: Envelope { id, conversation: None, conversation_key: Some(id), context: Some(context) },
            body,
        }))
        .await;
    let (c, ..) = client.ack(id).await;
    assign_waiting(&collector.app, 0).await.unwrap();
    assert_eq!(collector.thread(c).await.conversation.state.agent, None, "nobody of the team is there");
    clock.set("2026-11-24T14:29");
    assign_waiting(&collector.app, 0).await.unwrap();
    assert!(!collector.thread(c).await.conversation.state.escalated, "their day began at two");
    clock.set("2026-11-24T14:31");
    assign_waiting(&collector.app, 0).await.unwrap();
    assert!(collector.thread(c).await.conversation.state.escalated);
    let _mori = collector.app.chat.hub.subscribe_agent(site, agent("mori@example.com"));
    assign_waiting(&collector.app, 0).await.unwrap();
    let thread = collector.thread(c).await.conversation.state;
    assert_eq!(thread.agent.map(|agent| agent.id), Some("mori@example.com".into()));
}

#[tokio::test]
async fn c6_a_conversation_is_handed_to_agents_only() {
    let (collector, _) = staffed("2026-11-24T10:00", &desk()).await;
    let mut client = collector.enter(hello("tanaka")).await;
    let c = ask(&mut client, "hello").await;
    let url = format!("http://{}/api/inbox/{}?site=pk_one", collector.address, c.0);
    let says = protocol::console::AgentAction {
        id: new_id(),
        body: LogEntryBody::Assigned { agent: agent("nobody@example.com") },
    };
    let request = collector.http.post(url).header("cookie", format!("tabiji={}", collector.sign_in().await));
    assert_eq!(request.json(&says).send().await.unwrap().status(), 404);
    assert_eq!(collector.thread(c).await.conversation.state.agent, None);
}

#[tokio::test]
async fn where_a_site_wants_it_a_question_goes_to_whoever_has_the_fewest() {
    let (collector, _) = staffed("2026-11-24T10:00", &SupportFile { assign: true, ..desk() }).await;
    let site = collector.app.store.site_by_public_key(&"pk_one".into()).await.unwrap().unwrap().id;
    let hub = &collector.app.chat.hub;
    let _there = [
        hub.subscribe_agent(site, agent("sato@example.com")),
        hub.subscribe_agent(site, agent("mori@example.com")),
    ];
    let mut given = Vec::new();
    for n in 0..4 {
        let mut client = collector.enter(hello(&format!("user-{n}"))).await;
        let c = ask(&mut client, "hello").await;
        assign_waiting(&collector.app, 0).await.unwrap();
        let told = client
            .until(|tell| match tell {
                ServerFrame::Event(line) => {
                    if let LogEntryBody::Assigned { agent } = line.body {
                        Some(agent)
                    } else {
                        None
                    }
                }
                _ => None,
            })
            .await;
        assert_eq!(told.id, "", "customers are told names only");
        given.push(collector.thread(c).await.conversation.state.agent.unwrap().id);
    }
    given.sort();
    assert_eq!(given, ["mori@example.com", "mori@example.com", "sato@example.com", "sato@example.com"]);
}

#[tokio::test]
async fn c5_labels_and_whom_it_waits_for_are_nothing_for_customers() {
    let (collector, _) = staffed("2026-11-24T10:00", &desk()).await;
    let mut client = collector.enter(hello("tanaka")).await;
    let conversation = ask(&mut client, "hello").await;
    for body in [
        LogEntryBody::Labelled { labels: vec!["請求".into()] },
        LogEntryBody::WaitingOn { on: Some(protocol::chat::WaitingOn::Us) },
    ] {
        collector.agent(conversation, &protocol::console::AgentAction { id: new_id(), body }).await;
    }
    let thread = collector.thread(conversation).await.conversation.state;
    assert_eq!((thread.labels.len(), thread.waiting_on), (1, Some(protocol::chat::WaitingOn::Us)));
    let id = new_id();
    client.say(&message(id, Some(conversation), id, "next")).await;
    assert_eq!(client.ack(id).await.1, 2, "no hole in what the customer counts");
    let many = LogEntryBody::Labelled { labels: vec!["x".into(); 9] };
    let answer =
        collector.agent(conversation, &protocol::console::AgentAction { id: new_id(), body: many }).await;
    assert!(matches!(answer, ServerFrame::Nack { reason: NackReason::TooLarge, .. }), "{answer:?}");
}

/// C37: more than one batch of them, and nothing of them is left.
#[tokio::test]
async fn c21_c37_what_a_site_no_longer_keeps_is_gone() {
    let (collector, clock) =
        staffed("2026-01-05T10:00", &SupportFile { keep_days: Some(90), ..desk() }).await;
    let mut old = Vec::new();
    for n in 0..25 {
        let mut client = collector.enter(hello(&format!("user-{n}"))).await;
        old.push(ask(&mut client, "old words").await);
    }
    let mut client = collector.enter(hello("user-0")).await;
    clock.set("2026-03-01T10:00");
    let id = new_id();
    client.say(&message(id, Some(old[0]), id, "still here")).await;
    client.ack(id).await;
    clock.set("2026-04-04T10:00");
    delete_expired(&collector.app).await.unwrap();
    assert_eq!(collector.all().await.len(), 25, "nothing is old enough");
    clock.set("2026-04-06T10:00");
    delete_expired(&collector.app).await.unwrap();
    let left = collector.all().await;
    assert_eq!(left.iter().map(|one| one.id).collect::<Vec<_>>(), [old[0]], "something was said there since");
    assert_eq!(collector.thread(old[0]).await.entries.len(), 2, "and all of that is there");
    let site = collector.app.store.site_by_public_key(&"pk_one".into()).await.unwrap().unwrap().id;
    assert_eq!(collector.app.store.search_conversations(site, "old words", 100).await.unwrap()[0].0, old[0]);
    // C21: a client that was away longer than that receives a gap, whose head says that nothing is there.
    let mut away = hello("user-2");
    away.resume = vec![ResumePoint { conversation: old[2], log: Log::Public, seq: 1 }];
    let mut away = collector.enter(away).await;
    let gap = away.until(|tell| matches!(tell, ServerFrame::Gap { .. }).then_some(tell)).await;
    assert_eq!(gap, ServerFrame::Gap { conversation: old[2], log: Log::Public, floor: 1, head: 0 });
    // A visitor whose conversation was deleted begins another one.
    let mut back = collector.enter(hello("user-1")).await;
    let id = new_id();
    back.say(&message(id, Some(old[1]), id, "hello again")).await;
    assert_eq!(back.nack(id).await, NackReason::NotFound);
    assert_ne!(ask(&mut back, "hello again").await, old[1]);
}
