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

#[tokio::test]
async fn s32_calls_of_a_page_that_is_left_at_once_arrive() -> Result<()> {
    let (stack, ports) = Stack::start(1).await?;
    stack.publish(&demo_flow())?;
    let calls = |name: &str| format!("tabiji('track', '{name}', {{ n: 3, mail: 'taro@example.com' }});");
    let who = identify(&stack, "u1", "a1")?;
    let host =
        HostPage::start(ports[0], &snippet(&stack, "", &format!("{who} {}", calls("left"))), "").await?;
    let browser = Browser::start().await?;
    // Nothing of the widget but the script tag's own file can come in time.
    let held = json!({ "patterns": [{ "urlPattern": "*/assets/*" }] });
    browser.tools("Fetch.enable", held).await?;
    browser.open(&host.url).await?;
    browser.wait("typeof tabiji.again == 'function'").await?;
    browser.eval("tabiji('identify', 'u2'); tabiji('track', 'of another')").await?;
    // Another page of the product, fifty milliseconds after the first, where the widget cannot be fetched at all.
    browser.tools("Fetch.disable", json!({})).await?;
    browser.tools("Network.enable", json!({})).await?;
    browser.tools("Network.setBlockedURLs", json!({ "urls": ["*/assets/*"] })).await?;
    host.change(&snippet(&stack, "", &format!("{who} {}", calls("failed"))));
    browser.open(&format!("{}second", host.url)).await?;
    browser.wait("!document.querySelector('#tabiji')").await?;
    let kept = browser.eval("return JSON.stringify(Object.entries(localStorage))").await?;
    let is_kept = kept
        .as_str()
        .is_some_and(|kept| kept.contains("left") && kept.contains("failed") && !kept.contains("eyJ"));
    assert!(is_kept, "all of it and no token: {kept}");
    browser.tools("Network.setBlockedURLs", json!({ "urls": [] })).await?;
    host.change(&snippet(&stack, "", &who));
    browser.open(&format!("{}third", host.url)).await?;
    Widget(&browser).ready().await?;
    for _ in 0..300 {
        let tracked = stack.tracked()?;
        if ["left", "failed"].iter().all(|name| tracked.iter().any(|one| one == name)) {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    let rows = stack.export()?;
    let left: Vec<_> = rows.iter().filter(|row| row["body"]["data"]["name"] == "left").collect();
    assert_eq!(left.len(), 1);
    assert_eq!((&left[0]["user"], &left[0]["body"]["data"]["mail"]), (&json!("u1"), &json!("[mail]")));
    // What is another person's waits for them.
    assert!(!stack.tracked()?.contains(&"of another".to_owned()));
    browser.eval("tabiji('identify', 'u2')").await?;
    for _ in 0..300 {
        if stack.tracked()?.contains(&"of another".to_owned()) {
            return Ok(());
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    anyhow::bail!("{:?}", stack.tracked()?)
}

#[tokio::test]
async fn s32_calls_of_a_page_that_is_left_at_once_arrive_under_the_basic_panel() -> Result<()> {
    let (stack, ports) = Stack::start(1).await?;
    stack.publish(&demo_flow())?;
    let calls = format!("{} tabiji('track', location.pathname);", identify(&stack, "u1", "a1")?);
    // Without `wasm-unsafe-eval` no WebAssembly is compiled.
    let policy = format!("script-src 'unsafe-inline' {0}; connect-src {0}", stack.url());
    let host = HostPage::start(ports[0], &snippet(&stack, "", &calls), &policy).await?;
    let browser = Browser::start().await?;
    browser.tools("Network.enable", json!({})).await?;
    let visit = async |page: &str, blocked: &[&str], until: &str| -> Result<()> {
        browser.tools("Network.setBlockedURLs", json!({ "urls": blocked })).await?;
        browser.open(&format!("{}{page}", host.url)).await?;
        browser.wait(until).await?;
        Ok(())
    };
    // The first page goes away before the panel is there, and on the second one nothing reaches the collector.
    let held = json!({ "patterns": [{ "urlPattern": "*/assets/*" }] });
    browser.tools("Fetch.enable", held).await?;
    visit("first", &[], "typeof tabiji.again == 'function'").await?;
    browser.open("about:blank").await?;
    browser.tools("Fetch.disable", json!({})).await?;
    let lie = |n: usize| format!("tabiji('ready').then(() => {EARLY} == {n})");
    visit("second", &["*/v1/events"], &lie(3)).await?;
    assert_eq!(stack.tracked()?, [] as [&str; 0]);
    // The third one sends what both left, and its own.
    visit("third", &[], &lie(0)).await?;
    let mut tracked = stack.tracked()?;
    tracked.sort();
    assert_eq!(tracked, ["/first", "/second", "/third"]);
    Ok(())
}
