//! Faults against the real binary: what was acknowledged stays.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use serde_json::{Value, json};
use tabiji_tests::{Stack, Tally, fresh_id, now};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;

fn batch(stack: &Stack, first: u64) -> Value {
    let id = |n: u64| format!("{:08x}-0000-7000-8000-{:012x}", n >> 16, n);
    let event = |n: u64| json!({ "id": id(n), "at": now(), "session": id(1), "n": n, "kind": "custom", "data": { "name": "x" } });
    let events: Vec<Value> = (first..first + 20).map(event).collect();
    json!({ "site": stack.key("public_key"), "who": { "user": "u" }, "sent_at": now(), "events": events })
}

/// Sends until the collector is gone; gives the ids that were acknowledged.
async fn load(client: reqwest::Client, url: String, bodies: Vec<Value>, tally: Tally) -> Vec<String> {
    let mut acknowledged = Vec::new();
    for body in bodies {
        let Ok(answer) = client.post(&url).body(body.to_string()).send().await else { break };
        let Ok(reply) = answer.json::<Value>().await else { break };
        let results = reply["results"].as_array().cloned().unwrap_or_default();
        let stored = results.iter().filter(|r| r["outcome"] == "stored");
        let before = acknowledged.len();
        acknowledged.extend(stored.filter_map(|r| r["id"].as_str().map(str::to_owned)));
        tally.add(acknowledged.len() - before);
    }
    acknowledged
}

/// Sends events on four lines until the collector goes.
fn lines(stack: &Stack, round: u64, tally: &Tally) -> Vec<JoinHandle<Vec<String>>> {
    let url = format!("{}/v1/events", stack.url());
    let line = |line: u64| {
        let first = |n: u64| 100 + (round * 4 + line) * 100_000 + n * 20;
        let bodies = (0..400).map(|n| batch(stack, first(n))).collect();
        tokio::spawn(load(stack.client.clone(), url.clone(), bodies, tally.clone()))
    };
    (0..4).map(line).collect()
}

/// Checks that every event that was acknowledged is there, and none twice.
fn are_stored(stack: &Stack, acknowledged: &[String]) -> Result<()> {
    // Ids without a time are kept under others, and stand in the body as they came.
    let stored: Vec<String> =
        stack.export()?.iter().filter_map(|row| row["body"]["id"].as_str().map(str::to_owned)).collect();
    let unique: BTreeSet<&String> = stored.iter().collect();
    assert_eq!(unique.len(), stored.len(), "nothing is there twice");
    let lost: Vec<&String> = acknowledged.iter().filter(|id| !unique.contains(id)).collect();
    assert_eq!(lost, Vec::<&String>::new());
    Ok(())
}

