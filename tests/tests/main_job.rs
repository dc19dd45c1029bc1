//! The main job, end to end: a click in the customer's set-up becomes a bar that CS sees.

use anyhow::Result;
use tabiji_tests::{Browser, Console, Stack, Widget};
use thirtyfour::prelude::*;

async fn register(browser: &Browser, name: &str, email: &str) -> Result<()> {
    browser.driver.find(By::Css("input[name=name]")).await?.send_keys(name).await?;
    browser.driver.find(By::Css("input[name=email]")).await?.send_keys(email).await?;
    browser.driver.find(By::Css("[data-tabiji=user-register]")).await?.click().await?;
    browser.wait(&format!("document.body.innerText.includes('{email}')")).await?;
    Ok(())
}

#[tokio::test]
async fn click_to_bar() -> Result<()> {
    let (stack, demo) = Stack::with_demo(&[]).await?;
    let cs = Browser::start().await?;
    let console = Console(&cs);
    console.enter(&stack.link()?).await?;
    cs.eval("window.sameDocument = true").await?;

    let customer = Browser::start().await?;
    customer.open(&demo.url).await?;
    let widget = Widget(&customer);
    widget.open().await?;
    customer.picture("panel-ja").await?;
    assert_eq!(customer.accessibility_faults().await?, serde_json::json!([]));
    console.converted("entry", 2).await?;
    assert_eq!(console.bar("users").await?, [0, 2, 0], "two customers, both on their way");

    widget.press(".card", "この画面を開く").await?;
    customer.wait("location.pathname === '/users'").await?;
    for n in 1..=5 {
        register(&customer, &format!("営業{n}"), &format!("sales{n}@example.com")).await?;
    }
    // The step ticks by the fact that the demo's backend posted.
    widget.ready().await?;
    widget.click(".launcher").await?;
    widget
        .wait(".row", "it.classList.contains('done') && it.textContent.includes('田中 健さんが完了')")
        .await?;
    console.converted("users", 1).await?;
    assert_eq!(cs.eval("return window.sameDocument").await?, true, "the console was not loaded again");
    cs.picture("console-ja").await?;
    assert_eq!(cs.accessibility_faults().await?, serde_json::json!([]));

    let journal = stack.export()?;
    assert!(journal.iter().any(|row| row["body"]["kind"] == "step.shown" && row["body"]["step"] == "users"));
    assert!(journal.iter().all(|row| row["quarantine"].is_null()), "everything counted");
    Ok(())
}

/// The demo's own guide, over two pages that the browser really loads.
#[tokio::test]
async fn a_guide_leads_to_all_five_users() -> Result<()> {
    let (stack, demo) = Stack::with_demo(&[]).await?;
    let browser = Browser::start().await?;
    browser.open(&demo.url).await?;
    let widget = Widget(&browser);
    widget.open().await?;
    widget.click(".card button.plain").await?;
    let inside = "document.querySelector('#tabiji-guide')?.shadowRoot.querySelector";
    let card = async |text: &str| {
        browser.wait(&format!("({inside}?.('.stop #text')?.textContent)?.includes('{text}')")).await
    };
    let control = async |hook: &str| browser.driver.find(By::Css(format!("[data-tabiji={hook}]"))).await;
    card("この画面で登録します").await?;
    control("nav-users").await?.click().await?;
    for (n, name) in ["hanako", "jiro", "saburo", "shiro", "goro"].into_iter().enumerate() {
        card("名前を入力します").await?;
        if n == 0 {
            browser.picture("guide-ja").await?;
            assert_eq!(browser.accessibility_faults().await?, serde_json::json!([]));
        } else {
            let nth = format!("案内 2/4・{n}/5 まで済みました");
            browser.wait(&format!("{inside}('.stop .nth')?.textContent === '{nth}'")).await?;
        }
        control("user-name").await?.send_keys(name.to_owned() + Key::Tab).await?;
        card("メールアドレスを入力します").await?;
        control("user-email").await?.send_keys(format!("{name}@example.com") + Key::Tab).await?;
        card("5人になるまで").await?;
        control("user-register").await?.click().await?;
        browser.wait(&format!("document.body.innerText.includes('{name}@example.com')")).await?;
    }
    for _ in 0..100 {
        let all = stack.export()?;
        if all.iter().any(|row| row["body"]["data"]["reason"] == "finished") {
            return Ok(());
        }
        browser.eval("return new Promise((done) => setTimeout(done, 50))").await?;
    }
    panic!("the guide never finished");
}

