//! What fingers do on a phone, for the customer and for the agent: writing, and files that are refused.

use anyhow::Result;
use serde_json::json;
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
