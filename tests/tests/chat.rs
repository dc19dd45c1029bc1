//! Live chat between real browsers, over lines as they are.

use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::{Value, json};
use tabiji_tests::{
    Browser, ChaosProxy, Console, Demo, HostPage, Quality, Stack, ThrottledProxy, Widget, demo_flow, snippet,
};
use thirtyfour::prelude::*;

/// Opens the chat on a page of the demo.
async fn ask(demo: &Demo, browser: &Browser) -> Result<()> {
    browser.open(&format!("{}/users", demo.url)).await?;
    Widget(browser).talk().await
}

/// Writes and sends, as a person at a keyboard does.
async fn write(browser: &Browser, text: &str) -> Result<()> {
    browser.press(text.to_owned()).await?;
    browser.press(Key::Enter + "").await
}

/// Opens the inbox with the newest conversation.
async fn take(stack: &Stack, desk: &Browser) -> Result<()> {
    take_by(desk, &stack.link()?).await
}

/// The same by a link.
async fn take_by(desk: &Browser, link: &str) -> Result<()> {
    Console(desk).enter(link).await?;
    desk.driver.find(By::Css("a[href='/console/inbox']")).await?.click().await?;
    // Who was answered waits for nobody.
    desk.wait("[...document.querySelectorAll('.shelf')].some((one) => +one.lastElementChild.textContent && !one.click())").await?;
    desk.wait("!!document.querySelector('.inbox .talk')").await?;
    desk.driver.find(By::Css(".inbox .talk")).await?.click().await?;
    desk.wait("!!document.querySelector('.said li')").await?;
    Ok(())
}

/// Counts the tones of a page.
const COUNT_TONES: &str = "window.tones = 0; const make = AudioContext.prototype.createOscillator; AudioContext.prototype.createOscillator = function () { tones++; return make.call(this); }";

/// A browser in which pages may sound, and whose first tab counts its tones.
async fn browser_that_counts_tones() -> Result<Browser> {
    let sounding = "--autoplay-policy=no-user-gesture-required";
    let browser = Browser::start_with(&["--window-size=1280,900", "--accept-lang=ja", sounding]).await?;
    browser.tools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": COUNT_TONES })).await?;
    Ok(browser)
}

const THEIRS: &str = "[...document.querySelectorAll('.said .theirs p')].map((p) => p.textContent)";
const OURS: &str = "[...document.querySelector('#tabiji').shadowRoot.querySelectorAll('.talk .theirs p')].map((p) => p.textContent)";
const MINE: &str = "[...document.querySelector('#tabiji').shadowRoot.querySelectorAll('.talk .mine p')].map((p) => p.textContent)";

/// A customer and an agent on a line that is slow, stands still and is cut, and a proxy that brings the
/// customer's frames late, twice and in another order. Everything arrives, once and in order, on both sides.
#[tokio::test]
async fn c15_c20_two_people_talk_over_a_bad_line() -> Result<()> {
    let (stack, ports) = Stack::start(1).await?;
    stack.publish(&demo_flow())?;
    let line = ThrottledProxy::to(&stack.url()).await?;
    let chaos = ChaosProxy::to(&line.url).await?;
    let demo = stack.demo_by(&chaos.url, ports[0], &[]).await?;
    let (customer, desk) = (Browser::start().await?, Browser::start().await?);
    ask(&demo, &customer).await?;
    write(&customer, "0").await?;
    take_by(&desk, &stack.link()?.replace(&stack.url(), &line.url)).await?;
    // Many at once overtake each other.
    let cookie = stack.agent_of("suzuki@example.com").await?;
    let mut answers: Vec<String> = (0..20).map(|n| format!("b{n}")).collect();
    for answer in &answers {
        stack.answer(&cookie, answer).await?;
    }
    let said = |list: &str, expected: &[String]| format!("JSON.stringify({list}) === '{}'", json!(expected));
    customer.wait(&said(OURS, &answers)).await?;
    assert!(chaos.overtaken() > 3, "{} lines were overtaken: the proxy no longer tests", chaos.overtaken());
    // A line so bad that the slower way may be taken.
    for round in 1..6 {
        match round {
            1 => line.set(Quality { rate: 4_000, delay: Duration::from_millis(200) }),
            2 => line.cut(),
            3 => line.set(Quality::rate(0)),
            4 => line.set(Quality { rate: 20_000, delay: Duration::from_millis(50) }),
            _ => line.cut(),
        }
        write(&customer, &round.to_string()).await?;
        desk.driver.find(By::Css(".answer textarea")).await?.send_keys(format!("a{round}")).await?;
        desk.driver.find(By::Css(".answer .action")).await?.click().await?;
        if round == 3 {
            // The line that stood still is found to be dead, and another one is made.
            line.cut();
            line.set(Quality::GOOD);
        }
        desk.wait("document.querySelector('.answer textarea').value === ''").await?;
    }
    line.set(Quality::GOOD);
    answers.extend((1..6).map(|n| format!("a{n}")));
    let written: Vec<String> = (0..6).map(|n| n.to_string()).collect();
    desk.wait(&said(THEIRS, &written)).await?;
    customer.wait(&said(OURS, &answers)).await?;
    customer.wait(&said(MINE, &written)).await?;
    // Read marks arrive.
    write(&customer, "6").await?;
    Widget(&customer).wait(".how", "it.textContent === '既読'").await?;
    assert_eq!(customer.accessibility_faults().await?, json!([]));
    assert_eq!(desk.accessibility_faults().await?, json!([]));
    Ok(())
}

