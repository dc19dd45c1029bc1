//! How long CS waits for the funnel when many accounts are on their way.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use tabiji_tests::{Stack, fresh_id};

/// What the demo's flow waits for, and how many in a hundred accounts have it.
const FACTS: [(&str, u64, u64); 4] =
    [("users", 5, 90), ("pipeline", 1, 75), ("deals", 3, 60), ("managers", 1, 30)];
/// Facts in a request, as many as a collector takes.
const BATCH: usize = 200;
const ASKED: usize = 7;

/// Moves the accounts as the host's backend does; gives how many facts that took.
pub async fn fill(stack: &Stack, accounts: u64) -> Result<usize> {
    let has = |n: u64, share: u64| n * 37 % 100 < share;
    let facts: Vec<Value> = FACTS
        .iter()
        .flat_map(|&(name, value, share)| {
            let some = (0..accounts).filter(move |n| has(*n, share));
            some.map(move |n| json!({ "id": fresh_id(), "account": format!("acct-{n:06}"), "name": name, "value": value }))
        })
        .collect();
    for batch in facts.chunks(BATCH) {
        let request =
            stack.client.post(format!("{}/v1/facts", stack.url())).bearer_auth(stack.key("secret_key"));
        let answer = request.json(&json!({ "facts": batch })).send().await?;
        ensure!(answer.status().is_success(), "{}", answer.text().await?);
    }
    Ok(facts.len())
}

/// The time of the first look at the default view, the median of the next ones, and the accounts in it.
pub async fn ask(stack: &Stack) -> Result<(Duration, Duration, u64)> {
    let link = stack.link()?;
    let secret = link.rsplit('#').next().unwrap_or_default();
    let form = json!({ "link": secret, "email": "cs@example.com", "password": "a good passphrase" });
    let session = stack.client.post(format!("{}/api/session", stack.url())).json(&form).send().await?;
    let cookie = session.headers().get("set-cookie").context("no session")?.to_str()?.to_owned();
    let url = format!("{}/api/journey?site={}", stack.url(), stack.key("public_key"));
    let mut took = Vec::new();
    let mut entered = 0;
    for _ in 0..ASKED {
        let asked = Instant::now();
        let request = stack.client.get(&url).header("cookie", cookie.split(';').next().unwrap_or_default());
        let report: Value = request.send().await?.error_for_status()?.json().await?;
        took.push(asked.elapsed());
        entered = report["n"].as_u64().unwrap_or(0);
    }
    let first = took.remove(0);
    took.sort();
    Ok((first, took[took.len() / 2], entered))
}
