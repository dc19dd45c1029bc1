//! A guest in someone's page: early calls, hostile surroundings, and leaving no trace.

use std::time::Duration;

use anyhow::Result;
use serde_json::{Value, json};
use tabiji_tests::{Browser, HostPage, Stack, Widget, demo_flow, identify, snippet};
use thirtyfour::prelude::*;

async fn page(before: &str, calls: &str) -> Result<(Stack, HostPage, Browser)> {
    let (stack, ports) = Stack::start(1).await?;
    stack.publish(&demo_flow())?;
    let calls = format!("{}{calls}", identify(&stack, "u1", "acct-1")?);
    let page = HostPage::start(ports[0], &snippet(&stack, before, &calls), "").await?;
    let browser = Browser::start().await?;
    browser.open(&page.url).await?;
    Ok((stack, page, browser))
}

/// Waits until the host's own events that the collector has are these.
async fn tracked(stack: &Stack, browser: &Browser, expected: &[String]) -> Result<()> {
    // Longer than any pause between two questions for news, after which the outbox hurries.
    for _ in 0..1_000 {
        if stack.tracked()? == expected {
            return Ok(());
        }
        browser.eval("return new Promise((done) => setTimeout(done, 100))").await?;
    }
    assert_eq!(stack.tracked()?, expected);
    Ok(())
}

fn names(range: std::ops::Range<u32>) -> Vec<String> {
    range.map(|n| format!("event-{n}")).collect()
}

#[tokio::test]
async fn g44_early_calls_run_once_in_order_and_unknown_ones_warn() -> Result<()> {
    // The console of some pages makes calls of its own.
    let before = "window.warned = []; window.heard = 0;
        console.warn = (text) => { warned.push(text); tabiji('explode', 2); };";
    let calls = "for (let n = 0; n < 5; n++) tabiji('track', 'event-' + n);
        tabiji('explode', 1); tabiji('on', 'ready', () => { heard++; tabiji('track', 'event-5'); });";
    let (stack, _page, browser) = page(before, calls).await?;
    browser.wait("tabiji('ready')?.then(() => true)").await?;
    tracked(&stack, &browser, &names(0..6)).await?;
    // Nothing of it comes a second time with what comes later.
    browser.eval("tabiji('track', 'event-6')").await?;
    tracked(&stack, &browser, &names(0..7)).await?;
    let made = "return [heard, warned.filter((text) => text.includes('explode')).length]";
    assert_eq!(browser.eval(made).await?, json!([1, 1]));
    assert_eq!(browser.eval("return errors").await?, json!([]));
    Ok(())
}

/// Notes the outcomes of events, and gives the ids of those on the device.
const OUTCOMES: &str = "window.outcomes = []; window.lost = 0;
    const { fetch: get } = window;
    window.fetch = async (url, how) => {
        const answer = await get(url, how);
        if (!String(url).endsWith('/v1/events')) return answer;
        // It has reached the collector, and the page never knows.
        if (window.loses) throw (lost++, new TypeError('the answer is lost'));
        answer.clone().json().then(({ results }) => outcomes.push(...results.map(({ outcome }) => outcome)));
        return answer;
    };
    window.kept = () => new Promise((done) => {
        const open = indexedDB.open('tabiji', 1);
        open.onsuccess = () => {
            const all = open.result.transaction('events').objectStore('events').getAllKeys();
            all.onsuccess = () => (open.result.close(), done(all.result));
        };
    });";

