//! One launcher, one panel with tabs, and the strip that goes along: a customer from the first visit to the end.

use anyhow::Result;
use serde_json::json;
use tabiji_tests::{Browser, HostPage, Stack, Widget, identify, sign_in, snippet};

/// The demo's hours and articles.
const DESK: &str = include_str!("../../demo-site/desk.toml");

#[tokio::test]
async fn the_first_visit_is_greeted_once_by_name_and_begins_with_one_press() -> Result<()> {
    let (_stack, demo) = Stack::with_demo(&[]).await?;
    let browser = Browser::start().await?;
    browser.open(&demo.url).await?;
    let widget = Widget(&browser);
    widget.wait(".greets .title", "it.textContent === '田中 健さん、はじめの設定は約13分です。'").await?;
    widget
        .wait(".greets .line", "it.textContent === 'まず「5人のユーザーを登録する」から始めましょう。'")
        .await?;
    assert_eq!(
        browser.eval("return document.activeElement.tagName").await?,
        json!("BODY"),
        "the focus stays"
    );
    assert_eq!(browser.accessibility_faults().await?, json!([]));
    browser.picture("greeting").await?;
    // It waits for an answer, whatever page it is on.
    browser.open(&format!("{}/deals", demo.url)).await?;
    widget.press(".greets", "始める").await?;
    widget.wait(".panel .card h3", "it.textContent === '5人のユーザーを登録する'").await?;
    widget.click(".panel .close").await?;
    assert_eq!(widget.ask(".greets", "true").await?, json!(null));
    browser.open(&demo.url).await?;
    widget.wait(".launcher", "it.textContent.includes('あと5つ')").await?;
    widget.open().await?;
    widget.click(".panel .close").await?;
    assert_eq!(widget.ask(".greets", "true").await?, json!(null), "once");
    Ok(())
}

#[tokio::test]
async fn a_strip_goes_along_until_the_step_is_done_and_names_who_did_it() -> Result<()> {
    let (stack, demo) = Stack::with_demo(&[]).await?;
    let (one, other) = (Browser::start().await?, Browser::start().await?);
    sign_in(&demo, &other, "suzuki").await?;
    one.open(&demo.url).await?;
    let widget = Widget(&one);
    widget.open().await?;
    stack.fact_by(Some("tanaka"), "acct-seizo-a", "users", 1).await?;
    // One thing to do, another way at most, and the rest behind one press.
    widget.wait(".card .actions", "it.children.length === 3").await?;
    widget.press(".card", "案内してもらう").await?;
    one.wait("!!document.querySelector('#tabiji-guide')").await?;
    one.open(&format!("{}/users", demo.url)).await?;
    // While the guide's card says where the person is, the strip does not.
    let close = "document.querySelector('#tabiji-guide')?.shadowRoot.querySelector('.close')";
    one.wait(&format!("!!{close}")).await?;
    assert_eq!(widget.ask(".strip", "true").await?, json!(null));
    one.eval(&format!("{close}.click()")).await?;
    widget.wait(".going .title", "it.textContent === '5人のユーザーを登録する'").await?;
    widget.wait(".going .n", "it.textContent === '1/5'").await?;
    one.picture("strip").await?;
    // It counts as the account moves on, and is gone from page to page with the person.
    stack.fact_by(Some("suzuki"), "acct-seizo-a", "users", 3).await?;
    widget.wait(".going .n", "it.textContent === '3/5'").await?;
    one.open(&demo.url).await?;
    widget.wait(".going .n", "it.textContent === '3/5'").await?;
    stack.fact_by(Some("suzuki"), "acct-seizo-a", "users", 5).await?;
    widget.wait(".news .done", "it.textContent === '5人のユーザーを登録する'").await?;
    widget.wait(".news .by", "it.textContent === '鈴木 葵さんが完了'").await?;
    one.picture("strip-done").await?;
    // The colleague did it and needs no name; both go on with one press.
    let theirs = Widget(&other);
    theirs.wait(".news .by", "it.textContent === '完了しました'").await?;
    widget.press(".news", "次：商談の段階を決める").await?;
    widget.wait(".panel .card h3", "it.textContent === '商談の段階を決める'").await?;
    Ok(())
}

