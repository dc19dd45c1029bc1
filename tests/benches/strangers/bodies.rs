//! Bodies that cost a parser most, and what the collector takes for each.

use std::fmt::Write as _;
use std::io::Write as _;

use anyhow::{Result, ensure};
use tabiji_tests::{Stack, fresh_id, now};

/// What one body may cost, in milliseconds of processor time.
const MOST_MS: f64 = 20.0;
/// How often each is sent: processor time is counted in hundredths of a second.
const TIMES: u32 = 20;

/// One of them.
struct Costly {
    name: &'static str,
    method: &'static str,
    path: &'static str,
    body: String,
}

impl Costly {
    fn post(path: &'static str, name: &'static str, body: String) -> Self {
        Self { name, method: "POST", path, body }
    }

    fn put(path: &'static str, name: &'static str, body: String) -> Self {
        Self { name, method: "PUT", path, body }
    }
}

/// Sends each body and prints what it cost.
pub async fn measure(stack: &Stack) -> Result<()> {
    println!("{:44}{:>8}{:>10}{:>8}", "a body", "bytes", "status", "CPU ms");
    let mut faults = Vec::new();
    let key = stack.key("public_key");
    let all = events(key).into_iter().map(|(name, body)| Costly::post("/v1/events", name, body));
    for Costly { name, method, path, body } in all.chain(others(key)).chain(authored()) {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        gzip.write_all(body.as_bytes())?;
        // A sign-in is taken as it is.
        let is_packed = path.starts_with("/v1/");
        let sent = if is_packed { gzip.finish()? } else { body.into_bytes() };
        let before = stack.collector_cpu()?;
        let mut status = 0;
        for _ in 0..TIMES {
            let request = stack.client.request(method.parse()?, format!("{}{path}", stack.url()));
            let request = request.bearer_auth(stack.key("secret_key")).body(sent.clone());
            let request = if is_packed { request.header("content-encoding", "gzip") } else { request };
            status = request.header("content-type", "application/json").send().await?.status().as_u16();
        }
        let after = stack.collector_cpu()?;
        let cost = (after.0 - before.0 + after.1 - before.1) * 1e3 / f64::from(TIMES);
        println!("{name:44}{:>8}{status:>10}{cost:>8.1}", sent.len());
        if cost >= MOST_MS || status >= 500 {
            faults.push(name);
        }
    }
    ensure!(faults.is_empty(), "they cost more than {MOST_MS} ms, or the collector failed: {faults:?}");
    Ok(())
}

