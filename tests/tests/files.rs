//! Files, quick answers and a word beside the score, between a customer and an agent.

use std::time::Duration;

use anyhow::Result;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use tabiji_tests::{Browser, Console, Quality, Stack, ThrottledProxy, Widget, demo_flow};
use thirtyfour::prelude::*;

/// A picture of one dot.
const DOT: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/// C35, C36: a picture of the screen goes to the agent over a line that is cut on the way, and a file comes back.
#[tokio::test]
async fn c35_c36_files_go_both_ways_over_a_bad_line() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let (picture, log) = (folder.path().join("画面.png"), folder.path().join("操作.log"));
    std::fs::write(&picture, STANDARD.decode(DOT)?)?;
    let text = "0123456789abcdef\n".repeat(100_000);
    std::fs::write(&log, &text)?;
    let (stack, ports) = Stack::start(1).await?;
    stack.publish(&demo_flow())?;
    let line = ThrottledProxy::to(&stack.url()).await?;
    let demo = stack.demo_by(&line.url, ports[0], &[]).await?;
    let (customer, desk) = (Browser::start().await?, Browser::start().await?);
    customer.open(&format!("{}/users", demo.url)).await?;
    let widget = Widget(&customer);
    widget.talk().await?;
    // A file that cannot be sent is named, and can be removed.
    let chosen = widget.element(".write input[type=file]").await?;
    let script = folder.path().join("evil.png");
    std::fs::write(&script, "<html><script>alert(1)</script>")?;
    chosen.send_keys(script.display().to_string()).await?;
    widget.wait(".brings .wrong", "it.textContent.startsWith('この種類のファイルは送信できません')").await?;
    assert_eq!(customer.accessibility_faults().await?, json!([]));
    widget.click(".brings .quiet").await?;
    widget.wait(".brings", "!it.children.length").await?;
    // A slow line shows how far it is, and cuts cost a piece each.
    line.set(Quality { delay: Duration::from_millis(3), ..Quality::GOOD });
    chosen.send_keys(log.display().to_string()).await?;
    widget.wait(".brings progress", "it.value > 0").await?;
    customer.picture("file-on-its-way-ja").await?;
    line.cut();
    widget.wait(".brings progress", "it.value > 600000").await?;
    line.cut();
    line.set(Quality::GOOD);
    // Nothing is sent before the person says so: a picture can be looked at, and taken away.
    widget.wait(".brings progress", "it.hidden").await?;
    assert_eq!(widget.ask(".mine", "true").await?, json!(null));
    widget.press(".write", "送信").await?;
    widget.wait(".mine .file", "it.textContent === '操作.log · 1.6 MB'").await?;
    chosen.send_keys(picture.display().to_string()).await?;
    widget.wait(".brings img", "it.naturalWidth === 1").await?;
    widget.element(".write textarea").await?.send_keys("この画面です").await?;
    customer.picture("file-chosen-ja").await?;
    widget.press(".write", "送信").await?;
    widget.wait(".brings", "!it.children.length").await?;
    widget.wait(".mine:last-child .file", "it.textContent === '画面.png · 1 KB'").await?;
    widget.wait(".how", "it.textContent === '送信済み'").await?;
    // The agent sees the picture, and every byte of the log is there.
    Console(&desk).enter(&stack.link()?).await?;
    desk.driver.find(By::Css("a[href='/console/inbox']")).await?.click().await?;
    desk.wait("!!document.querySelector('.inbox .talk')").await?;
    desk.driver.find(By::Css(".inbox .talk")).await?.click().await?;
    desk.wait("document.querySelector('.said .file img')?.naturalWidth === 1").await?;
    let fetched = desk.eval("return fetch(document.querySelector('.said .file').href).then((answer) => answer.text()).then((text) => text.length)").await?;
    assert_eq!(fetched, json!(text.len()));
    // The agent sends one back, with words.
    let guide = folder.path().join("手順.pdf");
    std::fs::write(&guide, "%PDF-1.7\n%%EOF")?;
    desk.driver
        .find(By::Css(".answer input[type=file]"))
        .await?
        .send_keys(guide.display().to_string())
        .await?;
    desk.wait("document.querySelector('.answer .with .mark')?.textContent === '手順.pdf ×'").await?;
    desk.driver.find(By::Css(".answer textarea")).await?.send_keys("この手順をご覧ください").await?;
    assert_eq!(desk.accessibility_faults().await?, json!([]));
    desk.picture("inbox-files-ja").await?;
    desk.driver.find(By::Css(".answer .action")).await?.click().await?;
    widget.wait(".theirs .file", "it.textContent === '手順.pdf · 1 KB'").await?;
    customer.picture("chat-files-ja").await?;
    // A press asks for an address that is good for a while, and saves it.
    let asked =
        "performance.getEntriesByType('resource').filter((one) => one.name.endsWith('/files/link')).length";
    widget.click(".theirs .file").await?;
    customer.wait(&format!("{asked} === 1")).await?;
    let page = customer.eval("return location.pathname").await?;
    assert_eq!(page, json!("/users"), "the page stays");
    Ok(())
}

/// Quick replies are one press, the page is notified of messages, and a rating can have a comment.
#[tokio::test]
async fn quick_answers_are_pressed_and_a_score_has_a_reason() -> Result<()> {
    let (stack, demo) = Stack::with_demo(&[]).await?;
    let customer = Browser::start().await?;
    customer.open(&format!("{}/users", demo.url)).await?;
    let widget = Widget(&customer);
    widget.talk().await?;
    customer.eval("window.heard = []; tabiji('on', 'chat.message', (detail) => heard.push(detail))").await?;
    widget.send("保存できません").await?;
    let cookie = stack.agent().await?;
    let body = json!({ "text": "直りましたか", "quick": ["はい、直りました", "まだです"] });
    stack.say(&cookie, json!({ "kind": "message", "body": body })).await?;
    widget.wait(".quick", "it.children.length === 2").await?;
    customer.wait("heard.length === 1 && heard[0].from === 'sato'").await?;
    customer.picture("chat-quick-ja").await?;
    widget.click(".quick button").await?;
    widget.wait(".mine:last-child p", "it.textContent === 'はい、直りました'").await?;
    widget.wait(".after", "!it.querySelector('.quick')").await?;
    stack.say(&cookie, json!({ "kind": "resolved" })).await?;
    widget.click(".after .answers button:nth-child(4)").await?;
    widget.wait(".comment textarea", "it === it.getRootNode().activeElement").await?;
    customer.press("すぐ分かりました。taro@example.com").await?;
    customer.picture("chat-why-ja").await?;
    assert_eq!(customer.accessibility_faults().await?, json!([]));
    widget.click(".comment [type=submit]").await?;
    let desk = Browser::start().await?;
    Console(&desk).enter(&stack.link()?).await?;
    desk.driver.find(By::Css("a[href='/console/inbox']")).await?.click().await?;
    desk.wait("!!document.querySelectorAll('.shelf')[5]").await?;
    desk.eval("document.querySelectorAll('.shelf')[5].click()").await?;
    desk.wait("!!document.querySelector('.inbox .talk')").await?;
    desk.driver.find(By::Css(".inbox .talk")).await?.click().await?;
    desk.wait("[...document.querySelectorAll('.said .deed p')].some((one) => one.textContent === 'すぐ分かりました。[mail]')").await?;
    Ok(())
}
