//! A panic ends an instance of the widget: a fresh one goes on, the page notices nothing, and the collector receives the reason.

use std::time::Duration;

use anyhow::{Result, bail};
use serde_json::{Value, json};
use tabiji_tests::{Browser, HostPage, Stack, Widget, identify, snippet};

/// A page whose widget can be made to panic; the build for that is `cargo xtask test`'s own.
async fn page() -> Result<(Stack, HostPage, Browser)> {
    let (stack, ports) = Stack::start(1).await?;
    stack.publish(&tabiji_tests::demo_flow())?;
    let port = ports.first().copied().unwrap_or_default();
    let calls = [
        &identify(&stack, "u1", "a1")?,
        "tabiji('on', 'opened', () => (window.opened = (window.opened ?? 0) + 1));",
    ];
    let body = snippet(&stack, "", &calls.concat()).replace("/tabiji.js", "/assets/drill.js");
    let host = HostPage::start(port, &body, "").await?;
    let browser = Browser::start().await?;
    browser.open(&host.url).await?;
    Widget(&browser).ready().await?;
    browser.wait("!!document.querySelector('#tabiji').drill").await?;
    Ok((stack, host, browser))
}

/// Panics in a part, and waits until a fresh widget is there; gives how long that took, in milliseconds.
async fn panic_in(browser: &Browser, part: &str) -> Result<f64> {
    let script = format!(
        "const host = document.querySelector('#tabiji'), begun = performance.now(), drill = host.drill; \
         delete host.drill; window.took = undefined; \
         const look = () => host.drill ? (window.took = performance.now() - begun) : setTimeout(look, 10); look(); \
         setTimeout(() => drill('{part}'))"
    );
    browser.eval(&script).await?;
    Ok(browser.wait("window.took").await?.as_f64().unwrap_or(f64::MAX))
}

/// Waits until the collector has a report of a failed widget with this tag; gives its data.
async fn reported(stack: &Stack, tag: &str) -> Result<Value> {
    for _ in 0..200 {
        let rows = stack.export()?;
        let mut reports =
            rows.iter().filter(|row| row["body"]["kind"] == "widget.error").map(|row| &row["body"]["data"]);
        if let Some(data) = reports.find(|data| data["tag"] == tag) {
            return Ok(data.clone());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    bail!("{tag} is not reported: {:?}", stack.export()?)
}

async fn comes_back_from(part: &str) -> Result<()> {
    let (stack, _host, browser) = page().await?;
    let widget = Widget(&browser);
    let took = panic_in(&browser, part).await?;
    assert!(took < 2_000.0, "{part}: back after {took} ms");
    let report = reported(&stack, "crash").await?;
    assert!(report["message"].as_str().is_some_and(|message| message.contains("a drill")), "{report}");
    // The same person goes on, and what the page asked for is still so.
    widget.open().await?;
    assert_eq!(browser.wait("window.opened").await?, json!(1));
    widget.wait(".progress", "it.ariaValueText.includes('5')").await?;
    assert_eq!(
        widget.ask(".launcher", "it.getRootNode().querySelectorAll('.launcher').length").await?,
        json!(1)
    );
    assert_eq!(browser.eval("return window.errors").await?, json!([]), "the page notices nothing");
    Ok(())
}

#[tokio::test]
async fn a_panic_in_the_panel_brings_a_fresh_widget() -> Result<()> {
    comes_back_from("panel").await
}

#[tokio::test]
async fn a_panic_in_the_clips_brings_a_fresh_widget() -> Result<()> {
    comes_back_from("clips").await
}

#[tokio::test]
async fn a_panic_in_what_runs_behind_brings_a_fresh_widget() -> Result<()> {
    comes_back_from("activity").await
}

#[tokio::test]
async fn a_panic_in_the_chat_brings_a_fresh_widget() -> Result<()> {
    comes_back_from("chat").await
}

#[tokio::test]
async fn a_panic_in_a_prompt_brings_a_fresh_widget() -> Result<()> {
    comes_back_from("prompts").await
}

#[tokio::test]
async fn a_panic_in_a_guide_brings_a_fresh_widget() -> Result<()> {
    comes_back_from("guide").await
}

#[tokio::test]
async fn what_panics_twice_gives_way_to_the_basic_panel() -> Result<()> {
    let (stack, _host, browser) = page().await?;
    panic_in(&browser, "prompts").await?;
    browser.eval("document.querySelector('#tabiji').drill('prompts')").await?;
    let report = reported(&stack, "basic_panel").await?;
    assert_eq!(
        (report["cause"].as_str(), report["part"].as_str()),
        (Some("crash"), Some("prompts")),
        "{report}"
    );
    Widget(&browser).click(".launcher").await?;
    Widget(&browser).wait(".basic li", "true").await?;
    assert_eq!(browser.eval("return window.errors").await?, json!([]), "the page notices nothing");
    Ok(())
}
