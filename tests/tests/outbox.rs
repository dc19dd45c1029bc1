//! What the outbox makes of each answer, in a real browser: nothing that was tracked is dropped, nothing is sent twice
//! for nothing, and a pause that was asked for is kept.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use serde_json::{Value, json};
use tabiji_tests::{Browser, HostPage, Stack, Widget, demo_flow, identify, snippet};

/// Longer than the longest of the pauses below and a request that takes too long.
const PATIENCE: Duration = Duration::from_secs(60);

/// `plan` has what the next requests to the intake are answered; `sent` has when each was made, and of what.
const PLAN: &str = "window.plan = []; window.sent = []; window.told = [];
const real = window.fetch;
window.reply = (status, headers, body) => new Response(JSON.stringify(body), { status, headers });
window.refusal = { error: { tag: 'too_many_requests', message: '-' } };
window.fetch = (url, options) => {
  if (!String(url).endsWith('/v1/events')) return real(url, options);
  const { events } = JSON.parse(options.body);
  sent.push({ at: performance.now(), ids: events.map(({ id }) => id), names: events.map(({ data }) => data?.name) });
  const answer = plan.shift();
  return answer ? Promise.resolve(answer(url, options, events)) : real(url, options);
};
window.withName = (name) => sent.filter(({ names }) => names.includes(name));";

struct Page {
    stack: Stack,
    browser: Browser,
    _host: HostPage,
}

impl Page {
    /// A page whose outbox is empty.
    async fn settled() -> Result<Self> {
        let (stack, ports) = Stack::start(1).await?;
        stack.publish(&demo_flow())?;
        let host = HostPage::start(ports[0], "", "").await?;
        let calls = format!(
            "{} tabiji('on', 'error', (event) => told.push(event.tag));",
            identify(&stack, "u1", "a1")?
        );
        host.change(&snippet(&stack, PLAN, &calls));
        let browser = Browser::start().await?;
        browser.open(&host.url).await?;
        Widget(&browser).ready().await?;
        browser.eval("return tabiji('ready').then(() => true)").await?;
        let page = Self { stack, browser, _host: host };
        page.browser.eval("tabiji('track', 'settled')").await?;
        page.stored(&["settled"]).await?;
        Ok(page)
    }

    /// Waits until each of these was stored, and checks that none was stored twice.
    async fn stored(&self, names: &[&str]) -> Result<()> {
        let begun = Instant::now();
        loop {
            let tracked = self.stack.tracked()?;
            let counts: Vec<usize> =
                names.iter().map(|name| tracked.iter().filter(|one| one == name).count()).collect();
            if counts.iter().all(|count| *count == 1) {
                return Ok(());
            }
            if counts.iter().any(|count| *count > 1) || begun.elapsed() > PATIENCE {
                bail!("stored {tracked:?}, sent {}", self.browser.eval("return sent").await?);
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    async fn ask(&self, expression: &str) -> Result<Value> {
        self.browser.eval(&format!("return {expression}")).await
    }
}

#[tokio::test]
async fn t3_nothing_is_sent_for_as_long_as_a_429_asks_and_nothing_is_dropped() -> Result<()> {
    let page = Page::settled().await?;
    page.browser
        .eval("plan = [() => reply(429, { 'retry-after': '7' }, refusal)]; tabiji('track', 'a')")
        .await?;
    page.browser.wait("withName('a').length == 1").await?;
    // What comes meanwhile waits as well.
    page.browser.eval("tabiji('track', 'b')").await?;
    page.stored(&["a", "b"]).await?;
    let pause = page.ask("withName('a')[1].at - withName('a')[0].at").await?.as_f64().unwrap_or_default();
    assert!((7_000.0..20_000.0).contains(&pause), "{pause}");
    assert_eq!(
        page.ask(
            "sent.filter(({ at }) => at > withName('a')[0].at && at < withName('a')[0].at + 7000).length"
        )
        .await?,
        json!(0)
    );
    assert_eq!(page.ask("withName('a')[0].ids[0] == withName('a')[1].ids[0]").await?, json!(true));
    Ok(())
}

#[tokio::test]
async fn t5_after_a_401_nothing_is_sent_until_there_is_another_token() -> Result<()> {
    let page = Page::settled().await?;
    let refuse = "window.no = () => { plan.push(no); return reply(401, {}, { error: { tag: 'bad_token', message: 'no' } }); }; plan = [no]; tabiji('track', 'a')";
    page.browser.eval(refuse).await?;
    page.browser.wait("told.length > 0").await?;
    let before = page.ask("sent.length").await?;
    page.browser.eval("for (const name of ['b', 'c']) tabiji('track', name)").await?;
    // Longer than what is gathered for, and than the first pause after a failure.
    tokio::time::sleep(Duration::from_secs(4)).await;
    assert_eq!(page.ask("[sent.length, told]").await?, json!([before, ["bad_token"]]));
    assert!(!page.stack.tracked()?.contains(&"a".to_owned()));
    // A token of another second is another one.
    page.browser.eval("plan = []; no = undefined").await?;
    page.browser.eval(&identify(&page.stack, "u1", "a1")?).await?;
    page.stored(&["a", "b", "c"]).await
}

#[tokio::test]
async fn t6_only_what_is_to_be_sent_again_is_sent_again() -> Result<()> {
    let page = Page::settled().await?;
    let partly = "plan = [async (url, options, events) => {
        const body = JSON.parse(options.body);
        const aside = { e3: 'retry', e5: 'quarantined' };
        body.events = events.filter(({ data }) => !aside[data?.name]);
        const answer = await (await real(url, { ...options, body: JSON.stringify(body) })).json();
        for (const { id, data } of events) if (aside[data?.name]) answer.results.push({ id, outcome: aside[data.name] });
        return reply(200, {}, answer);
    }]; for (const n of [1, 2, 3, 4, 5]) tabiji('track', 'e' + n)";
    page.browser.eval(partly).await?;
    page.stored(&["e1", "e2", "e3", "e4"]).await?;
    let times = "['e1', 'e2', 'e3', 'e4', 'e5'].map((name) => withName(name).length)";
    assert_eq!(page.ask(times).await?, json!([1, 1, 2, 1, 1]));
    assert!(!page.stack.tracked()?.contains(&"e5".to_owned()));
    Ok(())
}

#[tokio::test]
async fn t7_a_request_that_takes_too_long_is_made_again_under_the_same_ids() -> Result<()> {
    let page = Page::settled().await?;
    // The collector has it at once; its answer never comes.
    let slow = "plan = [(url, options) => { real(url, { ...options, signal: undefined }); return new Promise((_, reject) => options.signal.addEventListener('abort', () => reject(options.signal.reason))); }]; tabiji('track', 'a')";
    page.browser.eval(slow).await?;
    page.browser.wait("withName('a').length == 2").await?;
    let pause = page.ask("withName('a')[1].at - withName('a')[0].at").await?.as_f64().unwrap_or_default();
    assert!((10_000.0..20_000.0).contains(&pause), "{pause}");
    assert_eq!(page.ask("withName('a')[0].ids[0] == withName('a')[1].ids[0]").await?, json!(true));
    page.browser.eval("tabiji('track', 'after')").await?;
    page.stored(&["a", "after"]).await
}
