//! What strangers of another site do, from 127.0.0.2.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use reqwest::{Client, Response};
use serde_json::{Value, json};
use tabiji_tests::{Stack, fresh_id, now};
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::{sleep, timeout};

/// Where strangers come from.
const STRANGER: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2));
/// A day in milliseconds.
const DAY: i64 = 86_400_000;

/// One way to stop a collector.
#[derive(Clone, Copy)]
pub enum Attack {
    /// Events of long ago, of ever the same guest.
    Late,
    /// Ever other guests.
    Invented,
    /// As many requests as one client can.
    Flood,
    /// Bodies that arrive a byte at a time.
    SlowBodies,
    /// Connections without a request, or with half a one.
    IdleConnections,
    /// Wrong passwords.
    SignIns,
    /// Read marks of guests.
    ReadMarks,
    /// Questions that are held, and changes of other accounts.
    Held,
}

impl Attack {
    /// All of them, in the order of the table.
    pub const ALL: [Self; 8] = [
        Self::Late,
        Self::Invented,
        Self::Flood,
        Self::SlowBodies,
        Self::IdleConnections,
        Self::SignIns,
        Self::ReadMarks,
        Self::Held,
    ];

    /// Its name in the table.
    pub fn name(self) -> &'static str {
        match self {
            Self::Late => "late events of one guest, 2,000 a second",
            Self::Invented => "2,000 invented guests a second",
            Self::Flood => "a flood with one key, 64 connections",
            Self::SlowBodies => "1,024 bodies of a byte a second",
            Self::IdleConnections => "5,000 idle or half-sent connections",
            Self::SignIns => "60 wrong sign-ins a second",
            Self::ReadMarks => "50 guests mark 20 times a second",
            Self::Held => "5,000 held questions, 200 changes a second",
        }
    }

    /// Adds the site whose strangers these are; returns its public key.
    pub fn site(stack: &Stack) -> Result<String> {
        let add = ["site", "add", "other", "--origin", "https://other.example.com", "--json"];
        let site: Value = serde_json::from_str(&stack.tabiji(&add)?)?;
        Ok(site["public_key"].as_str().context("no key")?.to_owned())
    }

    /// Goes on for a while; returns how many requests or connections were refused.
    pub async fn run(self, url: String, key: String, long: Duration) -> Result<u64> {
        let end = Instant::now() + long;
        match self {
            Self::Late => {
                // Each batch lies before the one that was sent last.
                lines(4, end, Duration::from_millis(40), move |n| {
                    let at = now() - 20 * DAY - i64::try_from(n).unwrap_or(0) * 1000;
                    (format!("{url}/v1/events"), batch(&key, "late", at, 20))
                })
                .await
            }
            Self::Invented => {
                lines(20, end, Duration::from_millis(10), move |n| {
                    (format!("{url}/v1/events"), batch(&key, &format!("{n}-{}", fresh_id()), now(), 1))
                })
                .await
            }
            Self::Flood => {
                lines(64, end, Duration::ZERO, move |_| {
                    (format!("{url}/v1/events"), batch(&key, "flood", now(), 1))
                })
                .await
            }
            Self::SignIns => {
                lines(20, end, Duration::from_millis(333), move |n| {
                    let email = format!("nobody-{n}@example.com");
                    (format!("{url}/api/session"), json!({ "email": email, "password": "not the password" }))
                })
                .await
            }
            Self::ReadMarks => {
                lines(50, end, Duration::from_millis(50), move |n| {
                    let hello =
                        json!({ "v": 1, "site": key, "who": { "user": format!("reader-{}", n % 50) } });
                    let frames = json!([{ "t": "read", "c": fresh_id(), "seq": 1 }]);
                    (format!("{url}/v1/chat/send"), json!({ "hello": hello, "frames": frames }))
                })
                .await
            }
            Self::Held => held(url, key, end).await,
            Self::SlowBodies => connections(&url, 1024, end, Some("content-length: 1000\r\n\r\n")).await,
            Self::IdleConnections => connections(&url, 5_000, end, None).await,
        }
    }
}

fn batch(key: &str, user: &str, at: i64, size: usize) -> Value {
    let event = |n| json!({ "id": fresh_id(), "at": at, "session": fresh_id(), "n": n, "kind": "custom", "data": { "name": "x" } });
    let events: Vec<Value> = (0..size).map(event).collect();
    json!({ "site": key, "who": { "user": user }, "sent_at": now(), "events": events })
}

fn stranger() -> Result<Client> {
    Ok(Client::builder().local_address(STRANGER).timeout(Duration::from_secs(30)).build()?)
}

/// Sends requests on some lines, each with a pause after an answer.
async fn lines(
    count: usize,
    end: Instant,
    pause: Duration,
    make: impl Fn(usize) -> (String, Value) + Clone + Send + 'static,
) -> Result<u64> {
    let mut running = Vec::new();
    for line in 0..count {
        let (make, client) = (make.clone(), stranger()?);
        running.push(tokio::spawn(async move {
            let (mut refused, mut n) = (0, line);
            while Instant::now() < end {
                let (url, body) = make(n);
                let answer = client.post(url).json(&body).send().await;
                refused += u64::from(!answer.as_ref().is_ok_and(is_taken));
                n += count;
                sleep(pause).await;
            }
            refused
        }));
    }
    let mut refused = 0;
    for line in running {
        refused += line.await?;
    }
    Ok(refused)
}

fn is_taken(answer: &Response) -> bool {
    answer.status().is_success()
}

/// Holds questions of as many accounts as it may, while others change.
async fn held(url: String, key: String, end: Instant) -> Result<u64> {
    let (to, site) = (url.clone(), key.clone());
    let held = lines(5_000, end, Duration::ZERO, move |n| {
        let who = json!({ "user": format!("held-{}", n % 5_000) });
        (format!("{to}/v1/progress"), json!({ "site": site, "who": who, "locale": "en", "since": i64::MAX }))
    });
    let changes = lines(10, end, Duration::from_millis(50), move |n| {
        (format!("{url}/v1/events"), batch(&key, &format!("moved-{}", n % 200), now(), 1))
    });
    let (held, _) = tokio::try_join!(held, changes)?;
    Ok(held)
}

/// Opens connections and keeps them; every second a byte goes out where a body was begun.
async fn connections(url: &str, count: usize, end: Instant, body: Option<&str>) -> Result<u64> {
    let to: SocketAddr = url.trim_start_matches("http://").parse()?;
    let mut open = Vec::new();
    let mut refused = 0;
    for n in 0..count {
        match timeout(Duration::from_secs(1), connect(to)).await {
            Ok(Ok(mut stream)) => {
                let head = match body {
                    Some(body) => format!("POST /v1/events HTTP/1.1\r\nhost: x\r\n{body}"),
                    None if n % 2 == 0 => "POST /v1/events HTTP/1.1\r\n".to_owned(),
                    None => String::new(),
                };
                if stream.write_all(head.as_bytes()).await.is_ok() {
                    open.push(stream);
                }
            }
            _ => refused += 1,
        }
    }
    while Instant::now() < end {
        sleep(Duration::from_secs(1)).await;
        for stream in open.iter_mut().filter(|_| body.is_some()) {
            // What was refused is closed; it is counted below.
            let _ = stream.write_all(b" ").await;
        }
    }
    refused += open.iter().filter(|stream| stream.try_read(&mut [0; 64]).is_ok()).count() as u64;
    Ok(refused)
}

async fn connect(to: SocketAddr) -> std::io::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.bind(SocketAddr::new(STRANGER, 0))?;
    socket.connect(to).await
}
