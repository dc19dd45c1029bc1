//! What fingers do on a phone, for the customer and for the agent: writing, drawing the sheet down, and files that are
//! refused.

use anyhow::Result;
use serde_json::{Value, json};
use tabiji_tests::{ALWAYS, Browser, Console, Demo, Stack, Widget};
use thirtyfour::prelude::*;

/// What the customer has sent.
const MINE: &str = "[...document.querySelector('#tabiji').shadowRoot.querySelectorAll('.talk .mine p')].map((p) => p.textContent)";
/// What the agent has sent.
const OURS: &str = "[...document.querySelectorAll('.said .ours > p')].map((p) => p.textContent)";
/// Whether all of `it` can be seen: inside the window, and nothing else over its corners and its middle.
const SEEN: &str = "((box) => [[box.x + 2, box.y + 2], [box.right - 2, box.bottom - 2], [box.x + box.width / 2, box.y + box.height / 2]]
    .every(([x, y]) => it.contains(it.getRootNode().elementFromPoint(x, y))))(it.getBoundingClientRect())";

/// A phone on a page of the demo.
async fn customer(demo: &Demo) -> Result<Browser> {
    let phone = Browser::start_phone(390).await?;
    phone.open(&format!("{}/users", demo.url)).await?;
    phone.wait("matchMedia('(pointer: coarse)').matches").await?;
    Ok(phone)
}

/// A phone with a question of a customer in the inbox.
async fn agent(stack: &Stack) -> Result<Browser> {
    stack.question("user-1", "acct-seizo-a", "保存できません", json!({ "step": "users" })).await?;
    let phone = Browser::start_phone(390).await?;
    Console(&phone).enter(&stack.link()?).await?;
    phone.open(&format!("{}/console/inbox", stack.url())).await?;
    phone.wait("!!document.querySelector('.inbox .talk')").await?;
    phone.driver.find(By::Css(".inbox .talk")).await?.click().await?;
    phone.wait("!!document.querySelector('.answer textarea')").await?;
    Ok(phone)
}

/// Opens the tab of messages by its place.
async fn messages(phone: &Browser) -> Result<()> {
    phone.eval("[...document.querySelector('#tabiji').shadowRoot.querySelectorAll('.tabs :nth-child(3)')].at(-1).click()").await?;
    Widget(phone).wait(".write textarea", "true").await?;
    Ok(())
}

/// Draws a finger from a point down by so many pixels, and lifts it when `lifted`.
async fn draw(phone: &Browser, (x, y): (f64, f64), by: f64, lifted: bool) -> Result<()> {
    let touch = async |kind: &str, points: Value| -> Result<()> {
        phone.tools("Input.dispatchTouchEvent", json!({ "type": kind, "touchPoints": points })).await?;
        Ok(())
    };
    touch("touchStart", json!([{ "x": x, "y": y }])).await?;
    for part in 1..=4 {
        touch("touchMove", json!([{ "x": x, "y": y + by * f64::from(part) / 4.0 }])).await?;
    }
    if lifted { touch("touchEnd", json!([])).await } else { Ok(()) }
}

/// The middle of the sheet's head, once the sheet has stopped growing.
async fn head(phone: &Browser, sheet: &str) -> Result<(f64, f64)> {
    let middle = "((box) => [box.x + box.width / 2, box.y + 8])(it.getBoundingClientRect())";
    let is_still = "((was) => new Promise((done) => setTimeout(done, 200)).then(() => was === it.getBoundingClientRect().top))
        (it.getBoundingClientRect().top)";
    Widget(phone).wait(sheet, is_still).await?;
    let middle = Widget(phone).ask(&format!("{sheet} .head"), middle).await?;
    let place = |at: usize| middle[at].as_f64().unwrap_or_default();
    Ok((place(0), place(1)))
}

#[tokio::test]
async fn on_touch_enter_breaks_the_line_and_the_button_sends() -> Result<()> {
    let (_stack, demo) = Stack::with_demo(&[]).await?;
    let phone = customer(&demo).await?;
    let widget = Widget(&phone);
    widget.open().await?;
    messages(&phone).await?;
    widget.wait(".write textarea", "it.enterKeyHint === 'enter'").await?;
    widget.click(".write textarea").await?;
    widget.wait(".write textarea", "it === it.getRootNode().activeElement").await?;
    phone.press("一行目".to_owned() + Key::Enter + "二行目").await?;
    widget.wait(".write textarea", "it.value === '一行目\\n二行目'").await?;
    assert_eq!(phone.eval(&format!("return {MINE}")).await?, json!([]));
    widget.click(".write .action").await?;
    phone.wait(&format!("JSON.stringify({MINE}) === JSON.stringify(['一行目\\n二行目'])")).await.map(|_| ())
}

