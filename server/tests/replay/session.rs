//! Replays one recorded session, line by line.

use std::collections::BTreeMap;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Method, Response};
use serde_json::Value;

use crate::collector::Collector;
use crate::compare::{Made, faults};
use crate::connection::Connection;
use crate::recording::{Line, Recording};

/// A session on its way.
struct Session {
    collector: Collector,
    client: Client,
    connections: BTreeMap<u64, Connection>,
    made: Made,
}

/// Replays a session; names every place where today's collector answers differently.
pub async fn replay(recording: Recording) -> Vec<String> {
    let begin = recording.lines.first().map_or(0, |line| line.at);
    let collector = Collector::start(&recording.site, begin).await;
    let mut session =
        Session { collector, client: Client::new(), connections: BTreeMap::new(), made: Made::default() };
    let mut all = Vec::new();
    for (at, line) in recording.lines.iter().enumerate() {
        // The first line of the file is the site.
        let place = format!("{}.jsonl:{}", recording.name, at + 2);
        let what = line.request.as_deref().unwrap_or("frame");
        all.extend(session.step(line).await.into_iter().map(|fault| format!("{place} {what}: {fault}")));
    }
    let left = session.connections.values().flat_map(Connection::left);
    all.extend(left.map(|frame| format!("{}: nobody expected {frame}", recording.name)));
    all
}

impl Session {
    async fn step(&mut self, line: &Line) -> Vec<String> {
        self.collector.clock.set(line.at);
        if let Some(call) = &line.request {
            let faults = self.request(line, call).await;
            self.collector.settle().await;
            return faults;
        }
        let frame = line.frame.as_ref().map_or("", |frame| frame.get());
        if let Some(number) = line.sent {
            let frame = self.made.today(frame);
            self.connection(number).send(frame).await;
        }
        if let Some(number) = line.received {
            return self.expect(number, &serde_json::from_str(frame).unwrap()).await;
        }
        if let Some(number) = line.closed
            && let Some(ended) = self.connections.remove(&number)
        {
            return ended.left().map(|frame| format!("nobody expected {frame}")).collect();
        }
        Vec::new()
    }

    fn connection(&mut self, number: u64) -> &mut Connection {
        self.connections.get_mut(&number).unwrap_or_else(|| panic!("connection {number} is not open"))
    }

    async fn expect(&mut self, number: u64, then: &Value) -> Vec<String> {
        let kind = then["t"].as_str().unwrap();
        match self.connection(number).next(kind).await {
            Some(now) => faults(kind, then, &now, &mut self.made),
            None => vec![format!("no {kind} came; it was {then}")],
        }
    }

    async fn request(&mut self, line: &Line, call: &str) -> Vec<String> {
        let (method, path) = call.split_once(' ').unwrap();
        let path = self.made.today(path);
        if path.starts_with("/v1/chat?") {
            return self.open_socket(line, &path).await;
        }
        let url = format!("http://{}{path}", self.collector.address);
        let content = line.content();
        // What is no text names nothing.
        let content = match String::from_utf8(content) {
            Ok(text) => self.made.today(&text).into_bytes(),
            Err(bytes) => bytes.into_bytes(),
        };
        let request = self.client.request(Method::from_bytes(method.as_bytes()).unwrap(), url);
        let answer = request.headers(self.headers(line)).body(content).send().await.unwrap();
        if answer.status().as_u16() != line.status {
            let status = answer.status().as_u16();
            return vec![format!(
                "status {status} and was {}: {}",
                line.status,
                answer.text().await.unwrap()
            )];
        }
        let mut all = missing_headers(line, &answer);
        if let Some(number) = line.opens {
            self.connections.insert(number, Connection::stream(answer));
        } else if let Some(then) = &line.reply {
            let text = answer.text().await.unwrap();
            let now = serde_json::from_str(&text).unwrap_or(Value::String(text));
            all.extend(faults(call, then, &now, &mut self.made));
        }
        all
    }

    async fn open_socket(&mut self, line: &Line, path: &str) -> Vec<String> {
        let url = format!("ws://{}{path}", self.collector.address);
        let opened = Connection::socket(&url, line.headers.get("origin")).await;
        let status = opened.as_ref().map_or_else(|status| *status, |_| 101);
        if let (Ok(connection), Some(number)) = (opened, line.opens) {
            self.connections.insert(number, connection);
        }
        if status == line.status {
            Vec::new()
        } else {
            vec![format!("status {status} and was {}", line.status)]
        }
    }

    fn headers(&self, line: &Line) -> HeaderMap {
        let cookie = line.agent.as_ref().map(|agent| format!("tabiji={}", self.collector.cookies[agent]));
        let cookie = cookie.iter().map(|cookie| ("cookie", cookie.as_str()));
        let sent = line.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let pair = |(name, value): (&str, &str)| {
            (HeaderName::from_bytes(name.as_bytes()).unwrap(), HeaderValue::from_str(value).unwrap())
        };
        sent.chain(cookie).map(pair).collect()
    }
}

/// Headers that a browser acts on and that are no longer there, or other.
fn missing_headers(line: &Line, answer: &Response) -> Vec<String> {
    let now = |name: &str| answer.headers().get(name).and_then(|value| value.to_str().ok());
    let other = line.answered.iter().filter(|(name, then)| now(name) != Some(then.as_str()));
    other.map(|(name, then)| format!("header {name} is {:?} and was {then:?}", now(name))).collect()
}
