//! What live chat costs and how fast it is: idle sockets, messages to the other side, and a restart.
//! The real binary over real sockets; only the people are made up.
#![expect(clippy::print_stdout, reason = "a bench speaks on standard output")]

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use serde_json::json;
use tabiji_tests::{Socket, Stack, fresh_id};

const IDLE: usize = 10_000;
/// What an idle socket may cost, in KiB (C28).
const MOST_KIB: u64 = 40;
/// Sockets on which a frame that cannot be read is sent, and what one may cost, in milliseconds of processor time (C30).
const RUDE: usize = 200;
const MOST_MS: f64 = 1.0;
/// How long a message may be under way to the other side in 99 of 100 cases, in milliseconds.
const MOST_UNDERWAY_MS: f64 = 50.0;
const RESTARTED: usize = 500;
const PER_SECOND: usize = 200;
const SECONDS: usize = 10;

#[tokio::main]
async fn main() -> Result<()> {
    let (mut stack, ports) = Stack::start(1).await?;
    // All of them come from this machine, and the limit of one client must not be what is measured.
    stack.configure("[limits]\nconnections_per_client = 16384\n")?;
    stack.kill_collector();
    stack.start_collector().await?;
    let origin = format!("http://127.0.0.1:{}", ports[0]);
    let cookie = stack.agent().await?;
    let before = stack.collector_memory()?;
    let begun = Instant::now();
    let sockets = stack.crowd(&origin, IDLE).await?;
    let after = stack.collector_memory()?;
    let each = (after - before) * 1024 / IDLE as u64;
    println!(
        "{IDLE} idle sockets: {before} MiB became {after}, {each} KiB each; opened in {:.1} s",
        begun.elapsed().as_secs_f64()
    );
    ensure!(each <= MOST_KIB, "an idle socket costs {each} KiB");
    nonsense(&stack, &origin).await?;
    messages(&stack, sockets, &cookie).await?;
    restart(&mut stack, &origin).await
}

/// Frames that cannot be read: what each costs the collector, from the frame to the closed socket.
async fn nonsense(stack: &Stack, origin: &str) -> Result<()> {
    let deep = format!("{{\"t\":\"send\",\"body\":{}1{}}}", "[".repeat(8_000), "]".repeat(8_000));
    let keys: String = (0..1_500).map(|n| format!("\"k{n}\":0,")).collect();
    for (name, frame) in [
        ("deep", deep),
        ("of many keys", format!("{{\"t\":\"send\",{keys}\"t\":\"ping\"}}")),
        ("with 1e999", "{\"t\":\"read\",\"c\":\"x\",\"seq\":1e999}".to_owned()),
        ("of a long number", format!("{{\"t\":\"read\",\"seq\":{}}}", "9".repeat(16_000))),
    ] {
        let mut sockets = stack.crowd(origin, RUDE).await?;
        let before = stack.collector_cpu()?;
        for socket in &mut sockets {
            socket.say_text(&frame).await?;
        }
        for socket in &mut sockets {
            while socket.heard().await.is_ok() {}
        }
        let after = stack.collector_cpu()?;
        let cost = (after.0 - before.0 + after.1 - before.1) * 1e3 / RUDE as f64;
        println!("a frame {name}, {} bytes: {cost:.2} ms of processor time", frame.len());
        ensure!(cost < MOST_MS, "a frame {name} costs {cost} ms");
    }
    Ok(())
}

/// From a customer's socket to the agents' feed, while thousands are idle.
async fn messages(stack: &Stack, mut sockets: Vec<Socket>, cookie: &str) -> Result<()> {
    let sent: Arc<Mutex<HashMap<String, Instant>>> = Arc::default();
    let waits: Arc<Mutex<Vec<Duration>>> = Arc::default();
    let url = format!("{}/api/inbox/live?site={}", stack.url(), stack.key("public_key"));
    let mut feed = stack.client.get(url).header("cookie", cookie).send().await?;
    let (seen, times) = (Arc::clone(&sent), Arc::clone(&waits));
    let agent = tokio::spawn(async move {
        let mut rest = String::new();
        while let Ok(Some(piece)) = feed.chunk().await {
            rest.push_str(&String::from_utf8_lossy(&piece));
            while let Some(end) = rest.find("\n\n") {
                let event: String = rest.drain(..end + 2).collect();
                let Some(mid) = event.split("\"mid\":\"").nth(1).and_then(|rest| rest.get(..36)) else {
                    continue;
                };
                let begun = seen.lock().unwrap_or_else(PoisonError::into_inner).remove(mid);
                if let Some(begun) = begun {
                    times.lock().unwrap_or_else(PoisonError::into_inner).push(begun.elapsed());
                }
            }
        }
    });
    // One conversation each: the guests of a site may begin a thousand a day.
    let keys: Vec<String> = (0..PER_SECOND * 2).map(|_| fresh_id()).collect();
    let mut pace = tokio::time::interval(Duration::from_secs(1) / PER_SECOND as u32);
    for n in 0..PER_SECOND * SECONDS {
        pace.tick().await;
        let mid = fresh_id();
        let body = json!({ "text": "画面に「入力してください」と出ます。" });
        let send = json!({ "t": "send", "mid": mid, "ck": keys[n % keys.len()], "body": body });
        sent.lock().unwrap_or_else(PoisonError::into_inner).insert(mid, Instant::now());
        sockets[n % keys.len()].say(&send).await?;
    }
    tokio::time::sleep(Duration::from_secs(2)).await;
    agent.abort();
    let mut waits = std::mem::take(&mut *waits.lock().unwrap_or_else(PoisonError::into_inner));
    waits.sort();
    ensure!(waits.len() == PER_SECOND * SECONDS, "{} messages arrived", waits.len());
    let at = |share: f64| waits[((waits.len() - 1) as f64 * share) as usize].as_secs_f64() * 1000.0;
    println!(
        "{PER_SECOND} messages/s to the agents: p50 {:.1} ms, p99 {:.1} ms, all {} there",
        at(0.5),
        at(0.99),
        waits.len()
    );
    ensure!(at(0.99) <= MOST_UNDERWAY_MS, "messages are under way for {:.1} ms", at(0.99));
    Ok(())
}

/// Each client is asked to wait, reconnects then, and finds everything.
async fn restart(stack: &mut Stack, origin: &str) -> Result<()> {
    let (up, back, _) = stack.restart_with(origin, RESTARTED).await?;
    println!(
        "{RESTARTED} sockets through a restart: collector up after {:.1} s, people back after {:.1} to {:.1} s (median {:.1}), nothing lost",
        up.as_secs_f64(),
        back[0].as_secs_f64(),
        back[RESTARTED - 1].as_secs_f64(),
        back[RESTARTED / 2].as_secs_f64()
    );
    Ok(())
}
