//! What the outbox makes of each answer, in a real browser: nothing that was tracked is dropped, nothing is sent twice
//! for nothing, and a pause that was asked for is kept.

use std::ops::RangeInclusive;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use tabiji_tests::{Browser, HostPage, Stack, Widget, demo_flow, identify, now, snippet};

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
window.delays = []; const later = window.setTimeout; window.setTimeout = (run, millis, ...rest) => { delays.push(millis); return later(run, millis, ...rest); };
window.withName = (name) => sent.filter(({ names }) => names.includes(name));";

/// Notes the errors that the page receives.
const TELL: &str = " tabiji('on', 'error', (event) => told.push(event.tag));";

struct Page {
    stack: Stack,
    browser: Browser,
    host: HostPage,
}

impl Page {
    /// A page whose outbox is empty.
    async fn settled() -> Result<Self> {
        let (stack, ports) = Stack::start(1).await?;
        stack.publish(&demo_flow())?;
        let host = HostPage::start(ports[0], "", "").await?;
        let calls = identify(&stack, "u1", "a1")? + TELL;
        host.change(&snippet(&stack, PLAN, &calls));
        let browser = Browser::start().await?;
        browser.open(&host.url).await?;
        Widget(&browser).ready().await?;
        browser.eval("return tabiji('ready').then(() => true)").await?;
        let page = Self { stack, browser, host };
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
    // What comes meanwhile waits as well, and neither a network that is back, nor another token, nor a page that is hidden
    // is a reason to send.
    page.browser
        .eval("window.beacons = 0; navigator.sendBeacon = () => ++beacons > 0; tabiji('track', 'b'); dispatchEvent(new Event('online'))")
        .await?;
    page.browser.eval(&identify(&page.stack, "u1", "a1")?).await?;
    page.browser.eval("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true })); dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))").await?;
    assert_eq!(page.ask("[withName('a').length, beacons]").await?, json!([1, 0]));
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

/// What the clock of the page jumps over: the pauses that are expected, in their turn, and no other timer.
const JUMP: &str = "let ahead = 0; const { now } = Date; Date.now = () => now() + ahead;
    const wait = window.setTimeout; window.setTimeout = (run, millis, ...rest) => {
        if (millis !== expected[0]) return wait(run, millis, ...rest);
        ahead += expected.shift();
        return wait(run, 0, ...rest);
    };
    window.fails = () => { if (expected.length > 1) plan.push(fails); return reply(500, {}, refusal); };";

/// T2: at both ends of the jitter and between them.
#[tokio::test]
async fn t2_after_500s_pauses_double_within_half_and_one_and_a_half_up_to_five_minutes() -> Result<()> {
    let page = Page::settled().await?;
    page.browser.eval("window.expected = []").await?;
    page.browser.eval(JUMP).await?;
    // The last one is the largest below 1 that is a whole number of 1024ths.
    for (name, chance) in [("least", 0.0), ("some", 0.25), ("most", 1023.0 / 1024.0)] {
        let nominal = (0..11).map(|failures| (1_000_i64 << failures).min(300_000));
        let pauses: Vec<i64> =
            nominal.map(|nominal| ((nominal as f64 * (0.5 + chance)) as i64).min(300_000)).collect();
        let last = pauses.len() - 1;
        page.browser.eval(&format!("Math.random = () => {chance}; expected = {}; plan = [fails]; tabiji('track', '{name}')", json!(pauses))).await?;
        page.browser.wait(&format!("expected.length === 0 && withName('{name}').length === {}", last + 2)).await?;
        page.stored(&[name]).await?;
    }
    Ok(())
}

#[tokio::test]
async fn t5_after_a_401_nothing_is_sent_until_there_is_another_token() -> Result<()> {
    nothing_is_sent_after(401).await
}

#[tokio::test]
async fn t5_after_a_402_nothing_is_sent_until_there_is_another_token() -> Result<()> {
    nothing_is_sent_after(402).await
}

/// A device has more than it keeps when the collector refuses.
async fn nothing_is_sent_after(status: u16) -> Result<()> {
    let page = Page::settled().await?;
    let owner = format!("{}|u1|", page.stack.key("public_key"));
    page.browser.eval(&left(2_050, &owner)).await?;
    let refuse = format!(
        "window.no = () => {{ plan.push(no); return reply({status}, {{}}, {{ error: {{ tag: 'bad_token', message: 'no' }} }}); }}; plan = [no];"
    );
    let calls = identify(&page.stack, "u1", "a1")? + TELL;
    page.host.change(&snippet(&page.stack, &format!("{PLAN}{KEPT}{refuse}"), &calls));
    page.browser.open(&page.host.url).await?;
    page.browser.wait("told.length > 0").await?;
    let before = page.ask("sent.length").await?;
    page.browser.eval("for (const name of ['b', 'c']) tabiji('track', name)").await?;
    page.browser.wait("kept().then((kept) => kept === 2000)").await?;
    // Longer than what is gathered for, and than the first pause after a failure.
    tokio::time::sleep(Duration::from_secs(4)).await;
    assert_eq!(page.ask("[sent.length, told]").await?, json!([before, ["bad_token"]]));
    assert!(!page.stack.tracked()?.contains(&"b".to_owned()));
    // A token of another second is another one.
    page.browser.eval("plan = []; no = undefined").await?;
    page.browser.eval(&identify(&page.stack, "u1", "a1")?).await?;
    page.stored(&["b", "c"]).await?;
    page.browser.wait("kept().then((kept) => kept === 0)").await?;
    let rows = page.stack.export()?;
    let stored = rows.iter().filter(|row| row["body"]["session"] == VISIT).count();
    let dropped = reports(&page, "events.dropped", "reason", "full").await?;
    let dropped: f64 = dropped.iter().filter_map(|data| data["n"].as_f64()).sum();
    assert_eq!(stored as f64 + dropped, 2_050.0, "what was beyond the cap is counted");
    Ok(())
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

/// The first pause is a second, and jitter makes it one and a half.
const FIRST: std::ops::Range<f64> = 0.0..3_000.0;

#[tokio::test]
async fn t4_a_date_to_come_back_at_is_kept_and_a_past_one_or_nonsense_is_not() -> Result<()> {
    let page = Page::settled().await?;
    let pause = async |name: &str, header: &str| -> Result<f64> {
        let plan = format!(
            "plan = [() => reply(503, {{ 'retry-after': {header} }}, refusal)]; tabiji('track', '{name}')"
        );
        page.browser.eval(&plan).await?;
        page.stored(&[name]).await?;
        let between = format!("withName('{name}')[1].at - withName('{name}')[0].at");
        Ok(page.ask(&between).await?.as_f64().unwrap_or_default())
    };
    // A date has no parts of a second.
    let date = pause("date", "new Date(Date.now() + 8000).toUTCString()").await?;
    assert!((6_500.0..20_000.0).contains(&date), "{date}");
    let past = pause("past", "'Wed, 21 Oct 2015 07:28:00 GMT'").await?;
    assert!(FIRST.contains(&past), "{past}");
    let nonsense = pause("nonsense", "'soon'").await?;
    assert!(FIRST.contains(&nonsense), "{nonsense}");
    // More than an hour is not waited for.
    page.browser
        .eval("plan = [() => reply(503, { 'retry-after': '86400' }, refusal)]; tabiji('track', 'long')")
        .await?;
    page.browser.wait("withName('long').length == 1 && delays.includes(3600000)").await?;
    Ok(())
}

#[tokio::test]
async fn t13_a_page_that_comes_back_goes_on_under_new_ids() -> Result<()> {
    let page = Page::settled().await?;
    let ids = "sent.flatMap(({ ids }) => ids)";
    page.browser.eval("window.mark = 1; tabiji('track', 'before')").await?;
    page.stored(&["before"]).await?;
    let before = page.ask(ids).await?;
    page.browser.eval("window.dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true })); tabiji('track', 'hidden'); window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })); tabiji('track', 'after')").await?;
    page.stored(&["before", "hidden", "after"]).await?;
    let after = page.ask(ids).await?;
    let (before, after) =
        (before.as_array().cloned().unwrap_or_default(), after.as_array().cloned().unwrap_or_default());
    assert!(after.len() >= before.len() + 2 && after.starts_with(&before));
    assert!(after[before.len()..].iter().all(|id| !before.contains(id)), "an id was used again");
    Ok(())
}

/// The browser keeps the page whole while the person is elsewhere, and shows it again.
#[tokio::test]
async fn t13_a_page_taken_out_of_the_browsers_cache_goes_on_under_new_ids() -> Result<()> {
    let page = Page::settled().await?;
    page.browser
        .eval("addEventListener('pageshow', ({ persisted }) => { window.restored = persisted }); addEventListener('pagehide', () => tabiji('track', 'leaving')); tabiji('track', 'before')")
        .await?;
    page.stored(&["before"]).await?;
    page.browser.open("about:blank").await?;
    page.browser.driver.back().await?;
    page.browser.wait("window.restored").await?;
    page.browser.eval("tabiji('track', 'after')").await?;
    page.stored(&["before", "leaving", "after"]).await?;
    let ids = page.ask("withName('after')[0].ids.filter((id) => sent.some((one) => one.ids.includes(id) && !one.names.includes('after')))");
    assert_eq!(ids.await?, json!([]), "an id was used again");
    // What comes by itself comes again: the steps are asked for.
    page.stack.fact("a1", "users", 5).await?;
    page.browser.wait("document.querySelector('#tabiji').shadowRoot.querySelector('.launcher').textContent.includes('あと4つ')").await?;
    Ok(())
}

#[tokio::test]
async fn t14_two_tabs_deliver_everything_and_take_turns() -> Result<()> {
    let page = Page::settled().await?;
    let first = page.browser.driver.window().await?;
    // Each notes when it begins and ends to send, where both can read it.
    let note = "const sends = window.fetch; window.fetch = async (url, options) => {
        if (!String(url).endsWith('/v1/events')) return sends(url, options);
        const begun = Date.now();
        try { return await sends(url, options); } finally { const all = JSON.parse(localStorage.turns ?? '[]'); all.push([begun, Date.now()]); localStorage.turns = JSON.stringify(all); }
      };";
    let track = |tab: &str| {
        format!(
            "{note} let n = 0; const some = (most) => {{ for (let k = 0; k < most && n < 1000; k++) tabiji('track', '{tab}-' + n++); if (n < 1000) setTimeout(some, 1000, 45); }}; some(90)"
        )
    };
    page.browser.eval(&track("a")).await?;
    let second = page.browser.driver.new_window().await?;
    page.browser.driver.switch_to_window(second).await?;
    page.browser.open(&page.host.url).await?;
    Widget(&page.browser).ready().await?;
    page.browser.eval(&track("b")).await?;
    let begun = Instant::now();
    let (mut all, mut ids) = (0, std::collections::HashSet::new());
    while begun.elapsed() < 2 * PATIENCE {
        let rows = page.stack.export()?;
        let mine: Vec<&Value> = rows
            .iter()
            .filter(|row| {
                row["body"]["data"]["name"]
                    .as_str()
                    .is_some_and(|name| name.starts_with("a-") || name.starts_with("b-"))
            })
            .collect();
        all = mine.len();
        ids = mine.iter().map(|row| row["body"]["id"].to_string()).collect();
        if all >= 2_000 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    assert_eq!((all, ids.len()), (2_000, 2_000));
    page.browser.driver.switch_to_window(first).await?;
    let overlap = "(() => { const turns = JSON.parse(localStorage.turns).sort(([a], [b]) => a - b); return [turns.length > 1, turns.filter(([begun], at) => at && begun < turns[at - 1][1])]; })()";
    assert_eq!(page.ask(overlap).await?, json!([true, []]));
    Ok(())
}

#[tokio::test]
async fn t15_on_a_full_device_events_go_out_from_memory_and_it_is_told() -> Result<()> {
    let mut page = Page::settled().await?;
    // A browser counts what an origin has before its first page, and not again at once.
    page.browser = Browser::start().await?;
    let origin = page.host.url.trim_end_matches('/');
    page.browser.tools("Storage.overrideQuotaForOrigin", json!({ "origin": origin, "quotaSize": 1 })).await?;
    page.browser.open(&page.host.url).await?;
    Widget(&page.browser).ready().await?;
    let full = "localStorage.hosts = 'x'.repeat(1000);
        for (let size = 1 << 22; size > 0; size >>= 1) try { while (true) localStorage.hosts += 'x'.repeat(size); } catch {}
        return localStorage.hosts.length";
    let before = page.browser.eval(full).await?;
    page.browser.eval("tabiji('track', 'a'); tabiji('track', 'b')").await?;
    page.stored(&["a", "b"]).await?;
    assert_eq!(page.ask("localStorage.hosts.length").await?, before, "what the page keeps is untouched");
    assert_eq!(reports(&page, "widget.error", "tag", "storage_degraded").await?.len(), 1);
    Ok(())
}

/// Waits for reports of the widget itself: their data.
async fn reports(page: &Page, kind: &str, name: &str, value: &str) -> Result<Vec<Value>> {
    let begun = Instant::now();
    loop {
        let rows = page.stack.export()?;
        let data =
            rows.iter().filter(|row| row["body"]["kind"] == kind).map(|row| row["body"]["data"].clone());
        let found: Vec<Value> = data.filter(|data| data[name] == value).collect();
        if !found.is_empty() || begun.elapsed() > PATIENCE {
            return Ok(found);
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test]
async fn t17_s31_what_is_damaged_is_set_aside_and_the_rest_goes_out() -> Result<()> {
    let page = Page::settled().await?;
    let site = page.stack.key("public_key").to_owned();
    let damage = format!(
        "const owner = '{site}|u1|'; localStorage['tabiji:early:' + owner + '|early'] = '{{\"id\":';
         const open = indexedDB.open('tabiji', 1);
         return new Promise((done) => open.onsuccess = () => {{
           const write = open.result.transaction('events', 'readwrite');
           for (const [n, event] of ['{{broken', 7, null, '[]', '\"text\"', 'null'].entries()) write.objectStore('events').put({{ id: 'damaged-' + n, owner, event }});
           write.oncomplete = () => {{ open.result.close(); done(true); }};
         }})"
    );
    page.browser.eval(&damage).await?;
    for name in ["a", "b"] {
        page.browser.open(&page.host.url).await?;
        Widget(&page.browser).ready().await?;
        page.browser.eval(&format!("tabiji('track', '{name}')")).await?;
        page.stored(&[name]).await?;
    }
    assert_eq!(reports(&page, "widget.error", "tag", "storage_damaged").await?.len(), 1);
    let aside = "Object.keys(localStorage).filter((key) => key.startsWith('tabiji:damaged:')).length";
    assert_eq!(page.ask(aside).await?, json!(7));
    Ok(())
}

#[tokio::test]
async fn t19_t27_where_nothing_gets_through_it_is_told_once_and_asked_rarely() -> Result<()> {
    let page = Page::settled().await?;
    let silent = "window.lines = []; for (const name of ['log', 'info', 'warn', 'error']) console[name] = (...given) => lines.push(given.join(' '));
        window.block = () => { plan.push(block); return Promise.reject(new TypeError('Failed to fetch')); }; plan = [block]; tabiji('track', 'a')";
    page.browser.eval(silent).await?;
    page.browser.wait("told.length > 0").await?;
    let before = page.ask("withName('a').length").await?;
    assert_eq!(before, json!(3));
    page.browser.eval("tabiji('track', 'b')").await?;
    // Longer than the pauses that come without it.
    tokio::time::sleep(Duration::from_secs(15)).await;
    assert_eq!(page.ask("[withName('a').length, told, lines]").await?, json!([3, ["unreachable"], []]));
    assert_eq!(
        page.ask("delays.includes(300000)").await?,
        json!(true),
        "the next attempt comes in five minutes"
    );
    Widget(&page.browser).open().await?;
    // Where there was no network at all, its return is what is waited for.
    page.browser.eval("plan = []; window.dispatchEvent(new Event('online'))").await?;
    page.stored(&["a", "b"]).await
}

#[tokio::test]
async fn t25_a_loop_is_held_to_a_burst_and_what_is_dropped_is_counted() -> Result<()> {
    let page = Page::settled().await?;
    page.browser.eval("return new Promise((done) => setTimeout(done, 3000))").await?;
    let spent = page
        .ask("(() => { const begun = performance.now(); for (let n = 0; n < 10000; n++) tabiji('track', 'loop'); return performance.now() - begun; })()")
        .await?;
    assert!(spent.as_f64().unwrap_or(f64::MAX) < 5_000.0, "the page was held for {spent} ms");
    page.browser.eval("return new Promise((done) => setTimeout(done, 3000))").await?;
    page.browser.eval("tabiji('track', 'after')").await?;
    page.stored(&["after"]).await?;
    let stored = page.stack.tracked()?.iter().filter(|name| *name == "loop").count();
    let dropped: f64 = reports(&page, "events.dropped", "reason", "rate")
        .await?
        .iter()
        .filter_map(|data| data["n"].as_f64())
        .sum();
    assert!((100..200).contains(&stored), "{stored}");
    assert_eq!(stored as f64 + dropped, 10_000.0);
    Ok(())
}

#[tokio::test]
async fn an_event_that_is_too_large_for_what_is_between_lets_the_others_pass() -> Result<()> {
    let page = Page::settled().await?;
    let proxy = "window.small = (url, options, events) => { plan.push(small); return options.body.includes('giant') ? reply(413, {}, 'too large') : real(url, options); };
        plan = [small]; tabiji('track', 'giant', { text: 'x'.repeat(20000) }); for (const n of [1, 2, 3]) tabiji('track', 'e' + n)";
    page.browser.eval(proxy).await?;
    page.stored(&["e1", "e2", "e3"]).await?;
    assert_eq!(
        reports(&page, "events.dropped", "reason", "too_large").await?,
        [json!({ "reason": "too_large", "n": 1 })]
    );
    assert!(!page.stack.tracked()?.contains(&"giant".to_owned()));
    Ok(())
}

/// What visits without a network left on the device of this owner: so many events, of them sixty reports of a clip, sixty
/// of guides, and many of steps, in turn as they happened.
fn left(events: u32, owner: &str) -> String {
    format!(
        "const owner = '{owner}', begun = Date.now() - 60_000;
    const id = (n) => (begun + n).toString(16).padStart(12, '0').replace(/^(.{{8}})(.{{4}})$/, '$1-$2-7000-a000-000000000000');
    const made = (n, kind, rest) => ({{ id: id(n), at: begun + n, session: '{VISIT}', n, kind, ...rest }});
    const event = (n) => n % 10 == 1 && n <= 600 ? made(n, 'video.progress', {{ data: {{ clip: 'first-setup', at: n }} }})
        : n % 10 == 2 && n <= 600 ? made(n, 'guide.ended', {{ data: {{ stop: 1, reason: 'closed' }} }})
        : made(n, 'step.shown', {{ step: 'tell-team' }});
    return new Promise((done) => {{
        const open = indexedDB.open('tabiji', 1);
        open.onsuccess = () => {{
            const write = open.result.transaction('events', 'readwrite');
            for (let n = 1; n <= {events}; n++) write.objectStore('events').put({{ id: id(n), owner, event: JSON.stringify(event(n)) }});
            write.oncomplete = () => {{ open.result.close(); done(true); }};
        }};
    }})"
    )
}

/// How many events the device keeps.
const KEPT: &str = "window.kept = () => new Promise((done) => {
        const open = indexedDB.open('tabiji', 1);
        open.onsuccess = () => {
            const all = open.result.transaction('events').objectStore('events').count();
            all.onsuccess = () => (open.result.close(), done(all.result));
        };
    });";

/// The page's own requests do not get through until `plan` is empty.
const CUT_OFF: &str = "window.cut = () => { plan.push(cut); return Promise.reject(new TypeError('Failed to fetch')); }; plan = [cut];";

const VISIT: &str = "018bcfe5-6800-7000-a000-000000000000";

#[tokio::test]
async fn t18_at_the_cap_transitions_go_last_and_the_ledger_says_what_was_dropped() -> Result<()> {
    let page = Page::settled().await?;
    let owner = format!("{}|u1|", page.stack.key("public_key"));
    page.browser.eval(&left(2_200, &owner)).await?;
    let calls = identify(&page.stack, "u1", "a1")? + TELL;
    page.host.change(&snippet(&page.stack, &format!("{PLAN}{KEPT}{CUT_OFF}"), &calls));
    page.browser.open(&page.host.url).await?;
    // Nothing is given up that may be on its way: from here on it is asked rarely.
    page.browser.wait("told.includes('unreachable') && kept().then((kept) => kept <= 2000)").await?;
    // At the cap, what the page tracks is worth less than all that is left.
    page.browser.eval("for (let n = 0; n < 100; n++) tabiji('track', 'burst'); tabiji('track', 'huge', { text: 'x'.repeat(400000) })").await?;
    page.browser.wait("kept().then((kept) => kept <= 2000)").await?;
    page.browser.eval("plan = []; dispatchEvent(new Event('online'))").await?;
    page.browser.wait("kept().then((kept) => kept === 0)").await?;
    let rows = page.stack.export()?;
    let kinds = |kind: &str| rows.iter().filter(|row| row["body"]["kind"] == kind).count();
    let is_left = |row: &&Value| row["body"]["session"] == VISIT;
    let mut left: Vec<u64> =
        rows.iter().filter(is_left).filter_map(|row| row["body"]["n"].as_u64()).collect();
    left.sort_unstable();
    assert_eq!((kinds("video.progress"), kinds("guide.ended")), (0, 0));
    assert!(!page.stack.tracked()?.iter().any(|name| name == "burst"));
    // Of the transitions the oldest went, and no more than there were too many.
    let first = left[0];
    assert!((103..=110).contains(&first), "{first} is the first that is left");
    let expected: Vec<u64> = (first..=2200).filter(|n| *n > 600 || !matches!(n % 10, 1 | 2)).collect();
    assert_eq!(left, expected);
    let given_up = (2_200 - left.len() + 100) as u64;
    let reports = |reason: &str| -> u64 {
        let reports = rows.iter().map(|row| &row["body"]["data"]).filter(|data| data["reason"] == reason);
        reports.filter_map(|data| data["n"].as_f64()).sum::<f64>() as u64
    };
    assert_eq!((reports("full"), reports("too_large")), (given_up, 1));
    // The collector adds them up for customer success.
    let ledger = format!("{}/api/integration?site={}", page.stack.url(), page.stack.key("public_key"));
    let cookie = page.stack.agent().await?;
    let expected = json!([{ "reason": "full", "n": given_up }, { "reason": "too_large", "n": 1 }]);
    let begun = Instant::now();
    loop {
        let report: Value =
            page.stack.client.get(&ledger).header("cookie", &cookie).send().await?.json().await?;
        if report["intake"]["dropped"] == expected {
            return Ok(());
        }
        if begun.elapsed() > PATIENCE {
            bail!("{} instead of {expected}", report["intake"]);
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Three days in milliseconds, and ten hours.
const THREE_DAYS: i64 = 3 * 86_400_000;
const TEN_HOURS: i64 = 10 * 3_600_000;

impl Page {
    /// Lets the page's clock be ahead by so much, from its next visit on.
    async fn ahead(&self, millis: i64) -> Result<()> {
        self.browser.clock_by_storage().await?;
        self.browser.eval(&format!("localStorage.ahead = {millis}")).await?;
        self.visit().await
    }

    async fn visit(&self) -> Result<()> {
        self.browser.open(&self.host.url).await?;
        Widget(&self.browser).ready().await
    }

    /// Tracks an event; returns between which times of the collector's clock that was.
    async fn track(&self, name: &str) -> Result<RangeInclusive<i64>> {
        let before = now();
        self.browser.eval(&format!("tabiji('track', '{name}')")).await?;
        Ok(before..=now())
    }

    /// When an event happened: as the collector corrected it, and by the clock of the page.
    fn times(&self, name: &str) -> Result<(i64, i64)> {
        let rows = self.stack.export()?;
        let row = rows.iter().find(|row| row["body"]["data"]["name"] == name);
        let row = row.with_context(|| format!("{name} is not stored"))?;
        let time = |value: &Value| value.as_i64().context("an event without a time");
        Ok((time(&row["at"])?, time(&row["body"]["at"])?))
    }
}

/// Fails when a time is further than two seconds away from when something was.
fn near(time: i64, truth: &RangeInclusive<i64>) {
    assert!((truth.start() - 2_000..=truth.end() + 2_000).contains(&time), "{time} instead of {truth:?}");
}

#[tokio::test]
async fn t23_a_page_whose_clock_is_three_days_ahead_is_corrected_within_two_seconds() -> Result<()> {
    let page = Page::settled().await?;
    page.ahead(THREE_DAYS).await?;
    let truth = page.track("early").await?;
    page.stored(&["early"]).await?;
    let (corrected, raw) = page.times("early")?;
    near(corrected, &truth);
    // The page's own time is kept.
    near(raw - THREE_DAYS, &truth);
    Ok(())
}

#[tokio::test]
async fn t24_what_a_page_kept_for_ten_hours_offline_lies_ten_hours_back_in_its_own_spacing() -> Result<()> {
    let mut page = Page::settled().await?;
    page.ahead(THREE_DAYS).await?;
    page.stack.kill_collector();
    let first = page.track("first").await?;
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    let second = page.track("second").await?;
    // Ten hours pass on the device.
    page.browser.eval(&format!("localStorage.ahead = {}", THREE_DAYS + TEN_HOURS)).await?;
    page.browser.open("about:blank").await?;
    page.stack.start_collector().await?;
    page.visit().await?;
    page.stored(&["first", "second"]).await?;
    let times = [page.times("first")?, page.times("second")?];
    for ((corrected, raw), truth) in times.into_iter().zip([first, second]) {
        near(corrected + TEN_HOURS, &truth);
        near(raw - THREE_DAYS, &truth);
    }
    let [(first, first_raw), (second, second_raw)] = times;
    assert_eq!(second - first, second_raw - first_raw, "the spacing is what it was");
    Ok(())
}
