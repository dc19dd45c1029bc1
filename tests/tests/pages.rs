//! Pages as products have them: addresses with letters of their own, controls that are no `<input>`, labels with signs
//! that are no part of them.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use serde_json::{Value, json};
use tabiji_tests::{Browser, Guide, HostPage, Stack, Widget, identify, snippet};

/// How long a report may take to arrive.
const PATIENCE: Duration = Duration::from_secs(60);

/// A flow with a step for each condition.
fn flow(steps: &[(&str, &str)]) -> String {
    let head = "name = \"setup\"\ntitle = { ja = \"設定\", en = \"Setup\" }\n[[stage]]\nid = \"start\"\ntitle = { ja = \"使い始める\", en = \"Start\" }\n";
    let step = |(id, done): &(&str, &str)| {
        format!(
            "[[stage.step]]\nid = \"{id}\"\ntitle = {{ ja = \"{id}\", en = \"{id}\" }}\nwhy = {{ ja = \"役に立つ\", en = \"It helps\" }}\nminutes = 1\ndone = {done}\n"
        )
    };
    [head.to_owned(), steps.iter().map(step).collect()].concat()
}

/// A page with this body for every path, and a browser that has not opened it yet.
async fn page(steps: &[(&str, &str)], body: &str) -> Result<(Stack, HostPage, Browser)> {
    let (stack, ports) = Stack::start(1).await?;
    stack.publish_text(&flow(steps))?;
    let page = HostPage::start(ports[0], "", "").await?;
    let calls = identify(&stack, "u1", "acct-1")?;
    page.change(&snippet(&stack, "", &calls).replace("<input id=\"field\">", body));
    Ok((stack, page, Browser::start().await?))
}

/// What the widget saw and reported.
fn observed(stack: &Stack) -> Result<Vec<String>> {
    let leaf = |row: &Value| {
        let data = &row["body"]["data"];
        (data["holds"] == true).then(|| data["leaf"].as_str().map(str::to_owned)).flatten()
    };
    Ok(stack.export()?.iter().filter_map(leaf).collect())
}

