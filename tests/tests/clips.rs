//! How-to clips as people watch them: the real film, in a real browser.

use anyhow::Result;
use serde_json::{Value, json};
use tabiji_tests::{Browser, Console, Demo, Stack, Widget};
use thirtyfour::prelude::*;

/// The demo with a clip on its shelf.
async fn cinema() -> Result<(Stack, Demo)> {
    let (stack, demo) = Stack::with_demo(&[]).await?;
    stack.add_clip()?;
    Ok((stack, demo))
}

/// Opens the clip of the step in focus; nothing plays yet.
async fn open(demo: &Demo, browser: &Browser) -> Result<()> {
    browser.open(&format!("{}/users", demo.url)).await?;
    let widget = Widget(browser);
    widget.open().await?;
    let watch = "[...it.querySelectorAll('button')].find((one) => one.textContent === '動画で見る')";
    widget.wait(".card", &format!("!!{watch}")).await?;
    widget.ask(".card", &format!("{watch}.setAttribute('data-press', '')")).await?;
    widget.click(".card [data-press]").await?;
    widget.wait(".begin .action", "true").await?;
    Ok(())
}

/// The demo, and a browser in which the clip lies open.
async fn showing() -> Result<(Stack, Demo, Browser)> {
    let (stack, demo) = cinema().await?;
    let browser = Browser::start().await?;
    open(&demo, &browser).await?;
    Ok((stack, demo, browser))
}

const VIDEO: &str = "document.querySelector('#tabiji').shadowRoot.querySelector('video')";

/// What was told of watching: kind and data, in the order of the journal.
fn told(stack: &Stack) -> Result<Vec<(String, Value)>> {
    let rows = stack.export()?.into_iter().filter_map(|row| {
        let kind = row["body"]["kind"].as_str()?.to_owned();
        kind.starts_with("video.").then(|| (kind, row["body"]["data"].clone()))
    });
    Ok(rows.collect())
}

