//! A backup while the collector has much to write.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::json;
use tabiji_tests::{Stack, binary, fresh_id};
use tokio::process::Command;

/// Clients that write one after the other.
const CLIENTS: usize = 8;
/// Facts that each client writes at most, so that the load ends by itself.
const MOST: usize = 20_000;
/// How long a backup may take: it copies some megabytes.
const PATIENCE: Duration = Duration::from_secs(60);

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

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_ends_and_is_whole_while_others_write_and_holds_nobody_up() -> Result<()> {
    let (stack, _) = Stack::start(1).await?;
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
    eprintln!("backup: {took:?}; {during} facts beside it; the longest answer took {longest:?}");
    assert!(during > 0, "the others wrote beside it");
    // What was acknowledged before it began is in it.
    let restored = stack.restored(&archive).await?;
    let facts = restored.export()?.len();
    assert!(facts >= before, "{facts} of {before}");
    restored.tabiji(&["rebuild"])?;
    Ok(())
}