#[tokio::test]
async fn on_touch_enter_breaks_the_line_in_the_inbox_and_the_button_sends() -> Result<()> {
    let (stack, _demo) = Stack::with_demo(&[]).await?;
    let phone = agent(&stack).await?;
    phone.driver.find(By::Css(".answer textarea")).await?.click().await?;
    phone.press("一行目".to_owned() + Key::Enter + "二行目").await?;
    let field = "document.querySelector('.answer textarea')";
    phone.wait(&format!("{field}.value === '一行目\\n二行目'")).await?;
    // There are no keys to name, and the soft keyboard names what its key does.
    assert_eq!(
        phone.eval(&format!("return [{field}.placeholder, {field}.enterKeyHint]")).await?,
        json!(["返信", "enter"])
    );
    assert_eq!(phone.eval(&format!("return {OURS}")).await?, json!([]));
    phone.picture("inbox-touch-ja").await?;
    phone.driver.find(By::Css(".answer [type=submit]")).await?.click().await?;
    phone.wait(&format!("JSON.stringify({OURS}) === JSON.stringify(['一行目\\n二行目'])")).await.map(|_| ())
}

/// The sheet follows the finger at its grip: let go early it stays, drawn farther it closes, and the page is untouched.
#[tokio::test]
async fn the_sheet_is_drawn_down_at_its_grip() -> Result<()> {
    let (_stack, demo) = Stack::with_demo(&[]).await?;
    let phone = customer(&demo).await?;
    let widget = Widget(&phone);
    let before = phone.eval("return [location.href, scrollY]").await?;
    for sheet in [".panel", ".asks"] {
        widget.open().await?;
        if sheet == ".asks" {
            messages(&phone).await?;
        }
        let grip = head(&phone, sheet).await?;
        draw(&phone, grip, 40.0, false).await?;
        widget.wait(sheet, "it.style.translate === '0px 40px'").await?;
        phone.picture(&format!("sheet-drawn{}", sheet.replace('.', "-"))).await?;
        phone.tools("Input.dispatchTouchEvent", json!({ "type": "touchEnd", "touchPoints": [] })).await?;
        widget.wait(sheet, "['', '0px', '0px 0px'].includes(it.style.translate)").await?;
        widget.wait(".launcher", "it.ariaExpanded === 'true'").await?;
        draw(&phone, grip, 120.0, true).await?;
        widget.wait(".launcher", "it.ariaExpanded === 'false'").await?;
    }
    assert_eq!(phone.eval("return [location.href, scrollY]").await?, before);
    Ok(())
}

/// A file that is refused says why where it can be seen and heard, also below a long thread.
#[tokio::test]
async fn the_reason_of_a_refused_file_is_in_sight_on_both_sides() -> Result<()> {
    let (stack, demo) = Stack::with_demo(&[]).await?;
    stack.publish_desk(ALWAYS)?;
    let folder = tempfile::tempdir()?;
    let (wrong, large) = (folder.path().join("setup.exe"), folder.path().join("backup.zip"));
    std::fs::write(&wrong, "MZ\u{1}\u{2}\u{3}")?;
    std::fs::File::create(&large)?.set_len(33 * 1024 * 1024)?;

    let phone = customer(&demo).await?;
    let widget = Widget(&phone);
    widget.open().await?;
    messages(&phone).await?;
    for n in 0..8 {
        widget.element(".write textarea").await?.send_keys(format!("質問 {n}")).await?;
        widget.click(".write .action").await?;
    }
    widget.wait(".mine:nth-child(8)", "true").await?;
    for (file, reason) in [(&wrong, "この種類のファイルは送信できません"), (&large, "32MB")]
    {
        widget.element(".write input[type=file]").await?.send_keys(file.display().to_string()).await?;
        widget
            .wait(
                ".brings .wrong",
                &format!("it.textContent.includes('{reason}') && it.role === 'alert' && {SEEN}"),
            )
            .await?;
        phone.picture(&format!("file-refused-{}-ja", if file == &wrong { "kind" } else { "size" })).await?;
        widget.click(".brings .quiet").await?;
        widget.wait(".brings", "!it.children.length").await?;
    }
    assert_eq!(phone.accessibility_faults().await?, json!([]));

    let desk = agent(&stack).await?;
    for (file, reason) in [(&wrong, "この種類のファイルは送信できません"), (&large, "32MB")]
    {
        desk.driver
            .find(By::Css(".answer input[type=file]"))
            .await?
            .send_keys(file.display().to_string())
            .await?;
        desk.wait(&format!(
            "((it) => it?.textContent.includes('{reason}') && {SEEN})(document.querySelector('.answer .with .wrong[role=alert]'))"
        ))
        .await?;
        desk.picture(&format!("inbox-file-refused-{}-ja", if file == &wrong { "kind" } else { "size" }))
            .await?;
    }
    assert_eq!(desk.accessibility_faults().await?, json!([]));
    Ok(())
}