#[tokio::test]
async fn the_end_shows_what_the_customer_has_now_and_the_launcher_becomes_help() -> Result<()> {
    let (stack, demo) = Stack::with_demo(&[]).await?;
    stack.add_clip()?;
    let browser = Browser::start().await?;
    browser.open(&demo.url).await?;
    let widget = Widget(&browser);
    widget.open().await?;
    widget.click(".panel .close").await?;
    for (name, value) in
        [("users", 5), ("pipeline", 1), ("deals", 3), ("deal_amount", 2_500_000), ("managers", 1)]
    {
        let value = if name == "pipeline" { json!(true) } else { json!(value) };
        stack.fact_by(Some("tanaka"), "acct-seizo-a", name, value).await?;
    }
    browser.open(&format!("{}/reports", demo.url)).await?;
    widget.wait(".reached .title", "it.textContent === '田中 健さん、設定が終わりました'").await?;
    browser.picture("strip-finished").await?;
    let is_below = "it.querySelector('.action').getBoundingClientRect().top >= it.querySelector('.words').getBoundingClientRect().bottom";
    assert_eq!(widget.ask(".reached", is_below).await?, true, "the button has a line of its own");
    // W11: it waits for its reader, on the next page too, and no longer.
    browser.open(&format!("{}/reports", demo.url)).await?;
    widget.wait(".reached .title", "true").await?;
    widget.press(".reached", "結果を見る").await?;
    widget.wait(".finished", "it.textContent.includes('営業データを見えるようにして')").await?;
    let figures = widget.ask(".figures", "[...it.children].map((one) => one.textContent)").await?;
    assert_eq!(figures, json!(["商談 3件", "合計 2,500,000円", "利用者 5人"]));
    assert_eq!(widget.ask(".finished", "it.querySelector('a')").await?, json!(null), "the report is open");
    assert_eq!(browser.accessibility_faults().await?, json!([]));
    browser.picture("finish").await?;
    // A finished step still shows where it is done and how.
    widget.click(".row.done").await?;
    widget.press(".unfolded", "動画で見る").await?;
    widget.wait(".asks .begin", "true").await?;
    widget.click(".asks .close").await?;
    widget.click(".panel .close").await?;
    widget.wait(".launcher", "it.classList.contains('folded') && it.ariaLabel === 'ヘルプ'").await?;
    browser.picture("launcher-folded").await?;
    // The loader draws it so from now on, before anything is fetched.
    browser.open(&demo.url).await?;
    widget.wait(".launcher", "it.classList.contains('folded')").await?;
    widget.ready().await?;
    browser.wait("document.querySelector('#tabiji').shadowRoot.adoptedStyleSheets.length > 3").await?;
    assert_eq!(widget.ask(".reached", "true").await?, json!(null), "it was read");
    widget.open().await?;
    widget.wait(".finished a", "it.getAttribute('href') === '/reports'").await?;
    Ok(())
}

/// The answers are searched with the clips; what is not found begins the message.
#[tokio::test]
async fn answers_messages_and_the_checklist_are_tabs_of_one_panel() -> Result<()> {
    let (stack, demo) = Stack::with_demo(&[]).await?;
    stack.publish_desk(DESK)?;
    stack.add_clip()?;
    let browser = Browser::start().await?;
    browser.open(&demo.url).await?;
    let widget = Widget(&browser);
    widget.open().await?;
    let tabs = widget.ask(".tabs", "[...it.children].map((one) => one.textContent)").await?;
    assert_eq!(tabs, json!(["やること", "答え", "やりとり"]));
    widget.tab("答え").await?;
    widget.wait(".shelf .clip", "true").await?;
    widget.wait(".faq summary", "true").await?;
    browser.picture("answers").await?;
    assert_eq!(browser.accessibility_faults().await?, json!([]));
    let search = widget.element(".asks [type=search]").await?;
    search.send_keys("動画").await?;
    widget.wait(".shelf", "it.querySelectorAll('.clip').length === 10").await?;
    search.send_keys(" 解約したい").await?;
    widget.wait(".asks [role=status]", "it.textContent.startsWith('見つかりませんでした')").await?;
    widget.press(".person", "担当者に相談する").await?;
    widget.wait(".write textarea", "it.value === '動画 解約したい'").await?;
    // The head stays, and leads back; the way out closes all of it.
    widget.tab("やること").await?;
    widget.wait(".panel .card h3", "true").await?;
    assert_eq!(widget.ask(".asks", "true").await?, json!(null));
    widget.press(".panel .contact", "担当者に相談する").await?;
    widget.wait(".write textarea", "it.value === '動画 解約したい'").await?;
    widget.click(".asks .close").await?;
    widget.wait(".launcher", "it.ariaExpanded === 'false' && it === it.getRootNode().activeElement").await?;
    assert_eq!(widget.ask(".panel", "true").await?, json!(null));
    Ok(())
}

/// An answer shows who wrote and how it begins; in the background the page's title says how many.
#[tokio::test]
async fn an_answer_is_previewed_and_counted_and_one_press_leads_to_it() -> Result<()> {
    let (stack, demo) = Stack::with_demo(&[]).await?;
    let browser = Browser::start().await?;
    browser.open(&demo.url).await?;
    let widget = Widget(&browser);
    widget.talk().await?;
    widget.send("質問です").await?;
    widget.click(".asks .close").await?;
    let title = browser.eval("return document.title").await?;
    let cookie = stack.agent().await?;
    stack.answer(&cookie, "画面の右上から開けます。\n詳しくは記事をご覧ください。").await?;
    widget.wait(".answer .line", "it.textContent === '画面の右上から開けます。'").await?;
    widget.wait(".launcher .unread", "it.dataset.n === '1'").await?;
    browser.picture("answer-preview").await?;
    assert_eq!(browser.eval("return document.title").await?, title, "nobody is away");
    let turn = |hidden: bool| {
        let state = if hidden { "hidden" } else { "visible" };
        format!(
            "Object.defineProperty(Document.prototype, 'visibilityState', {{ configurable: true, get: () => '{state}' }}); document.dispatchEvent(new Event('visibilitychange'))"
        )
    };
    browser.eval(&turn(true)).await?;
    browser.wait("document.title.startsWith('(1) ')").await?;
    browser.eval(&turn(false)).await?;
    browser.wait(&format!("document.title === {title}")).await?;
    // While an agent answers, the thread does not say that support is closed.
    widget.press(".answer", "返信する").await?;
    widget.wait(".theirs", "it.textContent.includes('画面の右上から')").await?;
    widget.wait(".soon", "it.textContent === ''").await?;
    widget.wait(".launcher", "!it.querySelector('.unread')").await?;
    // What is in sight is counted nowhere.
    widget
        .wait(".asks .tabs", "![...it.querySelectorAll('.unread')].some((one) => one.checkVisibility())")
        .await?;
    Ok(())
}