/// C1, C2: what people write is text, and links are no traps.
#[tokio::test]
async fn c1_c2_what_is_written_stays_text() -> Result<()> {
    let (stack, demo) = Stack::with_demo(&[]).await?;
    let browser = Browser::start().await?;
    ask(&demo, &browser).await?;
    write(&browser, "<img src=x onerror=alert(1)> <svg onload=alert(1)> javascript:alert(1)").await?;
    let cookie = stack.agent().await?;
    Widget(&browser).sent().await?;
    stack.answer(&cookie, "<b>見る</b> https://example.com/a?b=1。 javascript:alert(2) http://good.example/\u{202e}moc.live").await?;
    browser.wait(&format!("{OURS}.length === 1")).await?;
    let widget = Widget(&browser);
    let markup = widget.ask(".talk", "it.querySelectorAll('img, svg, b, script').length").await?;
    assert_eq!(markup, json!(0));
    let links = widget.ask(".talk", "[...it.querySelectorAll('a')].map((a) => [a.href, a.textContent === a.getAttribute('href'), a.rel, a.target])").await?;
    let rel = "noopener noreferrer nofollow";
    assert_eq!(
        links,
        json!([
            ["https://example.com/a?b=1", true, rel, "_blank"],
            ["http://good.example/[U+202E]moc.live", true, rel, "_blank"]
        ])
    );
    take(&stack, &browser).await?;
    assert_eq!(
        browser.eval("return document.querySelectorAll('.said :is(img, svg, b)').length").await?,
        json!(0)
    );
    Ok(())
}

/// C22: what was written without a connection waits for the next day, and for a word of the person.
#[tokio::test]
async fn c22_what_was_written_offline_is_sent_another_day() -> Result<()> {
    let (mut stack, demo) = Stack::with_demo(&[]).await?;
    let browser = Browser::start().await?;
    ask(&demo, &browser).await?;
    let widget = Widget(&browser);
    stack.kill_collector();
    widget.wait(".asks [role=status]", "it.textContent.startsWith('つながっていません')").await?;
    for n in 0..10 {
        write(&browser, &n.to_string()).await?;
    }
    widget.wait(".how", "it.textContent === 'つながり次第、送信します'").await?;
    browser.press("a draft".to_owned()).await?;
    // A day passes while the browser is closed.
    browser
        .eval("for (const key of Object.keys(localStorage)) if (key.startsWith('tabiji:chat:')) { const one = JSON.parse(localStorage[key]); one.at -= 86400000; localStorage[key] = JSON.stringify(one); }")
        .await?;
    browser.open("about:blank").await?;
    stack.start_collector().await?;
    ask(&demo, &browser).await?;
    widget.wait(".after .wrong", "it.textContent === '未送信のメッセージが10件あります。'").await?;
    widget.wait(".write textarea", "it.value === 'a draft'").await?;
    widget.click(".after .plain").await?;
    let all: Vec<String> = (0..10).map(|n| n.to_string()).collect();
    browser.wait(&format!("JSON.stringify({MINE}) === '{}'", json!(all))).await?;
    widget.sent().await?;
    let desk = Browser::start().await?;
    take(&stack, &desk).await?;
    desk.wait(&format!("JSON.stringify({THEIRS}) === '{}'", json!(all))).await?;
    Ok(())
}

