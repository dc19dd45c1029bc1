//! A backup of much while the collector has much to write.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use futures_util::future::try_join_all;
use serde_json::json;
use tabiji_tests::{Stack, binary, fresh_id, now};
use tokio::process::Command;

/// Clients that write one after the other.
const CLIENTS: usize = 8;
/// Facts that each client writes at most, so that the load ends by itself.
const MOST: usize = 20_000;
/// How long a backup may take, on a busy machine and unoptimized.
const PATIENCE: Duration = Duration::from_secs(300);
/// Bytes of the database that is copied.
const MUCH: u64 = 100 * 1024 * 1024;

/// Writes facts, a commit each, until it is stopped; returns the longest wait for an answer.
async fn load(stack: &Stack, client: usize, stop: &AtomicBool, written: &AtomicUsize) -> Result<Duration> {
    let mut longest = Duration::ZERO;
    for n in 0..MOST {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let name = format!("count-{client}-{}", "x".repeat(80));
        let fact = json!({ "id": fresh_id(), "account": format!("acct-{client}"), "name": name, "value": n });
        let request = stack.client.post(format!("{}/v1/facts", stack.url()));
        let request = request.bearer_auth(stack.key("secret_key")).json(&json!({ "facts": [fact] }));
        let begun = Instant::now();
        let answer = request.send().await?;
        longest = longest.max(begun.elapsed());
        // The site's own rate may be spent; that is an answer, too.
        if answer.status().is_success() {
            written.fetch_add(1, Ordering::Relaxed);
        } else {
            ensure!(answer.status() == 429, "{}", answer.text().await?);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
    Ok(longest)
}

/// Writes events that cannot be packed until the database is large.
async fn fill(stack: &Stack) -> Result<()> {
    let token = stack.token("tanaka", "acct-1")?;
    let event = || {
        let mut noise = [0; 11_000];
        getrandom::fill(&mut noise).map(|()| {
            let data = json!({ "name": "x", "noise": BASE64_STANDARD.encode(noise) });
            json!({ "id": fresh_id(), "at": now(), "session": fresh_id(), "n": 1, "kind": "custom", "data": data })
        })
    };
    while stack.database_size()? < MUCH {
        let batches = (0..CLIENTS).map(|_| async {
            let events = (0..14).map(|_| event()).collect::<Result<Vec<_>, _>>()?;
            let body = json!({ "site": stack.key("public_key"), "token": token, "sent_at": now(), "events": events });
            let answer = stack.client.post(format!("{}/v1/events", stack.url())).json(&body).send().await?;
            ensure!(answer.status() == 200, "{}", answer.text().await?);
            Ok(())
        });
        try_join_all(batches).await?;
    }
    Ok(())
}

/// S29, and case 39.
#[tokio::test(flavor = "multi_thread")]
async fn s29_a_backup_ends_and_is_whole_while_others_write_and_holds_nobody_up() -> Result<()> {
    let (stack, _) = Stack::start(1).await?;
    fill(&stack).await?;
    let stack = Arc::new(stack);
    let (stop, written) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let clients: Vec<_> = (0..CLIENTS)
        .map(|client| {
            let (stack, stop, written) = (Arc::clone(&stack), Arc::clone(&stop), Arc::clone(&written));
            tokio::spawn(async move { load(&stack, client, &stop, &written).await })
        })
        .collect();
    let until = async |count: usize| {
        while written.load(Ordering::Relaxed) < count {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(PATIENCE, until(500)).await.context("no load came up")?;
    let archive = stack.data().join("backup.tar.zst");
    let before = written.load(Ordering::Relaxed);
    let (data, file) = (stack.data().display().to_string(), archive.display().to_string());
    let backup = Command::new(binary("tabiji")?).args(["backup", &file, "--data", &data]).output();
    let begun = Instant::now();
    let done = tokio::time::timeout(PATIENCE, backup).await.context("the backup does not end")??;
    let took = begun.elapsed();
    ensure!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let during = written.load(Ordering::Relaxed) - before;
    tokio::time::timeout(PATIENCE, until(before + during + 100)).await.context("nobody writes any more")?;
    stop.store(true, Ordering::Relaxed);
    let mut longest = Duration::ZERO;
    for client in clients {
        longest = longest.max(client.await??);
    }
    eprintln!(
        "backup of {} MiB: {took:?}; {during} facts beside it; the longest answer took {longest:?}",
        std::fs::metadata(stack.data().join("tabiji.db"))?.len() / 1024 / 1024
    );
    assert!(during > 0, "the others wrote beside it");
    assert!(
        longest < took.max(Duration::from_secs(1)),
        "an answer took {longest:?}: writers waited for the backup"
    );
    // What was acknowledged before it began is in it.
    let restored = stack.restored(&archive, &[]).await?;
    let facts = restored.export()?.len();
    assert!(facts >= before, "{facts} of {before}");
    restored.tabiji(&["rebuild"])?;
    Ok(())
}