/// T28; `TABIJI_ROUNDS` is how many kills there are.
#[tokio::test]
async fn t28_kill_9_in_mid_load_loses_nothing_that_was_acknowledged() -> Result<()> {
    let rounds: u64 = std::env::var("TABIJI_ROUNDS").map_or(Ok(5), |rounds| rounds.parse())?;
    let (mut stack, _) = Stack::start(1).await?;
    let mut acknowledged: Vec<String> = Vec::new();
    for round in 0..rounds {
        let tally = Tally::default();
        let lines = lines(&stack, round, &tally);
        // In the middle of it, later from one to the next.
        tally.reaches(200 + 130 * (round % 5) as usize).await?;
        stack.kill_collector();
        for line in lines {
            acknowledged.extend(line.await?);
        }
        stack.start_collector().await?;
    }
    assert!((acknowledged.len() as u64) < rounds * 4 * 400 * 20, "no kill was in the middle");
    are_stored(&stack, &acknowledged)?;
    // What was projected before the kills is what a rebuild makes.
    let said = stack.tabiji(&["rebuild"])?;
    ensure!(said.trim_end().ends_with("as before"), "{said}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn t42_sigterm_in_mid_load_ends_in_good_order_and_loses_nothing() -> Result<()> {
    let (mut stack, _) = Stack::start(1).await?;
    let tally = Tally::default();
    let lines = lines(&stack, 0, &tally);
    tally.reaches(400).await?;
    let begun = Instant::now();
    let ended = stack.stop_collector()?;
    assert!(ended.success() && begun.elapsed() <= Duration::from_secs(10), "{ended} after {:?}", begun.elapsed());
    let mut acknowledged = Vec::new();
    for line in lines {
        acknowledged.extend(line.await?);
    }
    assert!(acknowledged.len() < 4 * 400 * 20, "it was not in the middle");
    stack.start_collector().await?;
    are_stored(&stack, &acknowledged)
}

/// One person's messages over the chat's slower way, one after the other; gives the ids that were
/// acknowledged, with their lines.
async fn talk(
    client: reqwest::Client,
    url: String,
    hello: Value,
    frames: Vec<Value>,
    tally: Tally,
) -> Vec<(String, u64)> {
    let mut acknowledged = Vec::new();
    for frame in frames {
        let body = json!({ "hello": hello, "frames": [frame] });
        let Ok(answer) = client.post(&url).json(&body).send().await else { break };
        let Ok(told) = answer.json::<Value>().await else { break };
        if told[0]["t"] != "ack" {
            break;
        }
        let mid = told[0]["mid"].as_str().unwrap_or_default().to_owned();
        acknowledged.push((mid, told[0]["seq"].as_u64().unwrap_or_default()));
        tally.add(1);
    }
    acknowledged
}

/// C17, C18: a hundred people, a thousand messages, and a power cut in the middle of it.
#[tokio::test]
async fn c17_kill_9_in_mid_conversation_keeps_what_was_acknowledged() -> Result<()> {
    let (mut stack, _) = Stack::start(1).await?;
    let url = format!("{}/v1/chat/send", stack.url());
    let site = stack.key("public_key").to_owned();
    let hello = |n: usize| json!({ "v": 1, "site": site, "who": { "user": format!("user-{n}") } });
    let people: Vec<Vec<Value>> = (0..100)
        .map(|_| {
            let key = fresh_id();
            let send = |n| json!({ "t": "send", "mid": fresh_id(), "ck": key, "body": { "text": format!("message {n}") } });
            (0..10).map(send).collect()
        })
        .collect();
    let tally = Tally::default();
    let all = |stack: &Stack| {
        let talks = people.iter().enumerate().map(|(n, frames)| {
            tokio::spawn(talk(
                stack.client.clone(),
                url.clone(),
                hello(n),
                frames.clone(),
                tally.clone(),
            ))
        });
        talks.collect::<Vec<_>>()
    };
    let begun = all(&stack);
    tally.reaches(300).await?;
    stack.kill_collector();
    let mut before = Vec::new();
    for talk in begun {
        before.push(talk.await?);
    }
    let acknowledged: usize = before.iter().map(Vec::len).sum();
    assert!((300..1000).contains(&acknowledged), "{acknowledged} of 1000: the kill was not in the middle");
    stack.start_collector().await?;
    // Every client sends everything again, as clients without an answer do.
    for (n, talk) in all(&stack).into_iter().enumerate() {
        let after = talk.await?;
        let lines: Vec<u64> = after.iter().map(|(_, seq)| *seq).collect();
        assert_eq!(lines, (1..=10).collect::<Vec<_>>(), "each once, in the order in which it was written");
        assert!(
            before[n].iter().all(|acked| after.contains(acked)),
            "what was acknowledged stands where it was"
        );
    }
    Ok(())
}

/// A person on a slow connection watches a clip: a range, and when it has come the next one. Counts what came.
async fn watches(client: reqwest::Client, url: String, from: u64, tally: Tally) -> Result<()> {
    for from in (from * RANGE..CLIP).step_by(RANGE as usize) {
        let range = format!("bytes={from}-{}", from + RANGE - 1);
        let mut answer = client.get(&url).header("range", range).send().await?;
        ensure!(answer.status() == 206, "{}", answer.status());
        while let Some(piece) = answer.chunk().await? {
            tally.add(piece.len());
            tokio::time::sleep(Duration::from_secs_f64(piece.len() as f64 / RATE)).await;
        }
    }
    Ok(())
}

/// Bytes of a clip, of each range of it, and of what comes through in a second.
const CLIP: u64 = 64 * 1024 * 1024;
const RANGE: u64 = 256 * 1024;
const RATE: f64 = 128.0 * 1024.0;

/// Writes a message and returns how long its acknowledgement took.
async fn acknowledgement(stack: &Stack, user: usize) -> Result<Duration> {
    let who = json!({ "user": format!("user-{user}") });
    let hello = json!({ "v": 1, "site": stack.key("public_key"), "who": who });
    let frame = json!({ "t": "send", "mid": fresh_id(), "ck": fresh_id(), "body": { "text": "hello" } });
    let begun = Instant::now();
    let url = format!("{}/v1/chat/send", stack.url());
    let taken = talk(stack.client.clone(), url, hello, vec![frame], Tally::default()).await;
    ensure!(taken.len() == 1, "it was not acknowledged");
    Ok(begun.elapsed())
}

/// C43: people on slow connections watch a long video; everybody else continues as before.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn c43_fifty_slow_readers_take_no_memory_and_hold_nobody_up() -> Result<()> {
    let (stack, _) = Stack::start(1).await?;
    stack.add_clip()?;
    for file in std::fs::read_dir(stack.media())? {
        let path = file?.path();
        if path.extension().is_some_and(|ending| ending == "mp4") {
            std::fs::File::options().write(true).open(path)?.set_len(CLIP)?;
        }
    }
    let who = json!({ "site": stack.key("public_key"), "who": { "user": "u" }, "locale": "ja" });
    let clips: Value =
        stack.client.post(format!("{}/v1/clips", stack.url())).json(&who).send().await?.json().await?;
    let address = clips["films"][0]["sizes"][0]["file"].as_str().unwrap_or_default();
    let clip = format!("{}/{address}", stack.url());
    // A collector that nobody watches a clip of shows how busy the machine is.
    let (idle, _) = Stack::start(1).await?;
    let before = stack.collector_memory()?;
    let watched = Tally::default();
    let readers: Vec<_> = (0..50)
        .map(|n| tokio::spawn(watches(stack.client.clone(), clip.clone(), n, watched.clone())))
        .collect();
    watched.reaches(50 * RANGE as usize).await?;
    let bodies = (0..20).map(|n| batch(&stack, 100 + n * 20)).collect();
    let url = format!("{}/v1/events", stack.url());
    let acknowledged = load(stack.client.clone(), url, bodies, Tally::default()).await;
    assert_eq!(acknowledged.len(), 400);
    // A chat goes on meanwhile.
    let (mut waits, mut idle_waits) = (Vec::new(), Vec::new());
    let so_far = watched.count();
    for n in 0..100 {
        waits.push(acknowledgement(&stack, n % 10).await?);
        idle_waits.push(acknowledgement(&idle, n % 10).await?);
    }
    assert!(watched.count() > so_far, "nobody watched meanwhile");
    waits.sort();
    idle_waits.sort();
    let longer = waits[98].saturating_sub(idle_waits[98]);
    assert!(longer.as_millis() < 200, "{:?}, and {:?} where nobody watches", waits[98], idle_waits[98]);
    let after = stack.collector_memory()?;
    assert!(after < before + 64, "{before} MiB became {after}: the clips are held in memory");
    for reader in readers {
        ensure!(!reader.is_finished(), "a reader is gone: {:?}", reader.await?);
        reader.abort();
    }
    Ok(())
}

