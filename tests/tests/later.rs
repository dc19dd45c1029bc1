//! "Later" is a promise: chosen by the person, kept by the widget, seen by customer success.

use anyhow::Result;
use serde_json::json;
use tabiji_tests::{Browser, Console, Guide, stop};
use thirtyfour::prelude::*;

const BODY: &str = "<button data-tabiji='a'>A</button><input id='busy'>";
/// A clock that a test can put forward.
const CLOCK: &str =
    "const now = Date.now; window.ahead = Number(localStorage.ahead || 0); Date.now = () => now() + ahead;";

#[tokio::test]
async fn later_comes_back_at_the_chosen_time_and_never_before() -> Result<()> {
    let guide = Guide::on(&stop("a", ""), BODY).await?;
    guide.content(BODY, CLOCK)?;
    guide.browser.open(&format!("{}orders?page=2", guide.page.url)).await?;
    let widget = guide.widget();
    widget.open().await?;
    guide.browser.eval("tabiji('on', 'step.snoozed', (told) => { window.told = told.step })").await?;
    widget.press(".card", "あとで").await?;
    guide.browser.picture("later-choice").await?;
    widget.element(".why-later").await?.send_keys("会議があるため").await?;
    widget.click(".later button").await?;
    guide.browser.wait("window.told === 'step'").await?;
    widget.wait(".unseen", "it.textContent.includes('に続きから')").await?;
    // The promise is there to read as well.
    widget.wait(".strip.said", "it.textContent.includes('に続きから')").await?;
    guide.browser.picture("later-promise").await?;
    // Customer success sees who, until when and why.
    let desk = Browser::start().await?;
    Console(&desk).enter(&guide.stack.link()?).await?;
    desk.wait("document.querySelector('.postponed tbody')?.innerText.includes('会議があるため')").await?;
    assert_eq!(desk.eval("return document.querySelectorAll('.postponed tbody tr').length").await?, json!(1));
    desk.eval("document.querySelector('.postponed').scrollIntoView()").await?;
    desk.picture("console-postponed").await?;
    // Until then it is quiet, on every page.
    guide.browser.open(&guide.page.url).await?;
    widget.ready().await?;
    guide.browser.wait("tabiji('ready').then(() => true)").await?;
    guide.frames().await?;
    assert_eq!(widget.ask(".panel", "true").await?, json!(null));
    // An hour later it is back, without taking the focus from anybody, and only once.
    guide.browser.eval("localStorage.ahead = 3600500").await?;
    guide.browser.open(&guide.page.url).await?;
    guide.press("#busy").await?;
    widget.wait(".panel .card", "true").await?;
    assert_eq!(guide.browser.eval("return document.activeElement.id").await?, json!("busy"));
    widget.wait(".card a", "it.getAttribute('href') === '/orders?page=2'").await?;
    widget.wait(".card .hint", "it.textContent.includes('ご指定の時間になりました')").await?;
    guide.browser.picture("later-due").await?;
    guide.browser.open(&guide.page.url).await?;
    guide.browser.wait("tabiji('ready').then(() => true)").await?;
    guide.frames().await?;
    assert_eq!(widget.ask(".panel", "true").await?, json!(null));
    // Done is done: the promise goes.
    widget.open().await?;
    widget.press(".card", "いま続ける").await?;
    desk.wait("!document.querySelector('.postponed tbody')").await?;
    Ok(())
}

#[tokio::test]
async fn a_time_that_has_passed_is_not_taken_and_what_was_put_off_can_be_taken_up() -> Result<()> {
    let guide = Guide::on(&stop("a", ""), BODY).await?;
    let widget = guide.widget();
    widget.open().await?;
    widget.press(".card", "あとで").await?;
    guide.browser.eval("document.querySelector('#tabiji').shadowRoot.querySelector('.pick-later').value = '2020-01-01T10:00'").await?;
    widget.click(".later button:nth-of-type(3)").await?;
    let active = "document.querySelector('#tabiji').shadowRoot.activeElement";
    guide.browser.wait(&format!("{active}?.className === 'pick-later'")).await?;
    widget.wait(".asks .wrong", "it.textContent.includes('これからの日時')").await?;
    // Escape leaves the question, not the panel, and the focus goes back to what asked.
    guide.browser.press(Key::Escape).await?;
    guide.browser.wait(&format!("{active}?.textContent === 'あとで'")).await?;
    widget.press(".card", "あとで").await?;
    widget.click(".later button:nth-of-type(2)").await?;
    widget.wait(".launcher", "it.getAttribute('aria-expanded') === 'false'").await?;
    widget.click(".launcher").await?;
    widget.wait(".card .hint", "it.textContent.includes('10:00')").await?;
    widget.press(".card", "いま続ける").await?;
    widget.wait(".card .hint", "!it.textContent.includes('10:00')").await?;
    Ok(())
}

/// A second step below the guide's own.
const SECOND: &str = r#"[[stage.step]]
id = "second"
title = { ja = "もう一つ", en = "One more" }
why = { ja = "役に立つ", en = "It helps" }
minutes = 1
done = { confirmed = true }
"#;

#[tokio::test]
async fn every_promise_is_kept_one_after_the_other() -> Result<()> {
    let guide = Guide::on(&format!("{}{SECOND}", stop("a", "")), BODY).await?;
    guide.content(BODY, CLOCK)?;
    let widget = guide.widget();
    for step in ["second", "step"] {
        guide.browser.open(&guide.page.url).await?;
        widget.open().await?;
        // The first is shown large, the other unfolds in its row.
        let place = if step == "second" { ".unfolded" } else { ".card" };
        if step == "second" {
            widget.click(".row[data-step=second]").await?;
        }
        widget.press(place, "あとで").await?;
        widget.click(".later button").await?;
        widget.wait(".launcher", "it.getAttribute('aria-expanded') === 'false'").await?;
        guide.browser.wait("tabiji('ready').then(() => true)").await?;
    }
    guide.browser.eval("localStorage.ahead = 3700000").await?;
    for title in ["もう一つ", "やってみる"] {
        guide.browser.open(&guide.page.url).await?;
        widget.wait(".card h3", &format!("it.textContent === '{title}'")).await?;
    }
    guide.browser.open(&guide.page.url).await?;
    guide.browser.wait("tabiji('ready').then(() => true)").await?;
    guide.frames().await?;
    assert_eq!(widget.ask(".panel", "true").await?, json!(null), "each of them once");
    Ok(())
}
