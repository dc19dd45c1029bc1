//! What stands between the page and the collector and answers by itself: a firewall's page ends nothing.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use serde_json::json;
use tabiji_tests::{Browser, FlowFile, HostPage, Stack, Widget, identify, snippet, stop};

/// Longer than the pauses that a minute of refusals adds up to.
const PATIENCE: Duration = Duration::from_secs(90);

/// While `wall` stands, every question gets a page of that status instead of an answer, or what `says` has.
const WALL: &str =
    "window.wall = 403; window.says = '<!doctype html><title>Just a moment</title>'; window.blocked = [];
const real = window.fetch;
window.fetch = (url, options) => {
  if (!wall || options?.method != 'POST') return real(url, options);
  blocked.push(new URL(url).pathname);
  return Promise.resolve(new Response(says, { status: wall, headers: { 'content-type': 'text/html' } }));
};";

/// Waits until an event is stored; it is stored once.
async fn is_stored_once(stack: &Stack, name: &str) -> Result<()> {
    let begun = Instant::now();
    loop {
        let rows = stack.export()?;
        let stored = rows.iter().filter(|row| row["body"]["data"]["name"] == name).count();
        if stored > 0 {
            assert_eq!(stored, 1, "{name}");
            return Ok(());
        }
        if begun.elapsed() > PATIENCE {
            bail!("{name} is not stored: {rows:?}");
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

#[tokio::test]
async fn s31_a_firewalls_page_drops_nothing_and_ends_nothing() -> Result<()> {
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
    browser.eval("window.wall = 0").await?;
    widget.open().await?;
    widget.wait(".card", "it.textContent.length > 0").await?;
    is_stored_once(&stack, "first").await?;
    // What is sent meets it as well, called a success, a refusal or a pause, and goes out later under the same id. A
    // gateway answers in a form of its own, which is not the collector's.
    let walls = [
        (200, "<!doctype html>"),
        (403, "<!doctype html>"),
        (503, "<!doctype html>"),
        (401, r#"{"error":"Unauthorized"}"#),
        (403, r#"{"error":{"message":"Forbidden"}}"#),
    ];
    for (n, (status, says)) in walls.iter().enumerate() {
        let wall = format!("window.wall = {status}; window.says = '{says}'; blocked = []");
        browser.eval(&format!("{wall}; tabiji('track', 'behind {n}')")).await?;
        browser.wait("blocked.some((path) => path.endsWith('/v1/events'))").await?;
        browser.eval("window.wall = 0").await?;
        is_stored_once(&stack, &format!("behind {n}")).await?;
    }
    // By now a second copy would have come.
    for n in 0..walls.len() {
        is_stored_once(&stack, &format!("behind {n}")).await?;
    }
    assert_eq!(browser.eval("return errors").await?, json!([]));
    Ok(())
}

#[tokio::test]
async fn s31_a_firewalls_page_drops_nothing_under_the_basic_panel() -> Result<()> {
    let (stack, ports) = Stack::start(1).await?;
    stack.publish_text(&FlowFile::done("{ confirmed = true }").with(&stop("field", "")).text())?;
    let identity = identify(&stack, "u1", "acct-1")?;
    // Without `wasm-unsafe-eval` no WebAssembly is compiled.
    let policy = format!("script-src 'unsafe-inline' {0}; connect-src {0}", stack.url());
    let page = HostPage::start(ports[0], &snippet(&stack, WALL, &identity), &policy).await?;
    let browser = Browser::start().await?;
    browser.open(&page.url).await?;
    let widget = Widget(&browser);
    widget.click(".launcher").await?;
    widget.wait(".basic", "true").await?;
    let kinds = [
        (200, "<!doctype html>", "page"),
        (200, "{\"blocked\":true}", "object"),
        (200, "null", "nothing"),
        (403, "<!doctype html>", "forbidden"),
        (503, "<!doctype html>", "away"),
    ];
    for (status, says, name) in kinds {
        let blocked = format!(
            "window.wall = {status}; window.says = '{says}'; blocked = []; tabiji('track', '{name}')"
        );
        browser.eval(&blocked).await?;
        browser.wait("blocked.some((path) => path.endsWith('/v1/events'))").await?;
    }
    // A page where the widget runs sends them.
    page.change(&snippet(&stack, "", &identity));
    page.change_policy("");
    browser.open(&page.url).await?;
    for (_, _, name) in kinds {
        is_stored_once(&stack, name).await?;
    }
    Ok(())
}
