//! An event is on disk when the call returns, whatever part of the widget has not been fetched yet.

use anyhow::Result;
use serde_json::json;
use tabiji_tests::{Browser, HostPage, Stack, Widget, demo_flow, identify, snippet};

const EARLY: &str = "Object.keys(localStorage).filter((key) => key.startsWith('tabiji:early:')).length";

#[tokio::test]
async fn what_happens_before_the_outbox_is_there_outlives_the_page() -> Result<()> {
    let (stack, ports) = Stack::start(1).await?;
    stack.publish(&demo_flow())?;
    let body = snippet(&stack, "", &identify(&stack, "u1", "a1")?);
    let host = HostPage::start(ports.first().copied().unwrap_or_default(), &body, "").await?;
    let browser = Browser::start().await?;
    browser.tools("Network.enable", json!({})).await?;
    browser.tools("Network.setBlockedURLs", json!({ "urls": ["*/assets/part-*"] })).await?;
    browser.open(&host.url).await?;
    Widget(&browser).ready().await?;
    // The launcher is live: what happens now is on disk in the same moment, though nothing could send it.
    browser.wait("tabiji('ready').then(() => true)").await?;
    let kept = format!("tabiji('track', 'early'); return {EARLY}");
    assert_eq!(browser.eval(&kept).await?, json!(1));
    browser.open("about:blank").await?;
    assert!(!stack.tracked()?.contains(&"early".to_owned()), "nothing could send it");
    browser.tools("Network.setBlockedURLs", json!({ "urls": [] })).await?;
    // Another visit finds it, sends it once, and forgets it.
    browser.open(&host.url).await?;
    browser.wait(&format!("tabiji('ready').then(() => {EARLY} === 0)")).await?;
    let sent = |tracked: &[String]| tracked.iter().filter(|name| *name == "early").count();
    for _ in 0..100 {
        if sent(&stack.tracked()?) > 0 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(sent(&stack.tracked()?), 1);
    Ok(())
}
