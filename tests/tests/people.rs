//! People's data, seen from outside: what leaves a host page and what lies in the data folder, and the ledger of events as
//! customer success sees it.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Result, bail, ensure};
use serde_json::{Value, json};
use tabiji_tests::{Browser, Console, HostPage, Stack, Widget, demo_flow, fresh_id, identify, now, snippet};
use thirtyfour::prelude::*;

const CANARY: &str = "canary";
/// What the page notes of its own traffic, before the widget comes.
const LISTEN: &str = "
    window.sent = [];
    const note = (...all) => sent.push(all.map((one) => typeof one === 'string' ? one : JSON.stringify(one)).join(' '));
    const { fetch: get } = window;
    window.fetch = (url, how) => { note(String(url?.url ?? url), how?.body ?? ''); return get(url, how); };
    const beacon = navigator.sendBeacon.bind(navigator);
    navigator.sendBeacon = (url, body) => {
        new Response(body).text().then((text) => note(String(url), text));
        return beacon(url, body);
    };
    const { send } = WebSocket.prototype;
    WebSocket.prototype.send = function (text) { note(this.url, text); return send.call(this, text); };";

/// Every kind of field that a page can have; a form that refuses what was typed.
const FIELDS: &str = r#"<form id="host"><input name="t"><input type="email" name="e" required>
    <input type="password" name="p"><input type="tel" name="n"><input type="search" name="s"><input type="url" name="u">
    <textarea name="a"></textarea><input type="hidden" name="h" value="canary-hidden">
    <div contenteditable="true" class="rich">x</div><button>Save</button></form>"#;

/// The names of files below a folder that contain a text.
fn holding(folder: &Path, text: &str) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(holding(&path, text)?);
        } else if fs::read(&path)?.windows(text.len()).any(|window| window == text.as_bytes()) {
            found.push(path.display().to_string());
        }
    }
    Ok(found)
}

