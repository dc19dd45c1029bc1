//! Disks that are full, read-only or broken under the real binary: what was acknowledged is there, and nothing else
//! was. What the disk does is in `tests/disk`.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use futures_util::future::try_join_all;
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};
use tabiji_tests::{FaultyDisk, Socket, Stack, Tally, fresh_id, made_at, now};

/// How long something may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);
/// Longer than any memory of a refused write that a health check could have.
const LONG: Duration = Duration::from_secs(33);

/// A collector with a site, on a disk that does as it should for now.
async fn on_a_disk() -> Result<(Stack, FaultyDisk, u16)> {
    let (mut stack, ports) = Stack::start(1).await?;
    stack.stop_collector()?;
    let disk = FaultyDisk::under(stack.data())?;
    stack.start_collector_on(&disk).await?;
    Ok((stack, disk, ports[0]))
}

/// A request of the widget or of the host's backend.
async fn post(stack: &Stack, path: &str, body: &Value) -> Result<Response> {
    let request = stack.client.post(format!("{}{path}", stack.url())).json(body);
    Ok(request.bearer_auth(stack.key("secret_key")).send().await?)
}

/// The body of a batch with one event, of a person with a token: what guests may send has limits of its own.
fn batch(stack: &Stack, id: &str) -> Value {
    let event = json!({ "id": id, "at": made_at(id), "session": id, "n": 1, "kind": "custom", "data": { "name": "x" } });
    let token = stack.token("u", "acct-1").ok();
    json!({ "site": stack.key("public_key"), "token": token, "sent_at": now(), "events": [event] })
}

/// The body of a chat message that goes the slower way.
fn message(stack: &Stack, user: &str, mid: &str) -> Value {
    let token = stack.token(user, "acct-1").ok();
    let hello = json!({ "v": 1, "site": stack.key("public_key"), "tok": token });
    let frame = json!({ "t": "send", "mid": mid, "ck": mid, "body": { "text": "hello" } });
    json!({ "hello": hello, "frames": [frame] })
}

fn facts(id: &str) -> Value {
    json!({ "facts": [{ "id": id, "account": "acct-1", "name": "users", "value": 5 }] })
}

/// Checks that an answer says: nothing now, come again.
async fn is_put_off(what: &str, answer: Response) -> Result<()> {
    let (status, again) = (answer.status(), answer.headers().get("retry-after").cloned());
    let said = answer.text().await?;
    ensure!(
        status == StatusCode::SERVICE_UNAVAILABLE && again.is_some(),
        "{what}: {status} {again:?} {said}"
    );
    Ok(())
}

/// Whether an event is acknowledged, or its message.
async fn is_acknowledged(stack: &Stack, path: &str, body: &Value) -> bool {
    let Ok(answer) = post(stack, path, body).await else { return false };
    let Ok(said) = answer.json::<Value>().await else { return false };
    said[0]["t"] == "ack" || matches!(said["results"][0]["outcome"].as_str(), Some("stored" | "duplicate"))
}

