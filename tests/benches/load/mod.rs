//! Batches of events as widgets send them, as fast as they are answered or at a pace.

pub mod funnel;

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use serde::Deserialize;
use tabiji_tests::{Stack, fresh_id, now, random_id};
use tokio::net::TcpStream;

/// Names that widgets report, as often as each comes.
const KINDS: [(&str, &str); 5] = [
    ("step.shown", r#""step":"users","stage":"usage""#),
    ("step.started", r#""step":"users","stage":"usage","data":{"visit":1}"#),
    ("custom", r#""data":{"name":"deal.created","amount":120000,"stage":"proposal"}"#),
    ("video.progress", r#""step":"deals","data":{"clip":"first-deals","percent":50}"#),
    ("guide.started", r#""step":"pipeline","stage":"usage","data":{"stop":1,"of":3}"#),
];

/// One shape of load.
#[derive(Clone, Copy)]
pub struct Cell {
    pub connections: usize,
    pub batch: usize,
    /// Events per second over all connections; as fast as they are answered when none.
    pub pace: Option<u64>,
    /// Whether ids say nothing of when they were made (RFC 9562, version 4).
    pub random_ids: bool,
    /// Whether a refusal is obeyed as widgets obey it: nothing is sent for the seconds of its `Retry-After`.
    pub is_patient: bool,
}

/// As fast as it is answered, with ids as widgets make them.
pub const fn unpaced(connections: usize, batch: usize) -> Cell {
    Cell { connections, batch, pace: None, random_ids: false, is_patient: false }
}

/// What became of it.
#[derive(Default)]
pub struct Tally {
    pub stored: u64,
    /// Requests that were answered 503.
    pub busy: u64,
    pub took: Duration,
    /// Microseconds per answer, sorted.
    waits: Vec<u32>,
    /// The same of those that were refused.
    refusals: Vec<u32>,
}

impl Tally {
    /// A percentile of the waits, in milliseconds.
    pub fn percentile(&self, percent: usize) -> f64 {
        percentile(&self.waits, percent)
    }

    /// A percentile of the waits of refused requests, in milliseconds.
    pub fn percentile_refused(&self, percent: usize) -> f64 {
        percentile(&self.refusals, percent)
    }
}

fn percentile(sorted: &[u32], percent: usize) -> f64 {
    let at = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
    f64::from(sorted.get(at).copied().unwrap_or(0)) / 1e3
}

/// The envelope of one signed-in person, up to the time of sending.
pub struct Person(String);

/// One person for each account, signed by the host's backend.
pub fn people(stack: &Stack, accounts: u64) -> Result<Vec<Person>> {
    let person = |n: u64| {
        let token = stack.token(&format!("user-{n:07}"), &format!("acct-{n:06}"))?;
        Ok(Person(format!(r#"{{"site":"{}","token":"{token}","sent_at":"#, stack.key("public_key"))))
    };
    (0..accounts).map(person).collect()
}

/// Sends for a while; an answer other than "stored" or "busy" ends it.
pub async fn run(stack: &Stack, people: &[Person], cell: Cell, long: Duration) -> Result<Tally> {
    let begun = Instant::now();
    let lines = (0..cell.connections).map(|line| Line::open(stack, line, cell));
    let mut all = Tally::default();
    let mut running = Vec::new();
    for line in lines {
        running.push(line.await?);
    }
    let sent =
        futures_util::future::try_join_all(running.into_iter().map(|line| line.send(people, begun, long)));
    for tally in sent.await? {
        all.stored += tally.stored;
        all.busy += tally.busy;
        all.waits.extend(tally.waits);
        all.refusals.extend(tally.refusals);
    }
    all.took = begun.elapsed();
    all.waits.sort_unstable();
    all.refusals.sort_unstable();
    Ok(all)
}

#[derive(Deserialize)]
struct Answer<'a> {
    #[serde(borrow)]
    results: Vec<Fate<'a>>,
}

#[derive(Deserialize)]
struct Fate<'a> {
    outcome: &'a str,
}

struct Line {
    to: SendRequest<Full<Bytes>>,
    host: String,
    number: usize,
    cell: Cell,
}

impl Line {
    async fn open(stack: &Stack, number: usize, cell: Cell) -> Result<Self> {
        let host = stack.url().trim_start_matches("http://").to_owned();
        let to = connect(&host).await?;
        Ok(Self { to, host, number, cell })
    }

    async fn send(mut self, people: &[Person], begun: Instant, long: Duration) -> Result<Tally> {
        let mut tally = Tally::default();
        // A step that shares no divisor with the usual counts visits everybody.
        let mut at = self.number * 7919;
        while begun.elapsed() < long {
            at = (at + 104_729) % people.len();
            let due = self.wait(begun, tally.stored).await;
            let body = batch(&people[at], self.cell);
            let request = Request::post("/v1/events").header("host", &self.host).body(Full::from(body))?;
            // From when it was due, so that a stall counts for everything that it held up.
            let asked = due.unwrap_or_else(Instant::now);
            // A refused request is not read to its end, which may end the connection.
            if self.to.ready().await.is_err() {
                self.to = connect(&self.host).await?;
            }
            let answer = self.to.send_request(request).await?;
            let status = answer.status();
            let later =
                answer.headers().get("retry-after").and_then(|seconds| seconds.to_str().ok()?.parse().ok());
            let text = answer.into_body().collect().await?.to_bytes();
            let wait = u32::try_from(asked.elapsed().as_micros())?;
            match status {
                StatusCode::OK => {
                    tally.waits.push(wait);
                    tally.stored += stored(&text)?;
                }
                StatusCode::SERVICE_UNAVAILABLE => {
                    tally.refusals.push(wait);
                    tally.busy += 1;
                    if self.cell.is_patient {
                        tokio::time::sleep(Duration::from_secs(later.context("no Retry-After")?)).await;
                    }
                }
                other => anyhow::bail!("{other}: {}", String::from_utf8_lossy(&text)),
            }
        }
        Ok(tally)
    }

    /// Keeps the pace: a line may not be ahead of its share.
    async fn wait(&self, begun: Instant, sent: u64) -> Option<Instant> {
        let share = self.cell.pace? as f64 / self.cell.connections as f64;
        let due = begun + Duration::from_secs_f64(sent as f64 / share);
        tokio::time::sleep_until(due.into()).await;
        Some(due)
    }
}

async fn connect(host: &str) -> Result<SendRequest<Full<Bytes>>> {
    let (to, connection) = handshake(TokioIo::new(TcpStream::connect(host).await?)).await?;
    // It ends with the line.
    tokio::spawn(connection);
    Ok(to)
}

fn stored(text: &[u8]) -> Result<u64> {
    let answer: Answer<'_> = serde_json::from_slice(text).context("an answer that is no reply")?;
    ensure!(answer.results.iter().all(|fate| fate.outcome == "stored"), "{}", String::from_utf8_lossy(text));
    Ok(answer.results.len() as u64)
}

fn batch(person: &Person, cell: Cell) -> String {
    let at = now();
    let session = fresh_id();
    let mut body = format!("{}{at},\"events\":[", person.0);
    for n in 1..=cell.batch {
        let (kind, more) = KINDS[n % KINDS.len()];
        let id = if cell.random_ids { random_id() } else { fresh_id() };
        let comma = if n == 1 { "" } else { "," };
        body += &format!(
            r#"{comma}{{"id":"{id}","at":{at},"session":"{session}","n":{n},"kind":"{kind}","flow":"setup@1",{more}}}"#
        );
    }
    body + "]}"
}