/// Waits until something of that kind was told.
async fn heard(stack: &Stack, fits: impl Fn(&str, &Value) -> bool) -> Result<Value> {
    for _ in 0..200 {
        if let Some((_, data)) = told(stack)?.into_iter().find(|(kind, data)| fits(kind, data)) {
            return Ok(data);
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    anyhow::bail!("never told: {:?}", told(stack)?)
}

#[tokio::test]
async fn g18_g19_v5_v7_v14_a_clip_is_watched_with_the_keyboard_alone() -> Result<()> {
    let (stack, demo) = cinema().await?;
    let browser = Browser::start().await?;
    let watch = "window.violations = []; addEventListener('securitypolicyviolation', (e) => violations.push(e.violatedDirective + ' ' + e.blockedURI))";
    browser.tools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": watch })).await?;
    open(&demo, &browser).await?;
    let widget = Widget(&browser);
    let fetched =
        "return performance.getEntriesByType('resource').filter(({ name }) => /mp4|vtt/.test(name)).length";
    assert_eq!(browser.eval(fetched).await?, json!(0), "nothing of the film before a press");
    widget.wait(".begin .action", "it === it.getRootNode().activeElement").await?;
    browser.press(Key::Enter).await?;
    browser.wait(&format!("{VIDEO}.currentTime > 0.6")).await?;
    widget.wait(".cue", "it.textContent === 'いっしょに使う人を登録しましょう。'").await?;
    // The focus is on the button that pauses, so Tab leads on, and out again.
    widget
        .wait(
            ".tool",
            "it === it.getRootNode().activeElement && it.getAttribute('aria-label') === '一時停止'",
        )
        .await?;
    browser.press("k".to_owned()).await?;
    browser.wait(&format!("{VIDEO}.paused")).await?;
    let before = browser.eval(&format!("return {VIDEO}.currentTime")).await?.as_f64().unwrap_or_default();
    browser.press(Key::Right + "").await?;
    browser.wait(&format!("Math.abs({VIDEO}.currentTime - {before} - 5) < 0.5")).await?;
    widget.wait(".seek", "/^36秒のうち[56]秒$/.test(it.getAttribute('aria-valuetext'))").await?;
    browser.press("c".to_owned()).await?;
    widget.wait(".cue", "it.textContent === ''").await?;
    browser.press(">".to_owned()).await?;
    browser.wait(&format!("{VIDEO}.playbackRate === 1.25")).await?;
    widget.ask(".part:last-of-type", "(it.open = true)").await?;
    // V7: what is typed into a field is no command.
    widget.click(".find input").await?;
    browser.press("km".to_owned()).await?;
    widget.wait(".find input", "it.value === 'km'").await?;
    assert_eq!(browser.eval(&format!("return [{VIDEO}.paused, {VIDEO}.muted]")).await?, json!([true, false]));
    widget.ask(".find input", "(it.value = '', it.dispatchEvent(new Event('input')))").await?;
    browser.press("メールアドレス".to_owned()).await?;
    widget.wait(".find small", "it.textContent === '1件'").await?;
    widget.click(".part:last-of-type li:not([hidden]) .line").await?;
    browser.wait(&format!("{VIDEO}.currentTime >= 14.2 && !{VIDEO}.paused")).await?;
    widget.wait(".line[aria-current]", "it.textContent.includes('一人目を登録する')").await?;
    browser.picture("clip-ja").await?;
    assert_eq!(browser.accessibility_faults().await?, json!([]));
    assert_eq!(browser.eval("return window.violations").await?, json!([]));
    // G18: no frame of ours that would need a name.
    let frames = "return [...document.querySelectorAll('#tabiji, #tabiji-guide')].flatMap((e) => [...e.shadowRoot.querySelectorAll('iframe')]).length";
    assert_eq!(browser.eval(frames).await?, json!(0));
    browser.press(Key::Escape).await?;
    browser.wait("!document.querySelector('#tabiji').shadowRoot.querySelector('video')").await?;
    heard(&stack, |kind, _| kind == "video.started").await?;
    Ok(())
}

#[tokio::test]
async fn v3_v13_what_was_watched_arrives_and_goes_on_on_another_device() -> Result<()> {
    let (stack, demo) = cinema().await?;
    let one = Browser::start().await?;
    open(&demo, &one).await?;
    Widget(&one).click(".begin .action").await?;
    one.wait(&format!("{VIDEO}.currentTime > 0.3")).await?;
    one.press("3".to_owned()).await?;
    one.wait(&format!("{VIDEO}.currentTime > 12.5")).await?;
    // The page goes away while it plays.
    one.open("about:blank").await?;
    let last =
        heard(&stack, |kind, data| kind == "video.progress" && data["at"].as_f64() > Some(12.0)).await?;
    assert!(last["seen"].as_str().is_some_and(|seen| seen.contains("11-1")), "{last}");
    let two = Browser::start().await?;
    open(&demo, &two).await?;
    let widget = Widget(&two);
    widget.wait(".begin .action", "/^0:1[2-9] から続きを見る$/.test(it.textContent)").await?;
    widget.click(".begin .action").await?;
    two.wait(&format!("{VIDEO}.currentTime > 12")).await?;
    Ok(())
}

#[tokio::test]
async fn v9_whoever_skips_to_the_end_has_not_watched_it() -> Result<()> {
    let (stack, _demo, browser) = showing().await?;
    let widget = Widget(&browser);
    widget.click(".begin .action").await?;
    browser.wait(&format!("{VIDEO}.currentTime > 0.5")).await?;
    browser.eval(&format!("{VIDEO}.playbackRate = 2")).await?;
    browser.press("9".to_owned()).await?;
    browser.wait(&format!("{VIDEO}.ended")).await?;
    // The step that it belongs to is offered.
    widget.wait(".asks .actions .action", "it.textContent === '「5人のユーザーを登録する」へ進む'").await?;
    let last = heard(&stack, |_, data| data["at"].as_f64() > Some(35.0)).await?;
    assert!(last["percent"].is_null(), "{last}");
    assert!(told(&stack)?.iter().all(|(kind, data)| kind != "video.completed" && data["percent"].is_null()));
    Ok(())
}

#[tokio::test]
async fn v15_a_small_window_outlives_the_step_and_the_card() -> Result<()> {
    let (stack, _demo, browser) = showing().await?;
    let widget = Widget(&browser);
    widget.click(".begin .action").await?;
    browser.wait(&format!("{VIDEO}.currentTime > 0.3")).await?;
    widget.click(".tool[aria-label='小窓で見る']").await?;
    let floats = "!!document.querySelector('#tabiji').shadowRoot.pictureInPictureElement";
    browser.wait(floats).await?;
    stack.fact("acct-seizo-a", "users", 5).await?;
    widget.wait(".row.done", "true").await?;
    assert_eq!(browser.eval(&format!("return {floats} && !{VIDEO}.paused")).await?, json!(true));
    // The person closes the card to work in the page.
    widget.click(".asks .close").await?;
    browser.wait("!document.querySelector('#tabiji').shadowRoot.querySelector('.player')").await?;
    assert_eq!(browser.eval(&format!("return {floats} && !{VIDEO}.paused")).await?, json!(true));
    browser.eval("document.exitPictureInPicture()").await?;
    browser.wait("!document.querySelector('#tabiji').shadowRoot.querySelector('video')").await?;
    Ok(())
}

#[tokio::test]
async fn one_tab_plays_at_a_time() -> Result<()> {
    let (_stack, demo, browser) = showing().await?;
    Widget(&browser).click(".begin .action").await?;
    browser.wait(&format!("{VIDEO}.currentTime > 0.3")).await?;
    let first = browser.driver.window().await?;
    let second = browser.driver.new_tab().await?;
    browser.driver.switch_to_window(second).await?;
    open(&demo, &browser).await?;
    Widget(&browser).click(".begin .action").await?;
    browser.wait(&format!("{VIDEO}.currentTime > 0.3")).await?;
    browser.driver.switch_to_window(first).await?;
    browser.wait(&format!("{VIDEO}.paused")).await?;
    Ok(())
}

#[tokio::test]
async fn the_console_says_who_watched() -> Result<()> {
    let (stack, _demo, browser) = showing().await?;
    Widget(&browser).click(".begin .action").await?;
    browser.wait(&format!("{VIDEO}.currentTime > 1.5")).await?;
    browser.press("k".to_owned()).await?;
    heard(&stack, |kind, _| kind == "video.progress").await?;
    let desk = Browser::start().await?;
    Console(&desk).enter(&stack.link()?).await?;
    desk.driver.find(By::Css("a[href='/console/clips']")).await?.click().await?;
    let first = "document.querySelector('[aria-labelledby=clip-first-setup]')?.textContent";
    desk.wait(&format!("({first})?.includes('視聴開始 1人、最後まで 0人')")).await?;
    assert_eq!(desk.eval("return document.querySelectorAll('section.report').length").await?, json!(3));
    assert_eq!(desk.accessibility_faults().await?, json!([]));
    desk.picture("console-clips-ja").await?;
    Ok(())
}

#[tokio::test]
async fn v10_a_film_that_cannot_come_leaves_its_words_and_a_way_to_try_again() -> Result<()> {
    let (mut stack, _demo, browser) = showing().await?;
    let widget = Widget(&browser);
    stack.kill_collector();
    widget.click(".begin .action").await?;
    widget.wait(".begin[role=alert]", "it.textContent.includes('内容は下で読めます')").await?;
    assert_eq!(widget.ask(".part:last-of-type", "it.querySelectorAll('.line').length").await?, json!(7));
    stack.start_collector().await?;
    widget.click(".begin[role=alert] .action").await?;
    browser.wait(&format!("{VIDEO}.currentTime > 0.3")).await?;
    widget.wait(".screen", "!it.querySelector('.begin')").await?;
    Ok(())
}

#[tokio::test]
async fn the_shelf_finds_clips_by_what_is_said() -> Result<()> {
    let (_stack, _demo, browser) = showing().await?;
    let widget = Widget(&browser);
    widget.click(".asks .actions .quiet").await?;
    widget.wait(".shelf", "it.children.length === 1").await?;
    widget.click(".asks input[type=search]").await?;
    // Half-width and full-width are the same, and words need no spaces between them.
    browser.press("メアド".to_owned()).await?;
    widget.wait(".asks [role=status]", "it.textContent.includes('見つかりません')").await?;
    widget.ask(".asks input[type=search]", "(it.value = '', true)").await?;
    browser.press("ﾒｰﾙｱﾄﾞﾚｽ".to_owned()).await?;
    widget.wait(".shelf .line", "it.textContent.includes('次に、メールアドレスを入れます。')").await?;
    assert_eq!(browser.accessibility_faults().await?, json!([]));
    browser.picture("shelf-ja").await?;
    widget.click(".shelf .line").await?;
    widget.wait(".begin .action", "it.textContent === '0:14 から再生'").await?;
    Ok(())
}
