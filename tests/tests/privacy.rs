//! What leaves a browser, and what stays on the device: nothing before the person agrees, nothing after they take it
//! back, and never what is personal in what a page tracks.

use std::time::Duration;

use anyhow::Result;
use serde_json::{Value, json};
use tabiji_tests::{Browser, FlowFile, HostPage, Stack, Widget, identify, snippet, stop};

/// Longer than it takes the widget to begin on a page that lets it.
const WHILE: Duration = Duration::from_secs(6);

/// Notes every request but the script tag's own, and every change of storage.
const WATCH: &str = "window.asked = []; window.stored = [];
const fetched = window.fetch; window.fetch = (url, ...rest) => (asked.push(String(url)), fetched(url, ...rest));
const beacon = navigator.sendBeacon.bind(navigator); navigator.sendBeacon = (url, ...rest) => (asked.push(String(url)), beacon(url, ...rest));
const put = Storage.prototype.setItem; Storage.prototype.setItem = function (key, ...rest) { stored.push(key); return put.call(this, key, ...rest); };
const opened = IDBFactory.prototype.open; IDBFactory.prototype.open = function (name, ...rest) { stored.push('database ' + name); return opened.call(this, name, ...rest); };";

/// What the device has of the widget.
const KEPT: &str = "indexedDB.databases().then((all) => [...Object.keys(localStorage), ...Object.keys(sessionStorage), ...all.map(({ name }) => name)].filter((name) => name.startsWith('tabiji')))";

const REQUESTS: &str =
    "performance.getEntriesByType('resource').filter(({ name }) => /assets|v1/.test(name)).length";

struct Page {
    stack: Stack,
    browser: Browser,
    host: HostPage,
}

impl Page {
    /// A page that was not opened yet.
    async fn new(before: &str, calls: &str, tag: &str) -> Result<Self> {
        let (stack, ports) = Stack::start(1).await?;
        stack.publish_text(&FlowFile::done("{ confirmed = true }").with(&stop("field", "")).text())?;
        let calls = format!("{} {calls}", identify(&stack, "u1", "a1")?);
        let body = snippet(&stack, &format!("{WATCH} {before}"), &calls);
        let host = HostPage::start(ports[0], &body.replace(" data-site=", &format!(" {tag} data-site=")), "")
            .await?;
        Ok(Self { stack, browser: Browser::start().await?, host })
    }

    async fn open(&self) -> Result<()> {
        self.browser.open(&self.host.url).await
    }

    async fn ask(&self, expression: &str) -> Result<Value> {
        self.browser.eval(&format!("return {expression}")).await
    }

