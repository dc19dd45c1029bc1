//! What strangers of another site do, from 127.0.0.2.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};
use tabiji_tests::{Stack, fresh_id, now, token_of};
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::{sleep, timeout, timeout_at};

/// Where strangers come from.
const STRANGER: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2));
/// A day in milliseconds.
const DAY: i64 = 86_400_000;

/// Questions that are held, each of an account of its own.
const HELD: usize = 5_000;
/// How a collector refuses what it should.
const REFUSALS: [u16; 6] = [401, 403, 408, 413, 429, 503];

/// What came of an attack: requests or connections that were taken, and that were refused.
#[derive(Clone, Copy, Default)]
pub struct Attacked {
    pub taken: u64,
    pub refused: u64,
}

/// One way to stop a collector.
#[derive(Clone, Copy, PartialEq, Eq)]
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
    /// Changes of accounts, as the host's backend reports them.
    Changes,
    /// The same, while each of these accounts has a question that is held.
    Held,
}

impl Attack {
    /// All of them, in the order of the table.
    pub const ALL: [Self; 9] = [
        Self::Late,
        Self::Invented,
        Self::Flood,
        Self::SlowBodies,
        Self::IdleConnections,
        Self::SignIns,
        Self::ReadMarks,
        Self::Changes,
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
            Self::Changes => "200 changes a second",
            Self::Held => "the same, and 5,000 held questions",
        }
    }

    /// Adds the site whose strangers these are; returns its keys.
    pub fn site(stack: &Stack) -> Result<Value> {
        let add = ["site", "add", "other", "--origin", "https://other.example.com", "--json"];
        Ok(serde_json::from_str(&stack.tabiji(&add)?)?)
    }

    /// Goes on for a while.
    pub async fn run(self, url: String, keys: Value, long: Duration) -> Result<Attacked> {
        let end = Instant::now() + long;
        let key = keys["public_key"].as_str().unwrap_or_default().to_owned();
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
            Self::Changes => changes(url, keys, end).await,
            Self::Held => held(url, keys, end).await,
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
) -> Result<Attacked> {
    requests(count, end, pause, move |client, n| {
        let (url, body) = make(n);
        client.post(url).json(&body)
    })
    .await
}

/// The same for requests of all kinds. One client has as many connections as it has requests at a time.
async fn requests(
    count: usize,
    end: Instant,
    pause: Duration,
    make: impl Fn(&Client, usize) -> RequestBuilder + Clone + Send + 'static,
) -> Result<Attacked> {
    let client = stranger()?;
    let mut running = Vec::new();
    for line in 0..count {
        let (make, client) = (make.clone(), client.clone());
        running.push(tokio::spawn(async move {
            let (mut all, mut n) = (Attacked::default(), line);
            while Instant::now() < end {
                let Ok(answer) = timeout_at(end.into(), make(&client, n).send()).await else {
                    // It is held still.
                    all.taken += 1;
                    break;
                };
                match answer {
                    Ok(answer) if answer.status().is_success() => all.taken += 1,
                    Ok(answer) if REFUSALS.contains(&answer.status().as_u16()) => all.refused += 1,
                    Ok(answer) => bail!("{}: {}", answer.status(), answer.text().await?),
                    Err(_) => all.refused += 1,
                }
                n += count;
                sleep(pause).await;
            }
            Ok(all)
        }));
    }
    let mut all = Attacked::default();
    for line in running {
        let Attacked { taken, refused } = line.await??;
        (all.taken, all.refused) = (all.taken + taken, all.refused + refused);
    }
    Ok(all)
}

/// Two hundred facts a second, of one account after the other.
async fn changes(url: String, keys: Value, end: Instant) -> Result<Attacked> {
    let secret = keys["secret_key"].as_str().unwrap_or_default().to_owned();
    requests(10, end, Duration::from_millis(50), move |client, n| {
        let fact =
            json!({ "id": fresh_id(), "account": format!("held-{}", n % HELD), "name": "users", "value": n });
        client.post(format!("{url}/v1/facts")).bearer_auth(&secret).json(&json!({ "facts": [fact] }))
    })
    .await
}

/// Holds a question for each account while they change; one that is answered is asked again.
async fn held(url: String, keys: Value, end: Instant) -> Result<Attacked> {
    let key = keys["public_key"].as_str().unwrap_or_default().to_owned();
    let tokens = (0..HELD).map(|n| token_of(&keys, "u", &format!("held-{n}"), 3600));
    let tokens = std::sync::Arc::new(tokens.collect::<Result<Vec<_>>>()?);
    let to = url.clone();
    let held = lines(HELD, end, Duration::ZERO, move |n| {
        let question = json!({ "site": key, "token": tokens[n % HELD], "locale": "en", "since": i64::MAX });
        (format!("{to}/v1/progress"), question)
    });
    let (held, _) = tokio::try_join!(held, changes(url, keys, end))?;
    Ok(held)
}

/// Opens connections and keeps them; every second a byte goes out where a body was begun.
async fn connections(url: &str, count: usize, end: Instant, body: Option<&str>) -> Result<Attacked> {
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
    let closed = open.iter().filter(|stream| stream.try_read(&mut [0; 64]).is_ok()).count();
    Ok(Attacked { taken: (open.len() - closed) as u64, refused: refused + closed as u64 })
}

async fn connect(to: SocketAddr) -> std::io::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.bind(SocketAddr::new(STRANGER, 0))?;
    socket.connect(to).await
}