/// Waits until something was seen and reported.
async fn seen(stack: &Stack, leaf: &str) -> Result<()> {
    let begun = Instant::now();
    while !observed(stack)?.iter().any(|one| one == leaf) {
        if begun.elapsed() > PATIENCE {
            bail!("{leaf} was not reported: {:?}", observed(stack)?);
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Ok(())
}

#[tokio::test]
async fn a_path_counts_however_it_is_written() -> Result<()> {
    let steps = [
        ("users", r#"{ url = "/設定/ユーザー*" }"#),
        ("encoded", r#"{ url = "/%E8%A8%AD%E5%AE%9A/%E6%A8%A9%E9%99%90" }"#),
        ("cafe", r#"{ url = "/café" }"#),
        ("reports", r#"{ url = "/#/reports" }"#),
        ("broken", r#"{ url = "/100%" }"#),
        ("share", r#"{ url = "/100%/設定 一覧" }"#),
        ("latin", r#"{ url = "/caf%e9/設定" }"#),
    ];
    let (stack, page, browser) = page(&steps, "").await?;
    for (path, leaf) in [
        ("設定/ユーザー?a=1", "url:/設定/ユーザー*"),
        ("設定/権限", "url:/%E8%A8%AD%E5%AE%9A/%E6%A8%A9%E9%99%90"),
        ("caf\u{e9}", "url:/café"),
        ("#/reports", "url:/#/reports"),
        ("100%", "url:/100%"),
        ("100%/設定 一覧", "url:/100%/設定 一覧"),
        ("caf%e9/設定", "url:/caf%e9/設定"),
    ] {
        browser.open(&format!("{}{path}", page.url)).await?;
        Widget(&browser).ready().await?;
        seen(&stack, leaf).await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_condition_sees_controls_that_are_no_input() -> Result<()> {
    let steps = [
        ("note", r##"{ element = "#note", state = "filled" }"##),
        ("plan", r##"{ element = "#plan", state = "filled" }"##),
        ("notify", r##"{ element = "#notify", state = "checked" }"##),
        ("agree", r##"{ element = "#agree", state = "checked" }"##),
        ("rich", r##"{ element = "#rich", state = "filled" }"##),
        ("spaces", r##"{ element = "#name", state = "filled" }"##),
        ("chart", r##"{ element = "#chart", state = "visible" }"##),
        ("toggle", r##"{ element = "#toggle", state = "checked" }"##),
        ("on", r##"{ element = "#on", state = "filled" }"##),
        ("off", r##"{ element = "#off", state = "filled" }"##),
        ("chosen", r##"{ element = "[name=size]:checked", state = "present" }"##),
    ];
    let body = "<textarea id=note></textarea><select id=plan><option value=''>選んでください<option value=basic>基本</select>
        <button id=notify role=switch aria-checked=false>通知</button><div id=agree role=checkbox tabindex=0 aria-checked=false>同意する</div>
        <div id=rich contenteditable=true style='min-height:24px'></div><input id=name>
        <svg id=chart width=40 height=40><circle cx=20 cy=20 r=18 /></svg>
        <button id=toggle aria-pressed=true>太字</button><input type=checkbox id=on checked><input type=checkbox id=off>
        <input type=radio name=size value=s><input type=radio name=size value=m checked>";
    let (stack, page, browser) = page(&steps, body).await?;
    browser.open(&page.url).await?;
    Widget(&browser).ready().await?;
    browser
        .eval("note.value = 'x'; plan.value = 'basic'; rich.textContent = 'x'; document.querySelector('#name').value = '   ';
               notify.setAttribute('aria-checked', 'true'); agree.setAttribute('aria-checked', 'true')")
        .await?;
    for leaf in [
        "filled:#note",
        "filled:#plan",
        "checked:#notify",
        "checked:#agree",
        "filled:#rich",
        "visible:#chart",
        "checked:#toggle",
        "filled:#on",
        "present:[name=size]:checked",
    ] {
        seen(&stack, &format!("element:{leaf}")).await?;
    }
    // Looked at in the same round as the others.
    let observed = observed(&stack)?;
    for leaf in ["#name", "#off"] {
        assert!(!observed.iter().any(|one| one.contains(leaf)), "{leaf}: {observed:?}");
    }
    Ok(())
}

#[tokio::test]
async fn what_nobody_hears_is_no_part_of_a_name() -> Result<()> {
    let target = |target: &str, wait: &str| {
        format!("[[stage.step.guide]]\ntarget = {target}\ntext = {{ ja = \"{wait}です\", en = \"-\" }}\n")
    };
    let stops = [
        target(r#"{ role = "textbox", label = { ja = "名前", en = "Name" } }"#, "名前"),
        target(r#"{ role = "button", name = { ja = "追加", en = "Add" } }"#, "追加"),
        target(r#"{ role = "button", name = { ja = "保存", en = "Save" } }"#, "保存"),
        target(r#"{ role = "button", name = { ja = "閉じる", en = "Close" } }"#, "閉じる"),
        target(r#"{ role = "link", name = { ja = "請求", en = "Invoices" } }"#, "請求"),
    ];
    let body = "<label for=n id=n-label>名前<span aria-hidden=true> *</span></label><input id=n required>
        <button type=button id=add><span aria-hidden=true>add</span>追加</button>
        <a id=invoices href='#invoices'>請求<span hidden>（準備中）</span><span style='display:none'>3</span></a>
        <button type=button id=save><img alt=保存 src='data:,'><span style='visibility:hidden'>する</span></button>
        <button type=button id=close><svg aria-label=閉じる role=img width=8 height=8></svg></button>";
    let guide = Guide::on(&stops.concat(), body).await?;
    guide.begin().await?;
    for (text, control) in [
        ("名前です", "#n"),
        ("追加です", "#add"),
        ("保存です", "#save"),
        ("閉じるです", "#close"),
        ("請求です", "#invoices"),
    ] {
        guide.text(text).await?;
        guide.frames().await?;
        let offset = guide.offset(&format!("document.querySelector('{control}')")).await?;
        assert!(offset < 2.0, "{control}: {offset}");
        if control != "#invoices" {
            guide.click(".stop .actions .plain:last-of-type").await?;
        }
    }
    assert_eq!(guide.browser.eval("return document.querySelectorAll('#add > span').length").await?, json!(1));
    Ok(())
}