    async fn stored(&self, name: &str) -> Result<Vec<Value>> {
        for _ in 0..300 {
            let rows = self.stack.export()?;
            let found: Vec<Value> =
                rows.into_iter().filter(|row| row["body"]["data"]["name"] == name).collect();
            if !found.is_empty() {
                return Ok(found);
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Ok(Vec::new())
    }
}

const NO_SIGNAL: &str = "";
const GPC: &str = "Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { value: true });";
const DNT: &str = "Object.defineProperty(Navigator.prototype, 'doNotTrack', { value: '1' });";

#[tokio::test]
async fn t20_s22_without_consent_nothing_is_asked_and_nothing_is_stored() -> Result<()> {
    for (before, tag) in [(GPC, ""), (DNT, ""), (NO_SIGNAL, "data-consent=\"required\"")] {
        let page = Page::new(before, "tabiji('track', 'early')", tag).await?;
        page.open().await?;
        page.browser.wait("typeof tabiji.again == 'function'").await?;
        tokio::time::sleep(WHILE).await;
        page.browser.eval("tabiji('track', 'meanwhile'); tabiji('open')").await?;
        page.browser.eval("window.dispatchEvent(new Event('pagehide'))").await?;
        let nothing = format!(
            "{KEPT}.then((kept) => [asked, stored, {REQUESTS}, kept, !!document.querySelector('#tabiji')])"
        );
        assert_eq!(page.ask(&nothing).await?, json!([[], [], 0, [], false]), "{before}{tag}");
        // Once they agree, what was called meanwhile is done.
        page.browser.eval("tabiji('consent', true)").await?;
        Widget(&page.browser).ready().await?;
        assert_eq!([page.stored("early").await?.len(), page.stored("meanwhile").await?.len()], [1, 1]);
        assert_eq!(page.ask("errors").await?, json!([]));
    }
    // A page that has consent says so.
    let page = Page::new(GPC, "", "data-consent=\"granted\"").await?;
    page.open().await?;
    Widget(&page.browser).ready().await
}

#[tokio::test]
async fn t21_s22_taking_consent_back_erases_what_is_on_the_device() -> Result<()> {
    let mut page = Page::new("", "", "").await?;
    page.open().await?;
    Widget(&page.browser).ready().await?;
    page.browser.wait("tabiji('ready').then(() => true)").await?;
    // Nothing can leave: all of it waits on the device.
    page.stack.kill_collector();
    page.browser.eval("sessionStorage['tabiji:tab:test'] = 'x'; for (let n = 0; n < 50; n++) tabiji('track', 'kept-' + n)").await?;
    page.browser.wait(&format!("{KEPT}.then((kept) => kept.length > 2)")).await?;
    let erased = format!(
        "(async () => {{ asked.length = 0; const begun = performance.now(); tabiji('consent', false);
            while ((await {KEPT}).length) await new Promise((done) => setTimeout(done, 5));
            return performance.now() - begun; }})()"
    );
    let millis = page.ask(&erased).await?.as_f64().unwrap_or(f64::MAX);
    assert!(millis < 100.0, "{millis}");
    page.browser.eval("tabiji('track', 'never')").await?;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let after = format!("{KEPT}.then((kept) => [asked, kept, !!document.querySelector('#tabiji'), errors])");
    assert_eq!(page.ask(&after).await?, json!([[], [], false, []]));
    // Given again, the page goes on without another `identify`.
    page.stack.start_collector().await?;
    page.browser.eval("tabiji('consent', true); tabiji('track', 'again')").await?;
    Widget(&page.browser).ready().await?;
    let again = page.stored("again").await?;
    assert_eq!((again.len(), &again[0]["user"]), (1, &json!("u1")), "{again:?}");
    assert!(!page.stack.tracked()?.iter().any(|name| name == "never" || name.starts_with("kept-")));
    Ok(())
}

/// Takes consent back at a moment that the address names: as the request begins whose number it is, as the outbox asks
/// for its lock, or after so many milliseconds. `begun` is when.
const TAKE_BACK: &str = "const moment = new URLSearchParams(location.search).get('at'); let requests = 0;
const takeBack = () => { asked.length = 0; window.begun = performance.now(); tabiji('consent', false); };
const watched = window.fetch; window.fetch = (...given) => (++requests == moment && queueMicrotask(takeBack), watched(...given));
const locked = navigator.locks.request.bind(navigator.locks); navigator.locks.request = (name, ...given) => (moment == 'lock' && name == 'tabiji:events' && !window.begun && queueMicrotask(takeBack), locked(name, ...given));
if (moment?.endsWith('ms')) setTimeout(takeBack, parseInt(moment));";

#[tokio::test]
async fn t21_s22_consent_taken_back_at_any_moment_is_taken_back_at_once() -> Result<()> {
    let page = Page::new(TAKE_BACK, "tabiji('track', 'early')", "").await?;
    let later = "performance.getEntriesByType('resource').filter(({ name, startTime }) => startTime > begun && /assets|v1/.test(name)).map(({ name }) => name)";
    for moment in ["0ms", "10ms", "50ms", "1", "2", "3", "4", "5", "6", "lock"] {
        page.browser.open(&format!("{}?at={moment}", page.host.url)).await?;
        page.browser.wait("window.begun").await?;
        tokio::time::sleep(Duration::from_secs(1)).await;
        let nothing = format!(
            "{KEPT}.then((kept) => [asked, {later}, kept, !!document.querySelector('#tabiji'), errors])"
        );
        assert_eq!(page.ask(&nothing).await?, json!([[], [], [], false, []]), "{moment}");
    }
    Ok(())
}

/// Where no socket gets through, the chat is one long answer.
const NO_SOCKETS: &str = "window.WebSocket = class extends WebSocket { constructor(url) { super(url.replace('/v1/', '/nowhere/')); } };
window.signals = []; const called = window.fetch; window.fetch = (url, options) => (String(url).endsWith('/v1/chat/stream') && signals.push(options.signal), called(url, options));";