/// C23, C24: two tabs are one person: one order, one number, and a tab that sleeps holds nobody up.
#[tokio::test]
async fn c23_c24_two_tabs_are_one_person() -> Result<()> {
    let (stack, demo) = Stack::with_demo(&[]).await?;
    let browser = Browser::start().await?;
    ask(&demo, &browser).await?;
    Widget(&browser).send("one").await?;
    let first = browser.driver.window().await?;
    let second = browser.driver.new_tab().await?;
    browser.driver.switch_to_window(second.clone()).await?;
    ask(&demo, &browser).await?;
    browser.wait(&format!("JSON.stringify({MINE}) === '[\"one\"]'")).await?;
    Widget(&browser).send("two").await?;
    browser.driver.switch_to_window(first.clone()).await?;
    browser.wait(&format!("JSON.stringify({MINE}) === '[\"one\",\"two\"]'")).await?;
    // The first tab has the line, and hangs.
    browser
        .eval("setTimeout(() => { const until = Date.now() + 8000; while (Date.now() < until); })")
        .await?;
    browser.driver.switch_to_window(second).await?;
    browser.eval(NOTE_SENT).await?;
    Widget(&browser).send("three").await?;
    let took = browser.wait("took").await?.as_f64().unwrap_or(f64::MAX);
    assert!(took < 3_000.0, "{took} ms: it waited for the tab that hangs");
    let cookie = stack.agent().await?;
    stack.answer(&cookie, "hello").await?;
    browser.wait(&format!("JSON.stringify({OURS}) === '[\"hello\"]'")).await?;
    browser.driver.switch_to_window(first).await?;
    browser.wait(&format!("JSON.stringify({MINE}) === '[\"one\",\"two\",\"three\"]'")).await?;
    browser.wait(&format!("JSON.stringify({OURS}) === '[\"hello\"]'")).await?;
    Ok(())
}

/// Notes how many milliseconds after a press of Enter the message "three" is called sent, by the clock of the page.
const NOTE_SENT: &str = "
    const root = document.querySelector('#tabiji').shadowRoot;
    let pressed;
    root.addEventListener('keydown', ({ key }) => key === 'Enter' && (pressed = performance.now()), true);
    const isSent = () => [...root.querySelectorAll('.mine p')].at(-1).textContent === 'three' && root.querySelector('.how').textContent === '送信済み';
    new MutationObserver(() => isSent() && (window.took ??= performance.now() - pressed))
        .observe(root, { subtree: true, childList: true, characterData: true });";

/// C23: with the panel closed in two tabs, an answer is one number in both and one tone in all of the browser.
#[tokio::test]
async fn c23_two_tabs_ring_once_count_alike_and_forget_together() -> Result<()> {
    let (stack, demo) = Stack::with_demo(&[]).await?;
    let browser = browser_that_counts_tones().await?;
    ask(&demo, &browser).await?;
    Widget(&browser).send("question").await?;
    let widget = Widget(&browser);
    widget.click(".asks .close").await?;
    let first = browser.driver.window().await?;
    let second = browser.driver.new_tab().await?;
    browser.driver.switch_to_window(second.clone()).await?;
    browser.tools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": COUNT_TONES })).await?;
    // This tab was pressed, too, so that it may sound.
    ask(&demo, &browser).await?;
    browser.wait(&format!("JSON.stringify({MINE}) === '[\"question\"]'")).await?;
    widget.click(".asks .close").await?;
    let cookie = stack.agent().await?;
    let mut tones = 0.0;
    for n in 1..=2 {
        stack.answer(&cookie, &format!("answer {n}")).await?;
        let mut rang = 0.0;
        for tab in [&first, &second] {
            browser.driver.switch_to_window(tab.clone()).await?;
            widget.wait(".launcher .unread", &format!("it.dataset.n === '{n}'")).await?;
            widget.wait(".launcher", &format!("it.ariaLabel.endsWith('未読{n}件')")).await?;
            rang += browser.eval("return tones").await?.as_f64().unwrap_or_default();
        }
        assert_eq!(rang - tones, 1.0, "answer {n}");
        tones = rang;
        // Answers within a second are one.
        tokio::time::sleep(Duration::from_millis(1_100)).await;
    }
    // Read in one tab, they are news in neither.
    browser.driver.switch_to_window(second.clone()).await?;
    widget.talk().await?;
    for tab in [second, first] {
        browser.driver.switch_to_window(tab).await?;
        browser
            .wait("!document.querySelector('#tabiji').shadowRoot.querySelector('.launcher .unread')")
            .await?;
    }
    Ok(())
}