/// The demo's backend refuses an address that it knows: nothing is typed twice, and the guide leads back at once.
#[tokio::test]
async fn what_the_demo_refuses_stays_in_its_form_and_the_guide_names_the_field() -> Result<()> {
    let (_stack, demo) = Stack::with_demo(&[]).await?;
    let browser = Browser::start().await?;
    browser.open(&format!("{}/users", demo.url)).await?;
    register(&browser, "hanako", "hanako@example.com").await?;
    let widget = Widget(&browser);
    widget.open().await?;
    widget.press(".card", "案内してもらう").await?;
    let inside = "document.querySelector('#tabiji-guide')?.shadowRoot.querySelector";
    let card = async |part: &str, text: &str| {
        browser.wait(&format!("({inside}?.('.stop {part}')?.textContent)?.includes('{text}')")).await
    };
    let control = async |hook: &str| browser.driver.find(By::Css(format!("[data-tabiji={hook}]"))).await;
    card("#text", "名前を入力します").await?;
    control("user-name").await?.send_keys("Hanako".to_owned() + Key::Tab).await?;
    card("#text", "メールアドレスを入力します").await?;
    control("user-email").await?.send_keys("hanako@example.com".to_owned() + Key::Tab).await?;
    card("#text", "5人になるまで").await?;
    control("user-register").await?.click().await?;
    card("h2", "メールアドレスを直しましょう").await?;
    card("#text", "すでに登録されています").await?;
    browser.picture("demo-refused-ja").await?;
    assert_eq!(browser.accessibility_faults().await?, serde_json::json!([]));
    let entered = "return [...document.querySelectorAll('main form.card input:not([type=checkbox])')].map((one) => one.value)";
    assert_eq!(browser.eval(entered).await?, serde_json::json!(["Hanako", "hanako@example.com"]));
    // Blanks satisfy the browser; a product without stages would have no way back.
    browser.open(&format!("{}/pipeline", demo.url)).await?;
    browser.eval("for (const one of document.querySelectorAll('main input')) one.value = ' '").await?;
    control("pipeline-save").await?.click().await?;
    browser.wait("document.querySelector('#refused')?.textContent.includes('1つ以上')").await?;
    assert_eq!(browser.eval("return document.querySelectorAll('main input').length").await?, 4);
    Ok(())
}

/// The longest step: its guide counts three deals, each over a page that the browser really loads.
#[tokio::test]
async fn a_guide_leads_to_three_deals() -> Result<()> {
    let (stack, demo) = Stack::with_demo(&[]).await?;
    stack.fact("acct-seizo-a", "users", 5).await?;
    stack.fact("acct-seizo-a", "pipeline", true).await?;
    let browser = Browser::start().await?;
    browser.open(&demo.url).await?;
    let widget = Widget(&browser);
    widget.open().await?;
    let show = "[...it.querySelectorAll('button')].find((one) => one.textContent === '案内してもらう')";
    widget
        .wait(".card", &format!("it.querySelector('h3')?.textContent.includes('商談を3件') && !!{show}"))
        .await?;
    widget.ask(".card", &format!("{show}.click() ?? true")).await?;
    let inside = "document.querySelector('#tabiji-guide')?.shadowRoot.querySelector";
    let card = async |text: &str| {
        browser.wait(&format!("({inside}?.('.stop #text')?.textContent)?.includes('{text}')")).await
    };
    let control = async |hook: &str| browser.driver.find(By::Css(format!("[data-tabiji={hook}]"))).await;
    card("1件ずつ入れます").await?;
    control("nav-deals").await?.click().await?;
    for company in ["A社", "B社", "C社"] {
        card("会社の名前を入力します").await?;
        control("deal-company").await?.send_keys(company.to_owned() + Key::Tab).await?;
        card("短く書きます").await?;
        control("deal-title").await?.send_keys("見積".to_owned() + Key::Tab).await?;
        card("金額を入力します").await?;
        control("deal-amount").await?.send_keys("300000".to_owned() + Key::Tab).await?;
        card("3件になるまで").await?;
        control("deal-add").await?.click().await?;
        browser.wait(&format!("document.querySelector('tbody')?.innerText.includes('{company}')")).await?;
    }
    browser.wait("!document.querySelector('#tabiji-guide')?.shadowRoot.querySelector('.stop')").await?;
    browser.picture("deals-done-ja").await
}