#[tokio::test]
async fn t21_s22_consent_taken_back_ends_the_stream_of_the_chat() -> Result<()> {
    let page = Page::new(NO_SOCKETS, "", "").await?;
    page.open().await?;
    Widget(&page.browser).talk().await?;
    page.browser.wait("signals.length && !signals.at(-1).aborted").await?;
    page.browser.eval("tabiji('consent', false)").await?;
    assert_eq!(page.ask("signals.every(({ aborted }) => aborted)").await?, json!(true));
    tokio::time::sleep(WHILE).await;
    assert_eq!(page.ask("[signals.some(({ aborted }) => !aborted), errors]").await?, json!([false, []]));
    Ok(())
}

#[tokio::test]
async fn s23_the_address_of_a_page_is_masked_beside_a_message() -> Result<()> {
    let page = Page::new("", "", "").await?;
    page.browser.open(&format!("{}/users/taro@example.com", page.host.url)).await?;
    let widget = Widget(&page.browser);
    widget.talk().await?;
    widget.send("mine is hanako@example.com").await?;
    widget.sent().await?;
    let cookie = page.stack.agent().await?;
    let list = format!("{}/api/inbox?site={}", page.stack.url(), page.stack.key("public_key"));
    let all: Value = page.stack.client.get(list).header("cookie", cookie).send().await?.json().await?;
    let text = all.to_string();
    assert!(text.contains("/users/[mail]") && !text.contains("taro@"), "{text}");
    assert!(text.contains("hanako@example.com"), "a message is sent as it was typed: {text}");
    Ok(())
}

#[tokio::test]
async fn t22_s23_what_is_personal_is_masked_on_the_device() -> Result<()> {
    let page = Page::new("", "", "").await?;
    page.open().await?;
    Widget(&page.browser).ready().await?;
    let track = "tabiji('track', 'order of taro@example.com', { mail: '連絡は 太郎@example.co.jp まで', wide: 'ｔａｒｏ＠ｅｘａｍｐｌｅ．ｃｏｍ',
        phone: '電話は０９０ー１２３４ー５６７８です', abroad: '+1 (555) 123-4567', card: 'visa 4111 1111 1111 1111', digits: 4111111111111111,
        jwt: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln', key: 'sk_live_0123456789abcdef', url: '/reset?token=abc&next=/home',
        order: '12345678', id: '018f4c3e-1111-7abc-8def-1234567890ab', day: '2026-11-27 10:00', price: 12000, at: 1764230400000, vip: true })";
    page.browser.eval(track).await?;
    // Who opens the database first makes it, and that must not be this test.
    page.browser
        .wait("indexedDB.databases().then((all) => all.some(({ name }) => name == 'tabiji'))")
        .await?;
    let kept = "Object.values(localStorage).concat(await new Promise((done) => { const open = indexedDB.open('tabiji', 1);
        open.onsuccess = () => { const all = open.result.transaction('events').objectStore('events').getAll(); all.onsuccess = () => { open.result.close(); done(all.result.map(({ event }) => event)); }; }; })).join(' ')";
    let kept = page.ask(&format!("(async () => {kept})()")).await?;
    let rows = page.stored("order of [mail]").await?;
    let expected = json!({ "name": "order of [mail]", "mail": "連絡は [mail] まで", "wide": "[mail]", "phone": "電話は[phone]です",
        "abroad": "[phone]", "card": "visa [card]", "digits": "[card]", "jwt": "[token]", "key": "[token]",
        "url": "/reset?token=[token]&next=/home", "order": "12345678", "id": "018f4c3e-1111-7abc-8def-1234567890ab",
        "day": "2026-11-27 10:00", "price": 12000.0, "at": 1_764_230_400_000_f64, "vip": true });
    let data = rows.first().map(|row| row["body"]["data"].clone()).unwrap_or_default();
    for (name, value) in expected.as_object().into_iter().flatten() {
        let same = &data[name] == value || data[name].as_f64().is_some_and(|n| Some(n) == value.as_f64());
        assert!(same, "{name}: {} instead of {value}", data[name]);
    }
    for personal in ["taro@", "４", "1234-5678", "4111", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0", "sk_live"] {
        assert!(!kept.as_str().unwrap_or_default().contains(personal), "{personal} is on the device");
    }
    Ok(())
}