/// C25: where no socket comes through, the other way does, and says so.
#[tokio::test]
async fn c25_without_sockets_there_is_a_slower_way() -> Result<()> {
    let (stack, demo) = Stack::with_demo(&["--forbid-sockets"]).await?;
    let browser = Browser::start().await?;
    ask(&demo, &browser).await?;
    let begun = std::time::Instant::now();
    let widget = Widget(&browser);
    widget
        .wait(".asks [role=status]", "it.textContent === '通信が不安定なため、別の方法で接続しています。'")
        .await?;
    assert!(begun.elapsed() < Duration::from_secs(10), "after {:?}", begun.elapsed());
    widget.send("はい").await?;
    let cookie = stack.agent().await?;
    stack.answer(&cookie, "こんにちは").await?;
    browser.wait(&format!("JSON.stringify({OURS}) === '[\"こんにちは\"]'")).await?;
    Ok(())
}

/// C12: the next person at the same browser finds nothing of the one before: no message, no draft, nothing that was not
/// read yet, nothing that was not sent yet.
#[tokio::test]
async fn c12_the_next_person_finds_nothing_of_the_last_one() -> Result<()> {
    let (mut stack, demo) = Stack::with_demo(&[]).await?;
    let browser = Browser::start().await?;
    ask(&demo, &browser).await?;
    Widget(&browser).send("mine").await?;
    let widget = Widget(&browser);
    widget.click(".asks .close").await?;
    let cookie = stack.agent().await?;
    stack.answer(&cookie, "an answer to tanaka").await?;
    widget.wait(".launcher .unread", "it.dataset.n === '1'").await?;
    let token = stack.token("suzuki", "acct-kaigo-b")?;
    stack.kill_collector();
    widget.talk().await?;
    widget.wait(".asks [role=status]", "it.textContent.startsWith('つながっていません')").await?;
    write(&browser, "unsent by tanaka").await?;
    widget.wait(".how", "it.textContent === 'つながり次第、送信します'").await?;
    browser.press("draft by tanaka".to_owned()).await?;
    browser.eval(&format!("tabiji('reset'); tabiji('identify', 'suzuki', {{ token: '{token}' }})")).await?;
    browser.wait("!document.querySelector('#tabiji').shadowRoot.querySelector('.asks')").await?;
    stack.start_collector().await?;
    browser.eval("dispatchEvent(new Event('online'))").await?;
    // Neither number nor text is there for the next person, and what they write goes out alone.
    widget.talk().await?;
    widget.wait(".write textarea", "it.value === ''").await?;
    widget.wait(".talk", "it.children.length === 1 && it.textContent.includes('わからないこと')").await?;
    widget.wait(".launcher", "!it.querySelector('.unread') && !it.ariaLabel.includes('未読')").await?;
    widget.wait(".asks", "!it.textContent.includes('tanaka')").await?;
    Widget(&browser).send("suzuki's").await?;
    assert_eq!(browser.eval(&format!("return {MINE}")).await?, json!(["suzuki's"]));
    let read = async |path: &str| -> Result<Value> {
        let url = format!("{}/api/inbox{path}?site={}", stack.url(), stack.key("public_key"));
        Ok(stack.client.get(url).header("cookie", &cookie).send().await?.json().await?)
    };
    let all = read("").await?;
    let excerpts: Vec<_> =
        all.as_array().into_iter().flatten().map(|one| &one["thread"]["excerpt"]).collect();
    assert_eq!(excerpts, ["an answer to tanaka", "suzuki's"]);
    let newest = all.as_array().and_then(|all| all.last()).context("no conversation")?;
    let theirs = read(&format!("/{}", newest["c"].as_str().unwrap_or_default())).await?.to_string();
    assert!(theirs.contains("suzuki's") && !theirs.contains("tanaka"), "{theirs}");
    Ok(())
}