#[tokio::test]
async fn two_colleagues_see_one_truth_and_it_can_turn_back() -> Result<()> {
    let (stack, demo) = Stack::with_demo(&[]).await?;
    let (one, two) = (Browser::start().await?, Browser::start().await?);
    one.open(&demo.url).await?;
    two.open(&format!("{}/login", demo.url)).await?;
    two.driver.find(By::Css("button[value=suzuki]")).await?.click().await?;
    two.wait("document.body.innerText.includes('鈴木')").await?;
    Widget(&one).open().await?;
    Widget(&two).open().await?;
    // Everybody's part is everybody's to see.
    stack.fact_by(Some("tanaka"), "acct-seizo-a", "users", 2).await?;
    stack.fact_by(Some("suzuki"), "acct-seizo-a", "users", 3).await?;
    let count = "it.textContent === '3／5 まで完了しました · 田中 健 2 · 鈴木 葵 1'";
    Widget(&two).wait(".card .count", count).await?;
    // In its place in the card, whatever else of the widget is there.
    Widget(&two).wait(".tabs", "!!it").await?;
    Widget(&two).wait(".card .count", "getComputedStyle(it).position === 'static'").await?;
    // The second widget's held request is answered, long before it would end without news.
    let told = std::time::Instant::now();
    stack.fact("acct-seizo-a", "users", 5).await?;
    Widget(&one).wait(".row", "it.classList.contains('done')").await?;
    Widget(&two).wait(".row", "it.classList.contains('done')").await?;
    assert!(told.elapsed().as_secs() < 10, "colleagues hear at once, not when a question ends");
    // G14: it is said aloud, and the focus stays where it was.
    Widget(&two).wait(".unseen", "it.textContent.includes('5人のユーザーを登録する')").await?;
    assert_eq!(Widget(&two).ask("h2", "it === it.getRootNode().activeElement").await?, true);
    stack.fact("acct-seizo-a", "users", 4).await?;
    Widget(&two).wait(".panel", "!it.querySelector('.row.done')").await?;
    Widget(&two).wait(".card", "it.textContent.includes('未完了に戻りました。いまは')").await?;
    Ok(())
}

#[tokio::test]
async fn what_a_person_confirms_can_be_undone() -> Result<()> {
    let (_stack, demo) = Stack::with_demo(&[]).await?;
    let browser = Browser::start().await?;
    browser.open(&demo.url).await?;
    let widget = Widget(&browser);
    widget.open().await?;
    // A row unfolds where it is, and nothing above it moves.
    let top = "it.getBoundingClientRect().top - it.closest('.stages').getBoundingClientRect().top";
    let before = widget.ask("[aria-describedby='note-tell-team']", top).await?;
    widget.click("[aria-describedby='note-tell-team']").await?;
    widget.press(".unfolded", "完了にする").await?;
    widget.wait("[aria-describedby='note-tell-team']", "it.classList.contains('done')").await?;
    assert_eq!(widget.ask("[aria-describedby='note-tell-team']", top).await?, before);
    widget.press(".unfolded", "取り消す").await?;
    widget.wait("[aria-describedby='note-tell-team']", "!it.classList.contains('done')").await?;
    Ok(())
}

/// The demo's policy allows nothing but what `docs/embedding.md` names.
#[tokio::test]
async fn a_strict_policy_reports_no_violation() -> Result<()> {
    let (_stack, demo) = Stack::with_demo(&[]).await?;
    let browser = Browser::start().await?;
    let watch = "window.violations = []; addEventListener('securitypolicyviolation', (e) => violations.push(e.violatedDirective + ' ' + e.blockedURI))";
    browser.tools("Page.addScriptToEvaluateOnNewDocument", serde_json::json!({ "source": watch })).await?;
    browser.open(&demo.url).await?;
    Widget(&browser).open().await?;
    assert_eq!(browser.eval("return window.violations").await?, serde_json::json!([]));
    Ok(())
}

#[tokio::test]
async fn where_wasm_is_forbidden_a_basic_panel_stands_in() -> Result<()> {
    let (stack, demo) = Stack::with_demo(&["--forbid-wasm"]).await?;
    let browser = Browser::start().await?;
    browser.open(&demo.url).await?;
    let widget = Widget(&browser);
    widget.click(".launcher").await?;
    widget.wait(".basic li a", "it.getAttribute('href') === '/users'").await?;
    widget.wait(".basic > a", "it.href.startsWith('mailto:')").await?;
    browser.picture("basic-panel-ja").await?;
    browser.press(Key::Escape).await?;
    browser.wait("!document.querySelector('#tabiji').shadowRoot.querySelector('.basic')").await?;
    let reported = async || {
        let rows = stack.export().unwrap_or_default();
        rows.iter().any(|row| row["body"]["kind"] == "widget.error" && row["body"]["data"]["cause"] == "wasm")
    };
    for _ in 0..100 {
        if reported().await {
            return Ok(());
        }
        browser.wait("new Promise((done) => setTimeout(() => done(true), 50))").await?;
    }
    anyhow::bail!("the basic panel was not reported")
}