/// Sends the head and then pieces of a body until the collector answers, or until all of it is sent; gives the answer
/// and how much was sent.
async fn refused(
    host: &str,
    head: &str,
    mut pieces: impl Iterator<Item = Vec<u8>>,
) -> Result<(String, usize)> {
    let (mut reading, mut writing) = TcpStream::connect(host).await?.into_split();
    let head = format!("POST /v1/events HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n{head}\r\n\r\n");
    writing.write_all(head.as_bytes()).await?;
    let (mut answer, mut sent) = (vec![0; 12], 0);
    let send = async {
        for piece in &mut pieces {
            // A collector that has answered stops reading, and may close at any byte.
            if writing.write_all(&piece).await.is_err() {
                break;
            }
            sent += piece.len();
        }
        std::future::pending::<()>().await;
    };
    tokio::select! {
        () = send => {}
        read = reading.read_exact(&mut answer) => drop(read?),
    }
    Ok((String::from_utf8_lossy(&answer).into_owned(), sent))
}

/// T34: what is too large costs the collector neither memory nor reading.
#[tokio::test]
async fn t34_what_is_too_large_takes_no_memory_and_is_not_read_to_its_end() -> Result<()> {
    let (stack, _) = Stack::start(1).await?;
    let host = stack.url().trim_start_matches("http://").to_owned();
    let mut bomb = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    for _ in 0..128 {
        std::io::Write::write_all(&mut bomb, &vec![b' '; 1024 * 1024])?;
    }
    let bomb = bomb.finish()?;
    assert!(bomb.len() < 256 * 1024, "{} bytes are refused before anything is inflated", bomb.len());
    let packed = format!("content-encoding: gzip\r\ncontent-length: {}", bomb.len());
    let chunk = [&b"4000\r\n"[..], &vec![b' '; 0x4000], b"\r\n"].concat();
    let attack = async || -> Result<()> {
        let large = std::iter::repeat_n(vec![b' '; 0x4000], 300 / 16 + 1);
        let endless = std::iter::repeat(chunk.clone());
        let (answer, _) = refused(&host, "content-length: 311296", large).await?;
        assert_eq!(answer, "HTTP/1.1 413");
        let (answer, _) = refused(&host, &packed, std::iter::once(bomb.clone())).await?;
        assert_eq!(answer, "HTTP/1.1 413");
        let (answer, sent) = refused(&host, "transfer-encoding: chunked", endless).await?;
        assert_eq!(answer, "HTTP/1.1 413");
        // What was read, and what the system had taken beyond that.
        assert!(sent < 16 * 1024 * 1024, "{sent} bytes of an endless body");
        Ok(())
    };
    // The first ones pay for what stays.
    for _ in 0..20 {
        attack().await?;
    }
    let before = stack.collector_kibibytes()?;
    for _ in 0..20 {
        attack().await?;
    }
    let grown = stack.collector_kibibytes()?.saturating_sub(before);
    assert!(grown < 2 * 1024, "{before} KiB grew by {grown}");
    stack.fact("acct-1", "users", 1).await
}