/// C41: Enter that confirms a conversion is not Enter.
#[tokio::test]
async fn c41_enter_that_confirms_a_conversion_sends_nothing() -> Result<()> {
    let (_stack, demo) = Stack::with_demo(&[]).await?;
    let browser = Browser::start().await?;
    ask(&demo, &browser).await?;
    let widget = Widget(&browser);
    browser
        .tools(
            "Input.imeSetComposition",
            json!({ "text": "けんさく", "selectionStart": 4, "selectionEnd": 4 }),
        )
        .await?;
    widget.wait(".write textarea", "it.value === 'けんさく'").await?;
    let enter =
        json!({ "type": "rawKeyDown", "windowsVirtualKeyCode": 229, "key": "Enter", "code": "Enter" });
    browser.tools("Input.dispatchKeyEvent", enter).await?;
    browser.tools("Input.insertText", json!({ "text": "検索" })).await?;
    widget.wait(".write textarea", "it.value === '検索'").await?;
    assert_eq!(browser.eval(&format!("return {MINE}")).await?, json!([]));
    let keys = browser.driver.action_chain();
    keys.key_down(Key::Shift).send_keys(Key::Enter + "").key_up(Key::Shift).perform().await?;
    widget.wait(".write textarea", "it.value === '検索\\n'").await?;
    browser.eval("return new Promise((done) => setTimeout(done, 100))").await?;
    write(&browser, "end").await?;
    browser.wait(&format!("JSON.stringify({MINE}) === JSON.stringify(['検索\\nend'])")).await?;
    Ok(())
}

/// V12: an answer that comes while a clip plays neither stops it nor sounds over it. V7: who writes while it plays
/// commands nothing.
#[tokio::test]
async fn v7_v12_a_clip_plays_on_through_an_answer_and_through_writing() -> Result<()> {
    let (stack, demo) = Stack::with_demo(&[]).await?;
    stack.add_clip()?;
    let browser = browser_that_counts_tones().await?;
    ask(&demo, &browser).await?;
    Widget(&browser).send("question").await?;
    let widget = Widget(&browser);
    widget.click(".asks .close").await?;
    widget.click(".launcher").await?;
    widget.press(".card", "動画で見る").await?;
    widget.click(".begin .action").await?;
    let video = "document.querySelector('#tabiji').shadowRoot.querySelector('video')";
    browser.wait(&format!("{video}.currentTime > 0.3")).await?;
    let cookie = stack.agent().await?;
    stack.answer(&cookie, "answer").await?;
    widget.wait(".launcher .unread", "it.dataset.n === '1'").await?;
    assert_eq!(browser.eval(&format!("return [{video}.paused, tones]")).await?, json!([false, 0]));
    // When nothing plays, it is heard.
    browser.press("k".to_owned()).await?;
    browser.wait(&format!("{video}.paused")).await?;
    stack.answer(&cookie, "and another").await?;
    widget.wait(".launcher .unread", "it.dataset.n === '2'").await?;
    browser.wait("tones === 1").await?;
    widget.wait(".launcher", "it.ariaLabel.endsWith('未読2件')").await?;
    // In its small window it plays on while they write what would be commands in its card.
    browser.press("k".to_owned()).await?;
    widget.click(".tool[aria-label='小窓で見る']").await?;
    browser.wait("!!document.querySelector('#tabiji').shadowRoot.pictureInPictureElement").await?;
    widget.click(".asks .close").await?;
    browser.wait("!document.querySelector('#tabiji').shadowRoot.querySelector('.player')").await?;
    widget.talk().await?;
    let state = format!("return ((it) => [it.paused, it.muted, it.playbackRate])({video})");
    let before = browser.eval(&format!("return {video}.currentTime")).await?.as_f64().unwrap_or_default();
    browser.press("km c>f< 0".to_owned()).await?;
    widget.wait(".write textarea", "it.value === 'km c>f< 0'").await?;
    assert_eq!(browser.eval(&state).await?, json!([false, false, 1]));
    browser.wait(&format!("{video}.currentTime > {before}")).await?;
    Ok(())
}