/// Waits for a status of `/health/ready`.
async fn becomes(stack: &Stack, status: u16) -> Result<()> {
    let begun = Instant::now();
    while stack.ready().await? != status {
        ensure!(begun.elapsed() < PATIENCE, "ready is not {status}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Ok(())
}

/// A file that begins its way to the collector: its address, and its content.
async fn upload(stack: &Stack) -> Result<(String, &'static str)> {
    let (text, who) = ("a text to send", json!({ "user": "u" }));
    let hello = json!({ "v": 1, "site": stack.key("public_key"), "who": who });
    let file = json!({ "hello": hello, "id": fresh_id(), "name": "note.txt", "size": text.len() });
    let place: Value = post(stack, "/v1/chat/files", &file).await?.json().await?;
    Ok((format!("{}/{}&at=0", stack.url(), place["to"].as_str().context("no address")?), text))
}

async fn nacked(socket: &mut Socket) -> Result<Value> {
    let mid = fresh_id();
    socket.say(&json!({ "t": "send", "mid": mid, "ck": mid, "body": { "text": "hello" } })).await?;
    socket.until("nack").await
}

/// T29, and S27 for a full disk.
#[tokio::test]
async fn t29_a_full_disk_puts_everybody_off_until_there_is_room_and_reads_go_on() -> Result<()> {
    let (stack, disk, _) = on_a_disk().await?;
    let (first, second) = (fresh_id(), fresh_id());
    ensure!(is_acknowledged(&stack, "/v1/events", &batch(&stack, &first)).await);
    let cookie = stack.agent().await?;
    disk.fail("full")?;
    is_put_off("events", post(&stack, "/v1/events", &batch(&stack, &second)).await?).await?;
    becomes(&stack, 503).await?;
    let begun = Instant::now();
    while begun.elapsed() < LONG {
        assert_eq!(stack.ready().await?, 503, "after {:?}", begun.elapsed());
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    is_put_off("events", post(&stack, "/v1/events", &batch(&stack, &second)).await?).await?;
    // Reads: a session with a name that is not written yet, the console, the export.
    let token = stack.token("tanaka", "acct-1")?;
    let session = json!({ "site": stack.key("public_key"), "token": token, "locale": "ja" });
    let session = post(&stack, "/v1/session", &session).await?;
    assert_eq!(session.status(), 200, "{}", session.text().await?);
    for path in ["/api/session", "/api/inbox", "/api/clips"] {
        let url = format!("{}{path}?site={}&flow=setup", stack.url(), stack.key("public_key"));
        let answer = stack.client.get(url).header("cookie", &cookie).send().await?;
        assert_eq!(answer.status(), 200, "{path}: {}", answer.text().await?);
    }
    let stored =
        |rows: Vec<Value>| rows.iter().filter_map(|row| row["id"].as_str().map(str::to_owned)).collect();
    let rows: Vec<String> = stored(stack.export()?);
    assert!(rows.contains(&first) && !rows.contains(&second), "{rows:?}");
    disk.mend()?;
    // A write that shared a transaction with one that began before is put off once more.
    becomes(&stack, 200).await?;
    // The same process takes the same ids.
    ensure!(is_acknowledged(&stack, "/v1/events", &batch(&stack, &second)).await);
    let rows: Vec<String> = stored(stack.export()?);
    assert!(rows.contains(&second), "{rows:?}");
    Ok(())
}

/// S15: exports go on although they cannot be noted, and the first that can be is.
#[tokio::test]
async fn s15_an_export_that_could_not_be_noted_leaves_the_hour_to_the_next_one() -> Result<()> {
    let (stack, disk, _) = on_a_disk().await?;
    let cookie = stack.agent().await?;
    let export = async || -> Result<StatusCode> {
        let request = stack.client.get(format!("{}/v1/export/events", stack.url()));
        Ok(request.bearer_auth(stack.key("secret_key")).send().await?.status())
    };
    disk.fail("full tabiji.db-wal")?;
    assert_eq!(export().await?, 200);
    let warned = stack.tabiji_on(&disk, &["export", "events"])?;
    assert!(warned.contains("the security log was not written"), "{warned}");
    disk.mend()?;
    becomes(&stack, 200).await?;
    assert_eq!([export().await?, export().await?], [200, 200]);
    let log = stack.client.get(format!("{}/api/security/log", stack.url())).header("cookie", cookie);
    let log: Vec<Value> = log.send().await?.error_for_status()?.json().await?;
    let exports = log.iter().filter(|entry| entry["kind"] == "exported");
    assert_eq!(exports.map(|entry| &entry["by"]).collect::<Vec<_>>(), ["backend"], "{log:#?}");
    Ok(())
}

#[tokio::test]
async fn s27_a_disk_that_takes_nothing_is_answered_503_or_busy_and_both_sides_go_on_after_it() -> Result<()> {
    let (stack, disk, port) = on_a_disk().await?;
    ensure!(is_acknowledged(&stack, "/v1/chat/send", &message(&stack, "first", &fresh_id())).await);
    let cookie = stack.agent().await?;
    let mut socket = stack.enter(&format!("http://127.0.0.1:{port}"), 1).await?;
    for fault in ["full", "read-only"] {
        let (to, text) = upload(&stack).await?;
        disk.fail(fault)?;
        is_put_off(fault, post(&stack, "/v1/events", &batch(&stack, &fresh_id())).await?).await?;
        is_put_off(fault, post(&stack, "/v1/facts", &facts(&fresh_id())).await?).await?;
        let account = stack.client.put(format!("{}/v1/accounts/acct-1", stack.url()));
        let account = account.bearer_auth(stack.key("secret_key")).json(&json!({ "name": "Acme" }));
        is_put_off(fault, account.send().await?).await?;
        is_put_off(fault, stack.client.post(&to).body(text).send().await?).await?;
        // The customer's two ways, and the agent's.
        let slower = post(&stack, "/v1/chat/send", &message(&stack, "second", &fresh_id())).await?;
        let slower: Value = slower.json().await?;
        for said in [nacked(&mut socket).await?, slower[0].clone(), stack.answer(&cookie, "yes").await?] {
            assert_eq!((&said["t"], &said["code"]), (&json!("nack"), &json!("busy")), "{fault}: {said}");
            assert!(said["retry_after"].as_u64().is_some(), "{said}");
        }
        becomes(&stack, 503).await?;
        disk.mend()?;
        becomes(&stack, 200).await?;
        socket.write("hello again").await?;
        assert_eq!(stack.answer(&cookie, "yes").await?["t"], "ack");
        let sent = stack.client.post(&to).body(text).send().await?;
        assert_eq!(sent.status(), 200, "{}", sent.text().await?);
    }
    Ok(())
}

/// T30, and S27 for a sync that fails: of the log at a commit, of the database when the log is copied, of a file.
#[tokio::test]
async fn t30_after_a_failed_sync_nothing_is_acknowledged_and_the_process_ends() -> Result<()> {
    for ending in ["tabiji.db-wal", "tabiji.db", ".new"] {
        let (mut stack, disk, _) = on_a_disk().await?;
        let (to, text) = upload(&stack).await?;
        disk.fail(&format!("unsynced {ending}"))?;
        let begun = Instant::now();
        let mut acknowledged = 0;
        match ending {
            ".new" => is_put_off("a file", stack.client.post(&to).body(text).send().await?).await?,
            "tabiji.db-wal" => {
                let event = batch(&stack, &fresh_id());
                ensure!(!is_acknowledged(&stack, "/v1/events", &event).await, "it was not synced");
                ensure!(!is_acknowledged(&stack, "/v1/events", &event).await, "nor after that");
            }
            // Commits go on until the log is copied.
            _ => {
                while is_acknowledged(&stack, "/v1/events", &many(&stack)).await {
                    acknowledged += 1;
                    ensure!(begun.elapsed() < PATIENCE, "the log is never copied");
                }
            }
        }
        let status = stack.collector_ended().await?;
        assert!(status.code().is_some_and(|code| code > 0), "{ending}: {status}");
        disk.mend()?;
        stack.start_collector_on(&disk).await?;
        // What was acknowledged before is there, with or without power.
        stack.kill_collector();
        disk.lose_power()?;
        assert!(stack.export()?.len() >= acknowledged * 100, "{ending}");
    }
    Ok(())
}

/// A batch of a hundred events.
fn many(stack: &Stack) -> Value {
    let mut body = batch(stack, &fresh_id());
    body["events"] = (0..100).map(|_| batch(stack, &fresh_id())["events"][0].clone()).collect();
    body
}

/// What a process before could not sync is in memory alone. The next one finds it, and calls it stored.
#[tokio::test]
async fn t30_what_a_failed_sync_left_is_on_disk_before_it_is_called_stored() -> Result<()> {
    let (mut stack, disk, _) = on_a_disk().await?;
    let id = fresh_id();
    disk.fail("unsynced tabiji.db-wal")?;
    ensure!(!is_acknowledged(&stack, "/v1/events", &batch(&stack, &id)).await);
    stack.collector_ended().await?;
    disk.mend()?;
    stack.start_collector_on(&disk).await?;
    ensure!(is_acknowledged(&stack, "/v1/events", &batch(&stack, &id)).await, "the client sends it again");
    stack.kill_collector();
    disk.lose_power()?;
    stack.start_collector().await?;
    let rows = stack.export()?;
    assert!(rows.iter().any(|row| row["id"] == id.as_str()), "it was called stored: {rows:?}");
    Ok(())
}

/// Clients of a load, what each sends at most, and how much is acknowledged before the power fails.
const CLIENTS: usize = 6;
const MOST: usize = 400;
const ENOUGH: usize = 100;

/// Sends until the collector is gone; returns the bodies that were acknowledged.
async fn load(client: reqwest::Client, url: String, bodies: Vec<Value>, tally: Tally) -> Vec<Value> {
    let mut acknowledged = Vec::new();
    for body in bodies {
        let Ok(answer) = client.post(&url).json(&body).send().await else { break };
        let Ok(said) = answer.json::<Value>().await else { break };
        if said[0]["t"] == "ack" || said["results"][0]["outcome"] == "stored" {
            acknowledged.push(body);
            tally.add(1);
        }
    }
    acknowledged
}

/// Lets the power fail in the middle of a load; returns how many of the acknowledged bodies are there afterwards, and
/// how many were acknowledged.
async fn power_fails(
    stack: &mut Stack,
    disk: &FaultyDisk,
    path: &str,
    body: impl Fn(&Stack, usize) -> Value,
) -> Result<(usize, usize)> {
    let mut acknowledged = Vec::new();
    let tally = Tally::default();
    let clients: Vec<_> = (0..CLIENTS)
        .map(|client| {
            let bodies = (0..MOST).map(|_| body(stack, client)).collect();
            let url = format!("{}{path}", stack.url());
            tokio::spawn(load(stack.client.clone(), url, bodies, tally.clone()))
        })
        .collect();
    tally.reaches(ENOUGH).await?;
    stack.kill_collector();
    for client in clients {
        acknowledged.extend(client.await?);
    }
    ensure!(acknowledged.len() < CLIENTS * MOST, "the power did not fail in the middle");
    disk.lose_power()?;
    stack.start_collector_on(disk).await?;
    let mut there = 0;
    for body in &acknowledged {
        let said: Value = post(stack, path, body).await?.json().await?;
        there += usize::from(said[0]["dup"] == true || said["results"][0]["outcome"] == "duplicate");
    }
    Ok((there, acknowledged.len()))
}

fn event(stack: &Stack, _: usize) -> Value {
    batch(stack, &fresh_id())
}

/// A client of its own each time, so that nobody writes too fast.
fn one_message(stack: &Stack, _: usize) -> Value {
    message(stack, &format!("user-{}", fresh_id()), &fresh_id())
}

#[tokio::test]
async fn s28_events_that_were_acknowledged_are_there_after_the_power_failed() -> Result<()> {
    let (mut stack, disk, _) = on_a_disk().await?;
    for _ in 0..3 {
        let (there, acknowledged) = power_fails(&mut stack, &disk, "/v1/events", event).await?;
        assert_eq!(there, acknowledged);
    }
    let said = stack.tabiji(&["rebuild"])?;
    ensure!(said.trim_end().ends_with("as before"), "{said}");
    Ok(())
}

/// C18, and S28 for the chat.
#[tokio::test]
async fn c18_s28_messages_that_were_acknowledged_are_there_after_the_power_failed() -> Result<()> {
    let (mut stack, disk, _) = on_a_disk().await?;
    for _ in 0..3 {
        let (there, acknowledged) = power_fails(&mut stack, &disk, "/v1/chat/send", one_message).await?;
        assert_eq!(there, acknowledged);
    }
    Ok(())
}

/// The two tests before this one can fail: SQLite's `synchronous` below FULL does not sync the log at a commit, which
/// to a client is the same as a disk that calls every sync of the log good.
#[tokio::test]
async fn s28_without_a_sync_of_the_log_the_power_takes_what_was_acknowledged() -> Result<()> {
    let (mut stack, disk, _) = on_a_disk().await?;
    disk.fail("lying tabiji.db-wal")?;
    let (there, acknowledged) = power_fails(&mut stack, &disk, "/v1/events", event).await?;
    assert!(there < acknowledged, "{there} of {acknowledged}");
    Ok(())
}

/// Guests, and what each of them finds to read.
const GUESTS: usize = 50;
const ENTRIES: u64 = 20;

/// A guest's conversation with an answer that they have not read, and more of their own after it; returns its id.
async fn unread(stack: &Stack, cookie: &str, guest: usize) -> Result<String> {
    let key = fresh_id();
    let hello = json!({ "v": 1, "site": stack.key("public_key"), "who": { "user": format!("user-{guest}") } });
    let send = async |count: u64| -> Result<Value> {
        let frame = |_| json!({ "t": "send", "mid": fresh_id(), "ck": key, "body": { "text": "hello" } });
        let frames: Vec<Value> = (0..count).map(frame).collect();
        let said = post(stack, "/v1/chat/send", &json!({ "hello": hello, "frames": frames })).await?;
        let said: Value = said.json().await?;
        let all_taken = said.as_array().is_some_and(|all| all.iter().all(|one| one["t"] == "ack"));
        ensure!(all_taken, "{said}");
        Ok(said)
    };
    let c = send(1).await?[0]["c"].as_str().context("no conversation")?.to_owned();
    let answer = json!({ "mid": fresh_id(), "kind": "message", "body": { "text": "yes" } });
    let url = format!("{}/api/inbox/{c}?site={}", stack.url(), stack.key("public_key"));
    let answer = stack.client.post(url).header("cookie", cookie).json(&answer).send().await?;
    ensure!(answer.json::<Value>().await?["t"] == "ack");
    send(ENTRIES - 2).await?;
    Ok(c)
}

/// Reads entry by entry, twenty a second, and waits until the last one is noted as read.
async fn reads(socket: &mut Socket, c: &str) -> Result<()> {
    let mut pace = tokio::time::interval(Duration::from_millis(50));
    for seq in 2..=ENTRIES {
        pace.tick().await;
        socket.say(&json!({ "t": "read", "c": c, "seq": seq })).await?;
    }
    while socket.until("cursor").await?["read"] != ENTRIES {}
    Ok(())
}

/// Longer than what is written a second later takes to be written.
const QUIET: Duration = Duration::from_secs(2);

#[tokio::test]
async fn s5_fifty_guests_who_read_twenty_times_a_second_cost_ten_syncs_a_second() -> Result<()> {
    let (stack, disk, port) = on_a_disk().await?;
    let (stack, origin) = (&stack, &format!("http://127.0.0.1:{port}"));
    let cookie = &stack.agent().await?;
    let conversations = try_join_all((0..GUESTS).map(|guest| unread(stack, cookie, guest))).await?;
    let mut sockets = try_join_all((0..GUESTS).map(|guest| stack.enter(origin, guest))).await?;
    // What came before is written by now, and so is what guests used of their budget.
    tokio::time::sleep(QUIET).await;
    let (begun, before) = (Instant::now(), disk.syncs()?);
    tokio::time::sleep(QUIET).await;
    let idle = (disk.syncs()? - before) as f64 / begun.elapsed().as_secs_f64();
    assert!(idle <= 1.0, "{idle} syncs a second while nobody does anything");
    let (begun, before) = (Instant::now(), disk.syncs()?);
    try_join_all(sockets.iter_mut().zip(&conversations).map(|(socket, c)| reads(socket, c))).await?;
    let (syncs, seconds) = ((disk.syncs()? - before) as f64, begun.elapsed().as_secs_f64());
    // A time has one tenth of a second more in it than it has whole ones.
    assert!(syncs <= (10.0 + idle) * seconds + 1.0, "{syncs} syncs in {seconds} s, and {idle} a second before");
    assert!(syncs >= 5.0, "{syncs} syncs: nothing was read");
    Ok(())
}
