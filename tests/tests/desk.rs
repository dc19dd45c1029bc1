//! Help first, hours and calls in real browsers, and what customer success does with them.

use anyhow::Result;
use serde_json::{Value, json};
use tabiji_tests::{
    ALWAYS, Browser, Console, Demo, FaultyDisk, HostPage, Stack, Widget, closed_until, demo_flow, fresh_id,
    identify, snippet,
};
use thirtyfour::prelude::*;

async fn demo_with(desk: &str) -> Result<(Stack, Demo)> {
    let (stack, demo) = Stack::with_demo(&[]).await?;
    stack.publish_desk(desk)?;
    Ok((stack, demo))
}

/// The events about articles: kind, step and article.
async fn told(stack: &Stack, count: usize) -> Result<Vec<Value>> {
    let begun = std::time::Instant::now();
    loop {
        let rows = stack.export()?.into_iter().filter_map(|row| {
            let kind = row["body"]["kind"].as_str()?.to_owned();
            kind.starts_with("faq.")
                .then(|| json!([kind, row["body"]["step"], row["body"]["data"]["article"]]))
        });
        let rows: Vec<Value> = rows.collect();
        if rows.len() >= count || begun.elapsed().as_secs() > 30 {
            return Ok(rows);
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn help_comes_first_and_one_press_leads_to_a_person() -> Result<()> {
    let (stack, demo) = demo_with(ALWAYS).await?;
    let browser = Browser::start().await?;
    browser.open(&format!("{}/users", demo.url)).await?;
    let widget = Widget(&browser);
    widget.open().await?;
    widget.tab("答え").await?;
    // The step's own articles come first, and its clip.
    let titles = "[...it.querySelectorAll('summary')].map((one) => one.textContent)";
    widget.wait(".faq", &format!("{titles}.length === 4")).await?;
    let first = widget.ask(".faq", titles).await?;
    assert_eq!(first[1], "ユーザーを登録するには？", "{first}");
    widget.wait(".asks .plain", "it.textContent === 'この手順の動画を見る'").await?;
    widget.wait(".person .hint", "it.textContent.startsWith('担当者がいます')").await?;
    assert_eq!(browser.accessibility_faults().await?, json!([]));
    browser.picture("help-ja").await?;
    // Looked for in other words, as people write them.
    widget.click(".asks input[type=search]").await?;
    browser.press("ユーザー 登録したい").await?;
    widget.wait(".faq", &format!("{titles}[0] === 'ユーザーを登録するには？'")).await?;
    widget.click(".faq summary").await?;
    widget.wait(".faq .answer ol", "it.children.length === 3 && it.querySelector('b, .link')").await?;
    // Whether it helped is asked below the answer, which is longer than the panel has room for.
    widget.ask(".faq .answer .plain", "(it.scrollIntoView({ block: 'nearest' }), true)").await?;
    widget.click(".faq .answer .plain").await?;
    widget.wait(".faq .did", "true").await?;
    assert_eq!(
        told(&stack, 2).await?,
        [json!(["faq.viewed", "users", "register-users"]), json!(["faq.helped", "users", "register-users"])]
    );
    // Nothing fits: a person is one press away.
    browser.eval("const it = document.querySelector('#tabiji').shadowRoot.querySelector('.asks input[type=search]'); it.value = 'zzzz'; it.dispatchEvent(new Event('input'))").await?;
    widget.wait(".faq", "!it.children.length").await?;
    widget.click(".person .action").await?;
    widget.wait(".write textarea", "it === it.getRootNode().activeElement").await?;
    widget.send("まだ困っています").await?;
    // Customer success sees what became of it: they read, said that it helped, and asked all the same.
    let desk = Browser::start().await?;
    Console(&desk).enter(&stack.link()?).await?;
    desk.open(&format!("{}/console/help?lang=ja", stack.url())).await?;
    let figures = "[...document.querySelectorAll('.scores b')].map((one) => +one.textContent)";
    desk.wait(&format!("JSON.stringify({figures}) === '[1,1,1,0,1,0,0]'")).await?;
    let row = desk.wait("document.querySelector('.report tbody tr')?.innerText").await?;
    assert_eq!(row, "ユーザーを登録するには？\t1\t1\t1", "{row}");
    assert_eq!(desk.accessibility_faults().await?, json!([]));
    desk.picture("help-report-ja").await?;
    // A person with an open conversation wants the answer, not articles.
    browser.driver.refresh().await?;
    widget.talk().await?;
    widget.wait(".talk .mine", "true").await?;
    Ok(())
}

/// C33, C39: outside hours the next opening is shown to the minute, and a callback can be requested.
#[tokio::test]
async fn c33_c39_outside_hours_the_next_opening_is_told_and_a_call_is_promised() -> Result<()> {
    let (stack, demo) = demo_with(&closed_until("2035-05-07")).await?;
    let (customer, desk) = (Browser::start().await?, Browser::start().await?);
    customer.tools("Emulation.setTimezoneOverride", json!({ "timezoneId": "America/New_York" })).await?;
    customer.open(&format!("{}/users", demo.url)).await?;
    let widget = Widget(&customer);
    widget.talk().await?;
    // More than a year ahead nothing is promised, so a day that is near is put in.
    widget.wait(".soon", "it.textContent === ''").await?;
    let day = customer.eval("return new Date(Date.now() + 6 * 864e5).toISOString().slice(0, 10)").await?;
    let day = day.as_str().unwrap_or_default();
    stack.publish_desk(&closed_until(day))?;
    customer.driver.refresh().await?;
    widget.talk().await?;
    // Ten o'clock in Tokyo is the evening before in New York.
    let there = format!(
        "new Intl.DateTimeFormat('ja', {{ timeZone: 'America/New_York', month: 'long', day: 'numeric', weekday: 'short', hour: 'numeric', minute: '2-digit' }}).format(new Date('{day}T10:00:00+09:00'))"
    );
    let expected = customer.eval(&format!("return {there}")).await?;
    widget.wait(".soon", &format!("it.textContent.includes({expected})")).await?;
    widget.click(".after .quiet").await?;
    widget.wait(".call input[type=tel]", "it === it.getRootNode().activeElement").await?;
    customer.press("あいう".to_owned() + Key::Enter).await?;
    widget.wait(".call .wrong", "/03-1234-5678/.test(it.textContent)").await?;
    assert_eq!(customer.accessibility_faults().await?, json!([]));
    widget.ask(".call input[type=tel]", "it.value = ''").await?;
    widget.click(".call input[type=tel]").await?;
    customer.press("０３ー１２３４ー５６７８").await?;
    // The first time is chosen beforehand, and no other.
    let chosen = "[...it.querySelectorAll('fieldset input')].map((one) => one.checked).every((one, at) => one === (at === 0))";
    assert_eq!(widget.ask(".call", chosen).await?, json!(true));
    // W10: what is promised is what is chosen.
    widget.wait(".call .hint", "it.textContent === '選んだ時間にお電話します。'").await?;
    widget.click(".call fieldset input").await?;
    widget.wait(".call .hint", "/までにお電話します。$/.test(it.textContent)").await?;
    widget.click(".call fieldset input").await?;
    widget.wait(".call .hint", "it.textContent === '選んだ時間にお電話します。'").await?;
    customer.picture("call-chosen-ja").await?;
    widget.click(".call .action").await?;
    widget.wait(".mine p", "it.textContent.replaceAll('\\u2011', '-').includes('03-1234-5678')").await?;
    widget.wait(".how", "it.textContent === '送信済み'").await?;
    // The step goes along for the agent; there is no place for the customer to go to.
    assert_eq!(widget.ask(".talk", "it.querySelectorAll('.mine button').length").await?, json!(0));
    customer.picture("call-ja").await?;
    // The agent sees number and times, calls, and says so.
    Console(&desk).enter(&stack.link()?).await?;
    desk.driver.find(By::Css("a[href='/console/inbox']")).await?.click().await?;
    desk.wait("document.querySelector('.inbox .mark.urgent')?.textContent === '折り返し希望'").await?;
    desk.driver.find(By::Css(".inbox .talk")).await?.click().await?;
    desk.wait("document.querySelector('.wants-call a')?.href === 'tel:03-1234-5678'").await?;
    desk.driver.find(By::Css(".wants-call button")).await?.click().await?;
    desk.wait("!document.querySelector('.wants-call')").await?;
    widget.wait(".talk", "/csさんがお電話しました/.test(it.textContent)").await?;
    Ok(())
}

/// C38: a disk that is full takes nothing, says so on both sides, and loses nothing.
#[tokio::test]
async fn c38_a_full_disk_acknowledges_nothing_and_loses_nothing() -> Result<()> {
    let (mut stack, demo) = demo_with(ALWAYS).await?;
    let browser = Browser::start().await?;
    browser.open(&format!("{}/users", demo.url)).await?;
    let widget = Widget(&browser);
    widget.talk().await?;
    widget.send("0").await?;
    stack.stop_collector()?;
    let disk = FaultyDisk::under(stack.data())?;
    stack.start_collector_on(&disk).await?;
    let mine = "[...document.querySelector('#tabiji').shadowRoot.querySelectorAll('.talk .mine p')].map((p) => p.textContent)";
    disk.fail("full")?;
    for n in 1..12 {
        browser.press(n.to_string() + Key::Enter).await?;
    }
    let banner =
        "document.querySelector('#tabiji').shadowRoot.querySelector('.asks [role=status]').textContent";
    browser.wait(&format!("{banner}.startsWith('いま受け取れない')")).await?;
    assert_eq!(stack.ready().await?, 503, "whoever watches the collector is told");
    let cookie_refused = stack.agent().await.is_err();
    assert!(cookie_refused, "nothing is written, a sign-in neither");
    // Room again: everything arrives once, in order.
    disk.mend()?;
    // The client is in its longest pause by now; that the network came back ends it.
    browser.eval("dispatchEvent(new Event('online'))").await?;
    let all: Vec<String> = (0..12).map(|n| n.to_string()).collect();
    browser.wait(&format!("JSON.stringify({mine}) === '{}'", json!(all))).await?;
    widget.wait(".how", "it.textContent === '送信済み'").await?;
    let desk = Browser::start().await?;
    Console(&desk).enter(&stack.link()?).await?;
    desk.driver.find(By::Css("a[href='/console/inbox']")).await?.click().await?;
    desk.wait("!!document.querySelector('.inbox .talk')").await?;
    desk.driver.find(By::Css(".inbox .talk")).await?.click().await?;
    let theirs = "[...document.querySelectorAll('.said .theirs p')].map((p) => p.textContent)";
    desk.wait(&format!("JSON.stringify({theirs}) === '{}'", json!(all))).await?;
    assert_eq!(stack.ready().await?, 200);
    Ok(())
}

/// C38: staff see it, too: what they read stays readable, what they write is not taken and not lost, on a disk that is
/// full and on one that is read-only.
#[tokio::test]
async fn c38_on_a_disk_that_takes_nothing_staff_go_on_reading_and_keep_what_they_write() -> Result<()> {
    let (mut stack, _demo) = demo_with(ALWAYS).await?;
    stack.question("tanaka", "acct-1", "保存できません", json!({})).await?;
    stack.stop_collector()?;
    let disk = FaultyDisk::under(stack.data())?;
    stack.start_collector_on(&disk).await?;
    let desk = Browser::start().await?;
    Console(&desk).enter(&stack.link()?).await?;
    let inbox = desk.driver.current_url().await?.join("/console/inbox?lang=ja")?;
    let open = async || -> Result<()> {
        desk.open(inbox.as_str()).await?;
        // Who was answered waits for nobody.
        desk.wait("[...document.querySelectorAll('.shelf')].some((one) => +one.lastElementChild.textContent && !one.click())").await?;
        desk.wait("!!document.querySelector('.inbox .talk')").await?;
        desk.driver.find(By::Css(".inbox .talk")).await?.click().await?;
        desk.wait("document.querySelector('.said .theirs p')?.textContent === '保存できません'").await?;
        Ok(())
    };
    let ours = "[...document.querySelectorAll('.said .ours p')].map((p) => p.textContent)";
    open().await?;
    let mut answers = Vec::new();
    for fault in ["full", "read-only"] {
        disk.fail(fault)?;
        // An answer of the health check counts for a second.
        while stack.ready().await? != 503 {
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        // The agent sees it before they write.
        open().await?;
        let warned = "document.querySelector('.answer > .wrong[role=status]').textContent";
        desk.wait(&format!("{warned}.startsWith('いまは何も保存できません。')")).await?;
        let answer = format!("{fault} の間の返事");
        desk.driver.find(By::Css(".answer textarea")).await?.send_keys(&answer).await?;
        desk.driver.find(By::Css(".answer .action")).await?.click().await?;
        let told = "document.querySelector('.answer > .wrong[role=alert]')?.textContent";
        desk.wait(&format!("{told}?.startsWith('送信できませんでした。入力した内容は残っています。')"))
            .await?;
        assert_eq!(desk.eval(&format!("return {ours}")).await?, json!(answers), "no false acknowledgement");
        // A reload reads on, with the draft.
        open().await?;
        desk.wait(&format!("document.querySelector('.answer textarea').value === '{answer}'")).await?;
        disk.mend()?;
        desk.driver.find(By::Css(".answer .action")).await?.click().await?;
        answers.push(answer);
        desk.wait(&format!("JSON.stringify({ours}) === '{}'", json!(answers))).await?;
        desk.wait("document.querySelector('.answer textarea').value === ''").await?;
        desk.wait(&format!("{warned} === ''")).await?;
    }
    Ok(())
}

/// C40: under the strictest policy that the documents name, everything of the chat works and nothing is
/// violated; where the policy forbids sockets, the thread says that it goes another way.
#[tokio::test]
async fn c40_the_chat_works_under_a_strict_policy() -> Result<()> {
    let (stack, ports) = Stack::start(2).await?;
    stack.publish(&demo_flow())?;
    stack.publish_desk(ALWAYS)?;
    let (url, socket) = (stack.url(), stack.url().replace("http", "ws"));
    let policy = |connect: &str| {
        format!(
            "default-src 'none'; script-src 'nonce-n0nce' {url} 'wasm-unsafe-eval'; connect-src {connect}; img-src {url}; media-src {url}; require-trusted-types-for 'script'; trusted-types 'none'; base-uri 'none'; form-action 'none'"
        )
    };
    let watch = "window.violations = []; addEventListener('securitypolicyviolation', (event) => violations.push(event.violatedDirective + ' ' + event.blockedURI));";
    let calls = identify(&stack, "tanaka", "acct-1")?;
    let body = snippet(&stack, watch, &calls).replace("<script", "<script nonce=\"n0nce\"").replace(
        "<link rel=\"icon\" href=\"data:,\">",
        &format!("<link rel=\"icon\" href=\"{url}/tabiji.js\">"),
    );
    for (connect, slow, port) in [(format!("{url} {socket}"), false, ports[0]), (url.clone(), true, ports[1])]
    {
        let page = HostPage::start(port, &body, &policy(&connect)).await?;
        let browser = Browser::start().await?;
        browser.open(&page.url).await?;
        let widget = Widget(&browser);
        if !slow {
            widget.open().await?;
            widget.tab("答え").await?;
            widget.wait(".faq summary", "true").await?;
            widget.click(".faq summary").await?;
        }
        widget.talk().await?;
        widget.send("はい").await?;
        let says =
            if slow { "通信が不安定なため、別の方法で接続しています。" } else { "" };
        widget.wait(".asks [role=status]", &format!("it.textContent === '{says}'")).await?;
        let violations = browser.eval("return violations").await?;
        let sockets = |all: &Value| {
            all.as_array().is_some_and(|all| {
                !all.is_empty()
                    && all.iter().all(|one| one.as_str().is_some_and(|one| one.contains("connect-src ws")))
            })
        };
        assert!(if slow { sockets(&violations) } else { violations == json!([]) }, "{violations}");
        assert_eq!(browser.eval("return errors").await?, json!([]));
    }
    Ok(())
}

/// The inbox stays quick with hundreds of open conversations: what comes in draws one row, not all of them.
#[tokio::test]
async fn five_hundred_open_conversations_are_no_burden() -> Result<()> {
    let (stack, _) = Stack::start(1).await?;
    stack.publish(&demo_flow())?;
    let url = format!("{}/v1/chat/send", stack.url());
    let write = async |n: usize, text: &str| {
        let who = json!({ "user": format!("user-{n}"), "account": format!("acct-{}", n / 3) });
        let mid = fresh_id();
        let key = "01930000-0000-7000-8000-000000000001";
        let frame = json!({ "t": "send", "mid": mid, "ck": key, "body": { "text": text } });
        let hello = json!({ "v": 1, "site": stack.key("public_key"), "who": who });
        let body = json!({ "hello": hello, "frames": [frame] });
        let told: Value = stack.client.post(&url).json(&body).send().await?.json().await?;
        anyhow::ensure!(told[0]["t"] == "ack", "{told}");
        anyhow::Ok(())
    };
    for n in 0..500 {
        write(n, &format!("question {n}")).await?;
    }
    let desk = Browser::start().await?;
    Console(&desk).enter(&stack.link()?).await?;
    desk.driver.find(By::Css("a[href='/console/inbox']")).await?.click().await?;
    desk.wait("document.querySelectorAll('.inbox .talk').length === 500").await?;
    desk.eval("window.drawn = 0; new MutationObserver((all) => all.forEach((one) => (drawn += [...one.addedNodes].filter((node) => node.localName === 'li').length))).observe(document.querySelector('.inbox .rows'), { childList: true })").await?;
    write(250, "still here").await?;
    desk.wait(
        "[...document.querySelectorAll('.inbox .excerpt')].some((one) => one.textContent === 'still here')",
    )
    .await?;
    let drawn = desk.eval("return drawn").await?;
    assert!(drawn.as_u64().is_some_and(|drawn| (1..10).contains(&drawn)), "{drawn} rows were drawn");
    // The search finds a person, and clearing it shows all again.
    desk.driver.find(By::Css(".inbox .find")).await?.send_keys("question 499").await?;
    desk.wait("document.querySelectorAll('.inbox .talk').length === 1").await?;
    desk.picture("inbox-many-ja").await?;
    Ok(())
}