/// Small screens, the other language, the dark: nothing is cut off, and a tap beside the sheet closes it alone.
#[tokio::test]
async fn every_tab_and_strip_fits_a_phone_in_the_dark() -> Result<()> {
    let (stack, demo) = Stack::with_demo(&[]).await?;
    stack.publish_desk(DESK)?;
    for (width, lang, scheme) in [(390, "ja", "light"), (320, "en", "dark")] {
        let browser =
            Browser::start_with(&["--window-size=500,900", &format!("--accept-lang={lang}")]).await?;
        let phone = json!({ "width": width, "height": 844, "deviceScaleFactor": 2.0, "mobile": true });
        browser.tools("Emulation.setDeviceMetricsOverride", phone).await?;
        let dark = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        browser.tools("Emulation.setEmulatedMedia", dark).await?;
        browser.open(&format!("{}/?lang={lang}", demo.url)).await?;
        let widget = Widget(&browser);
        fits(&widget, ".greets", &format!("greeting-{width}")).await?;
        widget.open().await?;
        fits(&widget, ".panel", &format!("to-do-{width}")).await?;
        for (at, name) in [(2, "answers"), (3, "messages")] {
            browser.eval(&format!("[...document.querySelector('#tabiji').shadowRoot.querySelectorAll('.tabs :nth-child({at})')].at(-1).click()")).await?;
            widget.wait(if at == 2 { ".person .action" } else { ".write textarea" }, "true").await?;
            fits(&widget, ".asks", &format!("{name}-{width}")).await?;
        }
        // A tap beside the sheet.
        let before = browser.eval("return location.href").await?;
        let tap = json!({ "type": "mousePressed", "x": 160, "y": 20, "button": "left", "clickCount": 1 });
        browser.tools("Input.dispatchMouseEvent", tap.clone()).await?;
        let mut release = tap;
        release["type"] = json!("mouseReleased");
        browser.tools("Input.dispatchMouseEvent", release).await?;
        widget.wait(".launcher", "it.ariaExpanded === 'false'").await?;
        assert_eq!(browser.eval("return location.href").await?, before);
    }
    Ok(())
}

/// Where no flow is published there is nothing to do: the launcher leads to the chat, or is not there.
#[tokio::test]
async fn a_site_without_a_flow_shows_the_chat_alone_or_nothing() -> Result<()> {
    let (mut stack, ports) = Stack::start(1).await?;
    let page = snippet(&stack, "", &identify(&stack, "u1", "acct-1")?);
    let page = HostPage::start(ports[0], &page, "").await?;
    let browser = Browser::start().await?;
    browser.open(&page.url).await?;
    let widget = Widget(&browser);
    widget.wait(".launcher", "it.classList.contains('folded') && it.ariaLabel === 'ヘルプ'").await?;
    widget.click(".launcher").await?;
    widget.wait(".write textarea", "true").await?;
    stack.stop_collector()?;
    stack.configure("chat = false\n")?;
    stack.start_collector().await?;
    browser.open(&page.url).await?;
    widget.wait(".launcher", "it.hidden && getComputedStyle(it).display === 'none'").await?;
    Ok(())
}

/// Nothing in the first match is cut off, or stands outside of it.
async fn fits(widget: &Widget<'_>, selector: &str, picture: &str) -> Result<()> {
    widget.wait(selector, "it.getBoundingClientRect().height > 0").await?;
    let outside = widget.ask(selector, "(() => { const box = it.getBoundingClientRect(); return [...it.querySelectorAll('button, a, p, h2, h3, span')].filter((one) => { const r = one.getBoundingClientRect(); return one.textContent.trim() && r.width > 2 && (r.left < box.left - 1 || r.right > box.right + 1); }).map((one) => one.textContent); })()").await?;
    assert_eq!(outside, json!([]), "{picture}: something is outside");
    let wide = widget.ask(selector, "[it.getBoundingClientRect().left >= 0, it.getBoundingClientRect().right <= innerWidth, document.documentElement.scrollWidth <= innerWidth]").await?;
    assert_eq!(wide, json!([true, true, true]), "{picture}: it is wider than the screen");
    widget.0.picture(picture).await
}