/// What else pages and strangers send.
fn others(key: &str) -> Vec<Costly> {
    let hello = format!(r#"{{"v":1,"site":"{key}","who":{{"user":"u"}}}}"#);
    let frames = |frame: &dyn Fn() -> String, n: usize| {
        let frames: Vec<String> = (0..n).map(|_| frame()).collect();
        format!(r#"{{"hello":{hello},"frames":[{}]}}"#, frames.join(","))
    };
    let said = |text: &str| {
        let (mid, ck) = (fresh_id(), fresh_id());
        format!(r#"{{"t":"send","mid":"{mid}","ck":"{ck}","body":{{"text":"{text}"}}}}"#)
    };
    let rated =
        || format!(r#"{{"t":"csat","mid":"{0}","c":"{0}","score":3,"comment":"\u3042"}}"#, fresh_id());
    let chat = "/v1/chat/send";
    vec![
        Costly::post(chat, "1,000 messages at once", frames(&|| said("hello"), 1_000)),
        Costly::post(chat, "16,000 frames of nothing", frames(&|| r#"{"t":"ping"}"#.into(), 16_000)),
        Costly::post(chat, "1,000 ratings", frames(&rated, 1_000)),
        Costly::post(chat, "a message of escaped letters", frames(&|| said(&"\\u3042".repeat(100_000)), 1)),
        Costly::post(
            "/v1/session",
            "a token of 1 MB",
            format!(r#"{{"site":"{key}","token":"{}"}}"#, "a.".repeat(500_000)),
        ),
        Costly::post(
            "/v1/session",
            "a name of 1 MB",
            format!(r#"{{"site":"{key}","who":{{"user":"{}"}}}}"#, "u".repeat(1_000_000)),
        ),
        Costly::post(
            "/v1/facts",
            "16,000 facts",
            format!(r#"{{"facts":[{}]}}"#, vec!["{}"; 16_000].join(",")),
        ),
        Costly::put("/v1/accounts/a", "16,000 traits", {
            let traits: Vec<String> = (0..16_000).rev().map(|n| format!("\"{n:05}\":0")).collect();
            format!(r#"{{"traits":{{{}}}}}"#, traits.join(","))
        }),
        Costly::post("/api/session", "a sign-in of brackets", "[".repeat(16_000)),
        Costly::post("/api/session", "a sign-in of fields", {
            let fields: Vec<String> = (0..1_500).map(|n| format!("\"f{n}\":0")).collect();
            format!("{{{}}}", fields.join(","))
        }),
    ]
}

/// What backends publish.
fn authored() -> Vec<Costly> {
    let step = |n: usize, more: &str| {
        format!(
            "[[stage.step]]\nid=\"s{n}\"\ntitle={{ja=\"a\"}}\nwhy={{ja=\"b\"}}\nminutes=1\ndone={{fact=\"f\"}}\n{more}\n"
        )
    };
    let flow = |steps: usize, more: &dyn Fn(usize) -> String| {
        let head =
            "name=\"setup\"\nlocales=[\"ja\"]\ntitle={ja=\"a\"}\n[[stage]]\nid=\"a\"\ntitle={ja=\"a\"}\n";
        let steps: Vec<String> = (0..steps).map(|n| step(n, &more(n))).collect();
        format!("{head}{}", steps.concat())
    };
    let publish = |name, body| Costly::put("/v1/flows/setup", name, body);
    let desk = |name, body: String| {
        Costly::put("/v1/desk", name, format!(r#"{{"zone":"Asia/Tokyo","weekdays":["10:00-12:00"],{body}}}"#))
    };
    let teams: Vec<String> = (0..32).map(|n| format!(r#"{{"id":"{n}","steps":["s{n}"]}}"#)).collect();
    let teams = teams.join(",");
    vec![
        publish(
            "a flow of 1,200 steps in a chain",
            flow(1_200, &|n| format!("after=[\"s{}\"]", n.saturating_sub(1))),
        ),
        publish(
            "a flow of 1,200 steps in a circle",
            flow(1_200, &|n| format!("after=[\"s{}\"]", (n + 1) % 1_200)),
        ),
        publish(
            "a flow that waits for 12,000 unknown steps",
            flow(40, &|_| format!("after=[{}\"x\"]", "\"nobody\",".repeat(300))),
        ),
        publish("a flow of 10,000 unknown fields", (0..10_000).map(|n| format!("titl{n}=1\n")).collect()),
        publish("a flow in 10,000 languages", format!("locales=[{}\"ja\"]\n", "\"xx\",".repeat(10_000))),
        publish("a flow of brackets", "[".repeat(100_000)),
        publish("a flow with a key of 100 kB", format!("{}=1", "k".repeat(100_000))),
        publish("a flow of 1 MB", "#".repeat(1_000_000)),
        desk(
            "10,000 closed years for 32 teams",
            format!(
                r#""closed":[{}"2026-01-01"],"teams":[{teams}]"#,
                r#""2026-01-01 to 2026-12-31","#.repeat(10_000)
            ),
        ),
        desk(
            "40,000 mistakes for 32 teams",
            format!(r#""closed":[{}"x"],"teams":[{teams}]"#, r#""x","#.repeat(40_000)),
        ),
        desk(
            "an article of 900 kB of emphasis",
            format!(
                r#""articles":[{{"id":"a","title":{{"ja":"a"}},"text":{{"ja":"{}"}}}}]"#,
                "*_[`".repeat(225_000)
            ),
        ),
    ]
}

fn events(key: &str) -> Vec<(&'static str, String)> {
    let event = |data: &str| {
        format!(
            r#"{{"id":"{}","at":{},"session":"{}","n":1,"kind":"custom","data":{data}}}"#,
            fresh_id(),
            now(),
            fresh_id()
        )
    };
    let batch = |events: &str| {
        format!(r#"{{"site":"{key}","who":{{"user":"u"}},"sent_at":{},"events":[{events}]}}"#, now())
    };
    let table = |keys: &mut dyn Iterator<Item = String>| {
        let mut pairs = String::new();
        for key in keys {
            let comma = if pairs.is_empty() { "" } else { "," };
            // Writing to a String does not fail.
            let _ = write!(pairs, "{comma}\"{key}\":0");
        }
        format!("{{{pairs}}}")
    };
    let full = |data: &str| vec![event(data); 30].join(",");
    let descending = table(&mut (0..3_000).rev().map(|n| format!("{n:04}")));
    let equal = table(&mut std::iter::repeat_n("same".to_owned(), 3_000));
    let wide = table(&mut (0..80_000).rev().map(|n| format!("{n:05}")));
    let long = format!("{{\"n\":{}}}", "9".repeat(30_000));
    let text = format!("{{\"n\":\"{}\"}}", "\\u3042".repeat(5_000));
    vec![
        ("30 events with 3,000 descending keys", batch(&full(&descending))),
        ("30 events with 3,000 equal keys", batch(&full(&equal))),
        ("one event with 80,000 descending keys", batch(&event(&wide))),
        ("30 events with a number of 30,000 digits", batch(&full(&long))),
        ("30 events of escaped letters", batch(&full(&text))),
        ("500,000 events of one digit", batch(&vec!["0"; 500_000].join(","))),
        ("200 events", batch(&vec![event("{}"); 200].join(","))),
        ("a bomb of 64 MiB", " ".repeat(64 << 20)),
    ]
}