#[tokio::test]
async fn g45_t1_without_a_collector_nothing_stops_and_nothing_is_lost() -> Result<()> {
    let (mut stack, _page, browser) = page(OUTCOMES, "").await?;
    let widget = Widget(&browser);
    widget.open().await?;
    stack.kill_collector();
    // As fast as a page may.
    browser
        .eval("window.n = 0; window.some = (most) => { for (let k = 0; k < most; k++) tabiji('track', 'event-' + n++); if (n < 500) setTimeout(some, 1000, 40); }; some(100)")
        .await?;
    // Progress goes on by itself.
    widget.click("[aria-describedby='note-tell-team']").await?;
    widget.press(".unfolded", "完了にする").await?;
    widget.wait("[aria-describedby='note-tell-team']", "it.classList.contains('done')").await?;
    widget.wait(".notice", "it.textContent.includes('つながって')").await?;
    browser.wait("n == 500").await?;
    // Each is on the device, under the id by which the collector will know it.
    let kept = browser.eval("return kept()").await?;
    let kept: Vec<&str> = kept.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    assert!(kept.len() > 500, "{} events are kept", kept.len());
    // The collector is back, and no answer of it: what it has by now is sent again, by this page and by the next one.
    browser.eval("window.loses = true").await?;
    stack.start_collector().await?;
    // Longer than any pause between two questions for news, after which the outbox hurries.
    for _ in 0..1_000 {
        if browser.eval("return lost").await? != json!(0) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(!stack.tracked()?.is_empty(), "nothing had arrived");
    browser.driver.refresh().await?;
    widget.open().await?;
    widget.wait("[aria-describedby='note-tell-team']", "it.classList.contains('done')").await?;
    tracked(&stack, &browser, &names(0..500)).await?;
    browser.wait("kept().then((kept) => kept.length === 0)").await?;
    assert_eq!(stack.tracked()?, names(0..500), "nothing is doubled");
    let all =
        "return [outcomes.includes('duplicate'), outcomes.every((one) => /^(stored|duplicate)$/.test(one))]";
    assert_eq!(browser.eval(all).await?, json!([true, true]));
    let rows = stack.export()?;
    let stored: Vec<&str> = rows.iter().filter_map(|row| row["body"]["id"].as_str()).collect();
    assert!(kept.iter().all(|id| stored.iter().filter(|one| one == &id).count() == 1), "each id once");
    assert_eq!(browser.eval("return errors").await?, json!([]));
    Ok(())
}

#[tokio::test]
async fn a_page_that_opens_without_a_collector_shows_what_it_last_knew() -> Result<()> {
    let (mut stack, page, browser) = page("", "").await?;
    let widget = Widget(&browser);
    widget.open().await?;
    stack.kill_collector();
    // The loader itself comes from the browser's cache, as it does for a real visitor.
    browser.open(&page.url).await?;
    widget.open().await?;
    widget.wait(".card h3", "it.textContent === '5人のユーザーを登録する'").await?;
    Ok(())
}

#[tokio::test]
async fn t8_an_event_outlives_the_tab_that_was_killed() -> Result<()> {
    let (mut stack, page, browser) = page("", "").await?;
    Widget(&browser).open().await?;
    browser.eval("return tabiji('ready').then(() => true)").await?;
    // Nothing can have left by another way.
    stack.kill_collector();
    let first = browser.driver.window().await?;
    let second = browser.driver.new_tab().await?;
    browser.driver.switch_to_window(first).await?;
    browser.eval("tabiji('track', 'event-0')").await?;
    let crash = browser.tools("Page.crash", json!({}));
    // The tab is gone, so there may be no answer.
    let _ = tokio::time::timeout(Duration::from_secs(3), crash).await;
    let alive = tokio::time::timeout(Duration::from_secs(3), browser.eval("return 1")).await;
    assert!(!matches!(alive, Ok(Ok(_))), "the tab still runs: {alive:?}");
    stack.start_collector().await?;
    browser.driver.switch_to_window(second).await?;
    browser.open(&page.url).await?;
    tracked(&stack, &browser, &names(0..1)).await
}

#[tokio::test]
async fn g46_t9_t10_t12_what_is_left_leaves_once_when_the_page_is_hidden() -> Result<()> {
    let before = "window.beacons = []; const beacon = navigator.sendBeacon.bind(navigator);
        navigator.sendBeacon = (url, body) => { beacons.push(body); return beacon(url, body); };
        window.heard = []; const add = EventTarget.prototype.addEventListener;
        EventTarget.prototype.addEventListener = function (name, ...rest) { heard.push([this === window ? 'window' : 'other', name]); return add.call(this, name, ...rest); };";
    let (mut stack, _page, browser) = page(before, "").await?;
    Widget(&browser).open().await?;
    browser.eval("return tabiji('ready').then(() => true)").await?;
    stack.kill_collector();
    browser.eval("tabiji('track', 'event-0')").await?;
    let hide = "Object.defineProperty(Document.prototype, 'visibilityState', { value: 'hidden', configurable: true });
        const count = () => beacons.filter((body) => body.includes('event-0')).length;
        document.dispatchEvent(new Event('visibilitychange')); const hidden = count();
        window.dispatchEvent(new Event('pagehide')); return [hidden, count()]";
    assert_eq!(browser.eval(hide).await?, json!([1, 1]), "once, as soon as it is hidden");
    let leaving = "return [heard.some(([on, name]) => on === 'window' && name === 'pagehide'), heard.some(([, name]) => /unload/.test(name))]";
    assert_eq!(browser.eval(leaving).await?, json!([true, false]));
    // T12: a beacon proves nothing, so the event is still kept and arrives once.
    browser
        .eval("delete Document.prototype.visibilityState; document.dispatchEvent(new Event('visibilitychange'))")
        .await?;
    stack.start_collector().await?;
    tracked(&stack, &browser, &names(0..1)).await?;
    // A page that really goes away, in the very task in which something happened: nothing of it runs any longer.
    browser.eval("tabiji('track', 'event-1'); location = 'about:blank'").await?;
    browser.wait("location.href === 'about:blank'").await?;
    tracked(&stack, &browser, &names(0..2)).await
}

#[tokio::test]
async fn g47_t16_storage_that_throws_is_no_reason_to_stop() -> Result<()> {
    let before = "for (const name of ['localStorage', 'sessionStorage', 'indexedDB'])
        Object.defineProperty(window, name, { get() { throw new DOMException('denied', 'SecurityError'); } });";
    let (stack, _page, browser) = page(before, "tabiji('track', 'event-0');").await?;
    Widget(&browser).open().await?;
    tracked(&stack, &browser, &names(0..1)).await?;
    assert_eq!(browser.eval("return errors").await?, json!([]));
    Ok(())
}

#[tokio::test]
async fn t26_a_patched_fetch_or_a_broken_module_is_not_the_hosts_problem() -> Result<()> {
    let fetch = "window.fetch = () => { throw new Error('patched'); };";
    let broken = "const real = window.fetch; window.fetch = (url, ...rest) => String(url).endsWith('.wasm') ? Promise.resolve(new Response('not a module')) : real(url, ...rest);";
    for before in [fetch, broken] {
        let (_stack, _page, browser) = page(before, "").await?;
        let widget = Widget(&browser);
        widget.click(".launcher").await?;
        widget.wait(".basic h2", "true").await?;
        browser.press(Key::Escape).await?;
        assert_eq!(browser.eval("return errors").await?, json!([]), "{before}");
    }
    Ok(())
}

#[tokio::test]
async fn destroy_leaves_the_document_as_it_was() -> Result<()> {
    let (stack, ports) = Stack::start(1).await?;
    stack.publish(&demo_flow())?;
    let silent = snippet(&stack, "", "").replace(&format!(" data-site=\"{}\"", stack.key("public_key")), "");
    let page = HostPage::start(ports[0], &silent, "").await?;
    let browser = Browser::start().await?;
    browser.open(&page.url).await?;
    browser.wait("!window.tabiji.q").await?;
    let start = format!(
        "tabiji('init', '{}'); {} return tabiji('ready').then(() => true)",
        stack.key("public_key"),
        identify(&stack, "u1", "acct-1")?
    );
    let counters = async || -> Result<(String, u64)> {
        browser.tools("HeapProfiler.collectGarbage", json!({})).await?;
        let counted = browser.tools("Memory.getDOMCounters", json!({})).await?;
        let html = browser.eval("return document.documentElement.outerHTML").await?;
        Ok((html.as_str().unwrap_or_default().to_owned(), counted["jsEventListeners"].as_u64().unwrap_or(0)))
    };
    let before = counters().await?;
    for _ in 0..3 {
        browser.eval(&start).await?;
        // Not by the driver's own click: it would remember the elements, and they could not go.
        Widget(&browser).ask(".launcher", "it.click()").await?;
        Widget(&browser).wait(".panel .row", "true").await?;
        browser.eval("tabiji('destroy')").await?;
    }
    // The widget is destroyed in a task of its own, and the browser collects its listeners when it likes.
    let mut after = counters().await?;
    for _ in 0..100 {
        if after.1 <= before.1 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        after = counters().await?;
    }
    assert_eq!(after.0, before.0, "no node is left");
    assert!(after.1 <= before.1, "{} listeners before, {} after", before.1, after.1);
    assert_eq!(
        browser.eval("tabiji('track', 'late'); return errors").await?,
        json!([]),
        "calls after the end do nothing"
    );
    Ok(())
}

#[tokio::test]
async fn a_new_version_reaches_open_pages_and_keeps_what_was_done() -> Result<()> {
    let (stack, _page, browser) = page("", "").await?;
    let widget = Widget(&browser);
    widget.open().await?;
    stack.fact("acct-1", "users", 5).await?;
    widget.wait(".row", "it.classList.contains('done')").await?;
    let text = std::fs::read_to_string(demo_flow())?;
    let stricter = text
        .replace("at_least = 5", "at_least = 50")
        .replace("5人のユーザーを登録する", "50人のユーザーを登録する");
    assert_eq!(stack.publish_text(&stricter)?.trim(), "setup@2 published");
    widget
        .wait(".row", "it.querySelector('span').textContent === '50人のユーザーを登録する' && it.classList.contains('done')")
        .await?;
    Ok(())
}

#[tokio::test]
async fn the_next_person_on_this_browser_sees_nothing_of_the_last() -> Result<()> {
    let (stack, _page, browser) = page("", "").await?;
    let widget = Widget(&browser);
    widget.open().await?;
    stack.fact("acct-1", "users", 5).await?;
    widget.wait(".row", "it.classList.contains('done')").await?;
    browser.eval("tabiji('reset')").await?;
    // Nobody in particular is there now, and has done nothing.
    widget.wait(".launcher", "!it.textContent.includes('あと4つ')").await?;
    widget.wait(".unseen", "it.textContent === ''").await?;
    let kept = "return Object.keys(localStorage).filter((key) => localStorage[key].includes('acct-1') || localStorage[key].includes('あと4つ'))";
    assert_eq!(browser.eval(kept).await?, json!([]));
    let second = identify(&stack, "u2", "acct-2")?;
    browser.eval(&format!("{second} tabiji('track', 'event-0')")).await?;
    widget.open().await?;
    widget.wait(".panel .card h3", "it.textContent === '5人のユーザーを登録する'").await?;
    assert_eq!(widget.ask(".row.done", "true").await?, json!(null));
    tracked(&stack, &browser, &names(0..1)).await?;
    let by_second = |row: &Value| row["body"]["data"]["name"] == "event-0" && row["account"] == "acct-2";
    assert!(stack.export()?.iter().any(by_second));
    Ok(())
}

#[tokio::test]
async fn mistakes_of_the_page_stay_small() -> Result<()> {
    let (stack, _page, browser) =
        page("", "tabiji('on', 'error', (error) => (window.tag = error.tag));").await?;
    Widget(&browser).open().await?;
    browser.eval("tabiji('start', 'no-such-step'); tabiji('track', 'large', { text: 'x'.repeat(400000) }); tabiji('track', 'event-0')").await?;
    tracked(&stack, &browser, &names(0..1)).await?;
    assert_eq!(browser.eval("return [errors, window.tag]").await?, json!([[], "too_large"]));
    let shown = stack.export()?.iter().filter(|row| row["body"]["kind"] == "step.shown").count();
    assert_eq!(shown, 1, "a step is shown once");
    Ok(())
}

#[tokio::test]
async fn a_page_may_destroy_the_widget_from_inside_its_own_call() -> Result<()> {
    let calls = "tabiji('on', 'opened', () => tabiji('destroy'));";
    let (_stack, _page, browser) = page("", calls).await?;
    Widget(&browser).ready().await?;
    browser.eval("tabiji('open')").await?;
    browser.wait("!document.querySelector('#tabiji')").await?;
    browser.eval("return new Promise((done) => requestAnimationFrame(() => setTimeout(done)))").await?;
    assert_eq!(browser.eval("return errors").await?, json!([]));
    Ok(())
}