/// Waits until an event of the host's own is in the journal: longer than the widget's longest pause.
async fn arrives(stack: &Stack, name: &str) -> Result<()> {
    for _ in 0..600 {
        if stack.tracked()?.iter().any(|one| one == name) {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    bail!("{name} never arrived: {:?}", stack.tracked()?)
}

#[tokio::test]
async fn s21_a_canary_in_every_field_of_the_host_page_is_in_no_request_and_no_table() -> Result<()> {
    let (mut stack, ports) = Stack::start(1).await?;
    stack.publish(&demo_flow())?;
    let body = snippet(&stack, LISTEN, &identify(&stack, "u1", "acct-1")?);
    let page = HostPage::start(ports[0], &body.replace("<h1>Host</h1>", FIELDS), "").await?;
    let browser = Browser::start().await?;
    browser.open(&format!("{}settings?q={CANARY}-query#{CANARY}-fragment", page.url)).await?;
    let widget = Widget(&browser);
    widget.ready().await?;
    for field in
        browser.driver.find_all(By::Css("#host :is(input:not([type=hidden]), textarea, .rich)")).await?
    {
        field.send_keys(format!("{CANARY}@")).await?;
    }
    // The browser's complaint about the address quotes what was typed.
    for _ in 0..3 {
        browser.driver.find(By::Css("#host button")).await?.click().await?;
    }
    widget.open().await?;
    widget.talk().await?;
    widget.send("a question of my own").await?;
    browser.eval("tabiji('page'); tabiji('track', 'saved')").await?;
    arrives(&stack, "saved").await?;
    // What is sent when the page is left counts, too.
    browser.eval("dispatchEvent(new Event('pagehide'))").await?;
    let sent: Vec<String> = serde_json::from_value(browser.eval("return sent").await?)?;
    ensure!(
        sent.iter().any(|one| one.contains("a question of my own")),
        "the page hears what is sent: {sent:?}"
    );
    let leaked: Vec<&String> = sent.iter().filter(|one| one.contains(CANARY)).collect();
    assert!(leaked.is_empty(), "{leaked:?}");
    stack.stop_collector()?;
    assert!(!stack.export()?.iter().any(|record| record.to_string().contains(CANARY)));
    assert_eq!(holding(stack.data(), CANARY)?, [""; 0]);
    ensure!(!holding(stack.data(), "a question of my own")?.is_empty(), "what they sent is kept");
    Ok(())
}

/// What of the ledger the page of integration shows, by the keys of its counts.
const LEDGER: &str = "JSON.stringify(['tracked', 'stored', 'quarantined', 'dropped', 'pending', 'missing']
    .map((key) => Number(document.querySelector(`[data-count=${key}] dd`)?.innerText ?? -1)))";

/// Neither what the collector rebuilds by itself nor a backup from before brings anything back.
#[tokio::test]
async fn s24_neither_a_rebuild_nor_a_restored_backup_brings_an_erased_person_back() -> Result<()> {
    let (mut stack, _) = Stack::start(1).await?;
    let (who, words) = (format!("{CANARY}-person"), format!("{CANARY} words"));
    let event = json!({ "id": fresh_id(), "at": now(), "session": fresh_id(), "n": 1, "kind": "custom",
                        "data": { "name": "saved", "typed": words } });
    let batch = json!({ "site": stack.key("public_key"), "token": stack.token(&who, "acct")?, "sent_at": now(),
                        "events": [event] });
    let intake = stack.client.post(format!("{}/v1/events", stack.url()));
    intake.body(batch.to_string()).send().await?.error_for_status()?;
    stack.question(&who, "acct", &words, json!({})).await?;
    let archive = stack.data().with_extension("tar.zst");
    stack.tabiji(&["backup", &archive.display().to_string()])?;
    let erase = ["erase", "user", &who, "--url", &stack.url(), "--key", stack.key("secret_key")];
    let receipt: Value = serde_json::from_str(&tabiji_tests::run(&erase)?)?;
    assert_eq!((receipt["user"].as_str(), receipt["records"].as_u64()), (Some(&*who), Some(1)), "{receipt}");
    stack.stop_collector()?;
    stack.tabiji(&["rebuild"])?;
    // The list of erasures alone names the person, so that they can be erased again.
    let list = stack.data().join("erasures.ndjson");
    for text in [&who, &words] {
        let left = holding(stack.data(), text)?;
        assert!(left.iter().all(|file| Path::new(file) == list), "{left:?}");
    }
    let restored = stack.restored(&archive, &["--erasures", &list.display().to_string()]).await?;
    fs::remove_file(&archive)?;
    let list = restored.data().join("erasures.ndjson");
    for text in [&who, &words] {
        let back = holding(restored.data(), text)?;
        assert!(back.iter().all(|file| Path::new(file) == list), "{back:?}");
    }
    // What nobody's words are in stays, for the reports.
    let kept = restored.tabiji(&["export", "events"])?;
    assert!(kept.contains("saved") && !kept.contains(CANARY), "{kept}");
    Ok(())
}

#[tokio::test]
async fn s35_t49_customer_success_sees_how_complete_the_data_is() -> Result<()> {
    let (stack, ports) = Stack::start(1).await?;
    stack.publish(&demo_flow())?;
    let page =
        HostPage::start(ports[0], &snippet(&stack, "", &identify(&stack, "u1", "acct-1")?), "").await?;
    let browser = Browser::start().await?;
    browser.open(&page.url).await?;
    Widget(&browser).open().await?;
    browser.eval("for (let n = 0; n < 20; n++) tabiji('track', 'event-' + n)").await?;
    arrives(&stack, "event-19").await?;
    let console = Browser::start().await?;
    Console(&console).enter(&stack.link()?).await?;
    console.open(&format!("{}/console/integration", stack.url())).await?;
    // Everything that this visit counted has come: the ledger balances without a remainder.
    console
        .wait(&format!("(([tracked, stored, ...rest]) => tracked >= 20 && tracked === stored && rest.every((n) => n === 0))(JSON.parse({LEDGER}))"))
        .await?;
    // Another visit counts to eight, of which six come: one has a clock of the last year, one says what was dropped.
    let session = fresh_id();
    let event = |n: u32, at: i64| json!({ "id": fresh_id(), "at": at, "session": session, "n": n, "kind": "custom", "data": { "name": "x" } });
    let mut lost = event(8, now());
    lost["kind"] = "events.dropped".into();
    lost["data"] = json!({ "reason": "rate", "n": 4 });
    let events = [
        event(1, now()),
        event(2, now()),
        event(4, now()),
        event(6, now() - 400 * 86_400_000),
        event(7, now()),
        lost,
    ];
    let batch = json!({ "site": stack.key("public_key"), "who": { "user": "u2" }, "sent_at": now(), "events": events });
    let url = format!("{}/v1/events", stack.url());
    stack.client.post(url).body(batch.to_string()).send().await?.error_for_status()?;
    console
        .wait(&format!("(([tracked, stored, quarantined, dropped, pending, missing]) => quarantined === 1 && dropped === 4 && pending === 2 && missing === 0 && tracked === stored + 7)(JSON.parse({LEDGER}))"))
        .await?;
    console
        .wait("document.querySelector('[aria-labelledby=quarantine]')?.innerText.includes('stale')")
        .await?;
    Ok(())
}

/// Faults on the way to the intake: no connection, an answer that is lost, a full queue, a firewall's page. What has
/// certain names goes by a clock of last year, or is to be sent again each time. `learnt` has what the widget was
/// answered of each event.
const FAULTS: &str = "
    window.faults = 0; window.learnt = {};
    const { fetch: get } = window;
    const named = (event, what) => String(event.data?.name).startsWith(what);
    const through = async (url, how, learnt) => {
        const batch = JSON.parse(how.body);
        const held = batch.events.filter((event) => named(event, 'held'));
        batch.events = batch.events.filter((event) => !held.includes(event));
        for (const event of batch.events) if (named(event, 'old')) event.at -= 400 * 86400000;
        const answer = await get(url, { ...how, body: JSON.stringify(batch) });
        if (!answer.ok) return answer;
        const said = await answer.json();
        for (const { id, outcome } of said.results) learnt[id] = outcome;
        return Response.json({ ...said, results: [...said.results, ...held.map(({ id }) => ({ id, outcome: 'retry' }))] });
    };
    window.fetch = async (url, how) => {
        if (!String(url?.url ?? url).endsWith('/v1/events')) return get(url, how);
        const answer = (status, body) => new Response(body, { status, headers: { 'content-type': 'text/html' } });
        switch (faults < 12 ? faults++ % 4 : -1) {
            case 0: throw new TypeError('no connection');
            case 1: await through(url, how, {}); throw new TypeError('the answer is lost');
            case 2: return answer(503, 'busy');
            case 3: return answer(200, '<h1>Sign in to this network</h1>');
            default: return through(url, how, learnt);
        }
    };
    window.waiting = () => new Promise((done) => {
        const open = indexedDB.open('tabiji', 1);
        open.onsuccess = () => {
            const all = open.result.transaction('events').objectStore('events').getAll();
            all.onsuccess = () => (open.result.close(), done(all.result.map(({ event }) => JSON.parse(event).data?.name).sort().join()));
        };
    });";

/// Every kind of fault at once, and every fate that an event can have.
#[tokio::test]
async fn s35_t49_the_ledger_balances_with_faults_on_every_line() -> Result<()> {
    let (mut stack, ports) = Stack::start(1).await?;
    stack.publish(&demo_flow())?;
    let body = snippet(&stack, FAULTS, &identify(&stack, "u1", "acct-1")?);
    let page = HostPage::start(ports[0], &body, "").await?;
    let browser = Browser::start().await?;
    browser.open(&page.url).await?;
    Widget(&browser).open().await?;
    // The page says that the network is back, so that the outbox does not wait for its pause to end.
    browser.eval("setInterval(() => dispatchEvent(new Event('online')), 300)").await?;
    browser
        .eval("for (const name of ['old-1', 'old-2', 'held-1', 'held-2', 'held-3']) tabiji('track', name); tabiji('track', 'huge', { text: 'x'.repeat(40000) })")
        .await?;
    for round in 0..3 {
        let from = round * 20;
        browser
            .eval(&format!("for (let n = {from}; n < {from} + 20; n++) tabiji('track', 'event-' + n)"))
            .await?;
        if round == 1 {
            stack.kill_collector();
            browser.eval("return new Promise((done) => setTimeout(done, 500))").await?;
            stack.start_collector().await?;
        }
        arrives(&stack, &format!("event-{}", from + 19)).await?;
    }
    browser.eval("for (let n = 0; n < 300; n++) tabiji('track', 'loop')").await?;
    browser.wait("faults === 12 && waiting().then((names) => names === 'held-1,held-2,held-3')").await?;
    let console = Browser::start().await?;
    Console(&console).enter(&stack.link()?).await?;
    console.open(&format!("{}/console/integration", stack.url())).await?;
    // The loop was cut, which the page reports a second later.
    let balances = format!(
        "(([tracked, stored, quarantined, dropped, pending, missing]) => dropped > 1 && tracked === stored + quarantined + dropped + pending && quarantined === 2 && pending === 3 && missing === 0 && JSON.stringify([tracked, stored, dropped]))(JSON.parse({LEDGER}))"
    );
    let ledger = console.wait(&balances).await?;
    let [tracked, stored, dropped]: [usize; 3] = serde_json::from_str(ledger.as_str().unwrap_or_default())?;
    // What the page was answered says the same.
    let learnt = browser.eval("return Object.values(learnt)").await?;
    let learnt = learnt.as_array().cloned().unwrap_or_default();
    assert_eq!((learnt.len(), learnt.len() + dropped + 3), (stored + 2, tracked));
    assert!(learnt.contains(&json!("duplicate")), "no answer was lost: {learnt:?}");
    // And so do the names: each has one fate.
    let names = stack.tracked()?;
    let times = |name: &str| names.iter().filter(|one| *one == name).count();
    let once = (0..60).map(|n| format!("event-{n}")).chain(["old-1".to_owned(), "old-2".to_owned()]);
    assert!(once.into_iter().all(|name| times(&name) == 1), "{names:?}");
    let rest = ["huge", "held-1", "held-2", "held-3"].map(times);
    assert_eq!((times("loop") + dropped, rest), (300 + 1, [0; 4]), "{names:?}");
    Ok(())
}
