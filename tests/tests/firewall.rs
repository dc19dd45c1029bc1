//! What stands between the page and the collector and answers by itself: a firewall's page ends nothing.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use serde_json::json;
use tabiji_tests::{Browser, FlowFile, HostPage, Stack, Widget, identify, snippet, stop};

/// Longer than the pauses that a minute of refusals adds up to.
const PATIENCE: Duration = Duration::from_secs(90);

/// While `wall` stands, every question gets a page instead of an answer.
const WALL: &str = "window.wall = true; window.blocked = [];
const real = window.fetch;
window.fetch = (url, options) => {
  if (!wall || options?.method != 'POST') return real(url, options);
  blocked.push(new URL(url).pathname);
  return Promise.resolve(new Response('<!doctype html><title>Just a moment</title>', { status: 403, headers: { 'content-type': 'text/html' } }));
};";

#[tokio::test]
async fn a_firewalls_page_drops_nothing_and_ends_nothing() -> Result<()> {
    let (stack, ports) = Stack::start(1).await?;
    stack.publish_text(&FlowFile::done("{ confirmed = true }").with(&stop("field", "")).text())?;
    let page = HostPage::start(ports[0], "", "").await?;
    let calls = format!("{} tabiji('track', 'first');", identify(&stack, "u1", "acct-1")?);
    page.change(&snippet(&stack, WALL, &calls));
    let browser = Browser::start().await?;
    browser.open(&page.url).await?;
    let widget = Widget(&browser);
    // The first question is not answered: the panel comes by itself once it is.
    browser.wait("blocked.some((path) => path.endsWith('/v1/session'))").await?;
    browser.eval("window.wall = false").await?;
    widget.open().await?;
    widget.wait(".card", "it.textContent.length > 0").await?;
    // What is sent meets it as well, and goes out later under the same id.
    browser.eval("window.wall = true; tabiji('track', 'second')").await?;
    browser.wait("blocked.some((path) => path.endsWith('/v1/events'))").await?;
    browser.eval("window.wall = false").await?;
    let begun = Instant::now();
    loop {
        let rows = stack.export()?;
        let stored = |name: &str| rows.iter().filter(|row| row["body"]["data"]["name"] == name).count();
        if stored("first") == 1 && stored("second") == 1 {
            break;
        }
        if begun.elapsed() > PATIENCE {
            bail!("not stored: {rows:?}");
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    assert_eq!(browser.eval("return errors").await?, json!([]));
    Ok(())
}