/// A person without a token is known by a secret of the device: names that a page gives can be guessed.
#[tokio::test]
async fn two_people_with_one_name_do_not_read_each_other() -> Result<()> {
    let (stack, ports) = Stack::start(2).await?;
    stack.publish(&demo_flow())?;
    for (port, calls) in ports.into_iter().zip(["", "tabiji('identify', 'user-17');"]) {
        let page = HostPage::start(port, &snippet(&stack, "", calls), "").await?;
        let (one, two) = (Browser::start().await?, Browser::start().await?);
        for browser in [&one, &two] {
            browser.open(&page.url).await?;
            let widget = Widget(browser);
            widget.talk().await?;
        }
        Widget(&one).send("mine").await?;
        Widget(&two).send("and mine").await?;
        assert_eq!(two.eval(&format!("return {MINE}")).await?, json!(["and mine"]));
        // The same browser knows them again.
        one.open(&page.url).await?;
        Widget(&one).talk().await?;
        one.wait(&format!("JSON.stringify({MINE}) === '[\"mine\"]'")).await?;
    }
    Ok(())
}

/// C11: the token runs out and the page cannot give another: the person is asked to reload, what they wrote stays,
/// and nobody knocks again and again.
#[tokio::test]
async fn c11_who_has_no_token_any_more_is_told_and_does_not_knock() -> Result<()> {
    let (stack, ports) = Stack::start(1).await?;
    stack.publish(&demo_flow())?;
    let before = "window.sockets = 0; window.WebSocket = class extends WebSocket { constructor(...all) { super(...all); sockets++; } }; window.renewed = 0;";
    let calls = |token: String, renewed: &str| {
        let renew = format!("() => {{ renewed++; return {renewed}; }}");
        format!("tabiji('identify', 'tanaka', {{ token: '{token}', renew: {renew} }});")
    };
    let short = stack.token_for("tanaka", "acct-1", -50)?;
    let page = HostPage::start(
        ports[0],
        &snippet(&stack, before, &calls(short, "Promise.reject(new Error('no'))")),
        "",
    )
    .await?;
    let browser = Browser::start().await?;
    browser.open(&page.url).await?;
    let widget = Widget(&browser);
    widget.talk().await?;
    Widget(&browser).send("before").await?;
    browser.press("a draft".to_owned()).await?;
    widget.wait(".asks [role=status]", "it.textContent.startsWith('ログインの期限が切れました')").await?;
    let knocked = browser.eval("return sockets").await?;
    tokio::time::sleep(Duration::from_secs(6)).await;
    assert_eq!(browser.eval("return sockets").await?, knocked, "nobody knocks within five seconds");
    assert!(browser.eval("return renewed").await?.as_u64().is_some_and(|times| times <= 3));
    widget.wait(".write textarea", "it.value === 'a draft'").await?;
    assert_eq!(browser.eval("return errors.filter((one) => one !== 'Error: no')").await?, json!([]));
    // A page that gives another one, be it as its backend answered, needs no reload.
    let (short, long) = (stack.token_for("tanaka", "acct-1", -50)?, stack.token("tanaka", "acct-1")?);
    page.change(&snippet(&stack, before, &calls(short, &format!("Promise.resolve({{ token: '{long}' }})"))));
    browser.open(&page.url).await?;
    widget.talk().await?;
    widget.wait(".write textarea", "it.value === 'a draft'").await?;
    browser.wait("renewed === 1").await?;
    browser.press(Key::Enter + "").await?;
    browser.wait(&format!("JSON.stringify({MINE}) === '[\"before\",\"a draft\"]'")).await?;
    widget.sent().await?;
    Ok(())
}