/// C19: five hundred people through a restart. They come back spread out, soon, and nothing of theirs is lost.
#[tokio::test]
async fn c19_five_hundred_people_come_back_from_a_restart_one_by_one() -> Result<()> {
    let (mut stack, ports) = Stack::start(1).await?;
    let (_, back, waits) = stack.restart_with(&format!("http://127.0.0.1:{}", ports[0]), 500).await?;
    let spread = waits[499] - waits[0];
    assert!(spread >= Duration::from_secs(10) && waits[499] <= Duration::from_secs(12), "{spread:?}");
    assert!(back[494] < Duration::from_secs(15), "99 of 100 are back after {:?}", back[494]);
    Ok(())
}

/// How long who says nothing stays.
const DOOR: Duration = Duration::from_secs(5);

/// C28: what an idle person costs, and what strangers can take.
#[tokio::test]
async fn c28_idle_sockets_are_small_and_strangers_are_few() -> Result<()> {
    let (mut stack, ports) = Stack::start(1).await?;
    // All of them come from this machine.
    stack.configure("[limits]\nconnections_per_client = 16384\n")?;
    stack.kill_collector();
    stack.start_collector().await?;
    let origin = format!("http://127.0.0.1:{}", ports[0]);
    // The first ones pay for what everybody shares.
    let first = stack.crowd(&origin, 100).await?;
    let before = stack.collector_kibibytes()?;
    let crowd: Vec<_> = stack.crowd(&origin, 2_000).await?;
    let each = stack.collector_kibibytes()?.saturating_sub(before) / 2_000;
    assert!(each <= 40, "{each} KiB each");
    // One address holds the door for five seconds at most, and never all of it.
    let mut silent = Vec::new();
    while let Ok(socket) = stack.knock(&origin).await {
        silent.push(socket);
        assert!(silent.len() <= 256, "there is no end of strangers");
    }
    assert_eq!(silent.len(), 256);
    let begun = Instant::now();
    for socket in &mut silent {
        assert!(tokio::time::timeout(2 * DOOR, socket.heard()).await?.is_err());
    }
    // The machine may be busy for a while.
    assert!(begun.elapsed() < DOOR * 3 / 2, "the last one went after {:?}", begun.elapsed());
    stack.enter(&origin, 9_999).await?;
    drop((first, crowd));
    Ok(())
}
