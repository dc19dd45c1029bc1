//! What live chat costs and how fast it is: idle sockets, messages to the other side, and a restart.
//! The real binary over real sockets; only the people are made up.
#![expect(clippy::print_stdout, reason = "a bench speaks on standard output")]

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use futures_util::future::try_join_all;
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tabiji_tests::{Stack, fresh_id};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

const IDLE: usize = 5_000;
const RESTARTED: usize = 500;
const PER_SECOND: usize = 200;
const SECONDS: usize = 10;

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// A person who is welcome.
async fn enter(stack: &Stack, origin: &str, n: usize) -> Result<Socket> {
    let site = stack.key("public_key");
    let url = format!("{}/v1/chat?site={site}", stack.url().replacen("http", "ws", 1));
    let mut request = url.into_client_request()?;
    request.headers_mut().insert("origin", origin.parse()?);
    let (mut socket, _) = connect_async(request).await?;
    let hello = json!({ "t": "hello", "v": 1, "site": site, "who": { "user": format!("user-{n}") } });
    socket.send(Message::text(hello.to_string())).await?;
    let told = heard(&mut socket).await?;
    ensure!(told["t"] == "welcome", "{told}");
    Ok(socket)
}

async fn heard(socket: &mut Socket) -> Result<Value> {
    loop {
        match socket.next().await.context("the socket is closed")?? {
            Message::Text(text) => return Ok(serde_json::from_str(&text)?),
            Message::Close(_) => bail!("the socket is closed"),
            _ => {}
        }
    }
}

async fn all(stack: &Stack, origin: &str, count: usize) -> Result<Vec<Socket>> {
    let mut sockets = Vec::new();
    for batch in (0..count).collect::<Vec<_>>().chunks(100) {
        sockets.extend(try_join_all(batch.iter().map(|n| enter(stack, origin, *n))).await?);
    }
    Ok(sockets)
}

#[tokio::main]
async fn main() -> Result<()> {
    let (mut stack, ports) = Stack::start(1).await?;
    let origin = format!("http://127.0.0.1:{}", ports[0]);
    let cookie = stack.agent().await?;
    let before = stack.collector_memory()?;
    let begun = Instant::now();
    let sockets = all(&stack, &origin, IDLE).await?;
    let after = stack.collector_memory()?;
    println!(
        "{IDLE} idle sockets: {before} MiB became {after}, {} KiB each; opened in {:.1} s",
        (after - before) * 1024 / IDLE as u64,
        begun.elapsed().as_secs_f64()
    );
    messages(&stack, sockets, &cookie).await?;
    restart(&mut stack, &origin).await
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
    let mut pace = tokio::time::interval(Duration::from_secs(1) / PER_SECOND as u32);
    for n in 0..PER_SECOND * SECONDS {
        pace.tick().await;
        let mid = fresh_id();
        let body = json!({ "text": "画面に「入力してください」と出ます。" });
        let send = json!({ "t": "send", "mid": mid, "ck": mid, "body": body });
        sent.lock().unwrap_or_else(PoisonError::into_inner).insert(mid, Instant::now());
        sockets[n % (PER_SECOND * 2)].send(Message::text(send.to_string())).await?;
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
    Ok(())
}

/// Everybody is told when to come back, comes back then, and finds everything.
async fn restart(stack: &mut Stack, origin: &str) -> Result<()> {
    let mut sockets = all(stack, origin, RESTARTED).await?;
    let mut keys = Vec::new();
    for socket in &mut sockets {
        let mid = fresh_id();
        let send = json!({ "t": "send", "mid": mid, "ck": mid, "body": { "text": "before" } });
        socket.send(Message::text(send.to_string())).await?;
        while heard(socket).await?["t"] != "ack" {}
        keys.push(mid);
    }
    let begun = Instant::now();
    stack.stop_collector()?;
    let mut drained = Vec::new();
    for mut socket in sockets {
        let wait = loop {
            let told = heard(&mut socket).await?;
            if told["t"] == "drain" {
                break told["reconnect_in"].as_u64().unwrap_or_default();
            }
        };
        drained.push(wait);
    }
    stack.start_collector().await?;
    let up = begun.elapsed();
    let (stack, origin) = (&*stack, origin);
    let back = drained.iter().enumerate().map(|(n, wait)| async move {
        tokio::time::sleep(Duration::from_millis(*wait).saturating_sub(begun.elapsed())).await;
        let mut socket = enter(stack, origin, n).await?;
        let told = heard(&mut socket).await?;
        ensure!(told["t"] == "event", "{told}");
        Ok(begun.elapsed())
    });
    let mut back = try_join_all(back).await?;
    back.sort();
    println!(
        "{RESTARTED} sockets through a restart: collector up after {:.1} s, people back after {:.1} to {:.1} s (median {:.1}), nothing lost",
        up.as_secs_f64(),
        back[0].as_secs_f64(),
        back[RESTARTED - 1].as_secs_f64(),
        back[RESTARTED / 2].as_secs_f64()
    );
    Ok(())
}
