//! Bodies that cost a parser most, and what the collector takes for each.

use std::fmt::Write as _;
use std::io::Write as _;

use anyhow::{Result, ensure};
use tabiji_tests::{Stack, fresh_id, now};

/// What one body may cost, in milliseconds of processor time.
const MOST_MS: f64 = 20.0;
/// How often each is sent: processor time is counted in hundredths of a second.
const TIMES: u32 = 20;

/// Sends each body and prints what it cost.
pub async fn measure(stack: &Stack) -> Result<()> {
    println!("{:44}{:>8}{:>10}{:>8}", "a body", "bytes", "status", "CPU ms");
    for (name, body) in bodies(stack.key("public_key")) {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        gzip.write_all(body.as_bytes())?;
        let sent = gzip.finish()?;
        let before = stack.collector_cpu()?;
        let mut status = 0;
        for _ in 0..TIMES {
            let request = stack.client.post(format!("{}/v1/events", stack.url()));
            let request = request.header("content-encoding", "gzip").body(sent.clone());
            status = request.send().await?.status().as_u16();
        }
        let after = stack.collector_cpu()?;
        let cost = (after.0 - before.0 + after.1 - before.1) * 1e3 / f64::from(TIMES);
        println!("{name:44}{:>8}{status:>10}{cost:>8.1}", sent.len());
        ensure!(cost < MOST_MS && status < 500, "{name}: {cost} ms, status {status}");
    }
    Ok(())
}

fn bodies(key: &str) -> Vec<(&'static str, String)> {
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
