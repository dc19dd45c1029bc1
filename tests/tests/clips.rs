//! How-to clips as people watch them: real video files in a real browser.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::json;
use tabiji_tests::{Browser, Console, Demo, Quality, Stack, ThrottledProxy, Widget, demo_flow};
use thirtyfour::prelude::*;

/// The demo with the video of one clip.
async fn cinema() -> Result<(Stack, Demo)> {
    let (stack, demo) = Stack::with_demo(&[]).await?;
    stack.add_clip()?;
    Ok((stack, demo))
}

/// The demo, and a browser in which the clip lies open.
async fn showing() -> Result<(Stack, Demo, Browser)> {
    let (stack, demo) = cinema().await?;
    let browser = Browser::start().await?;
    Widget(&browser).watch(&demo).await?;
    Ok((stack, demo, browser))
}

const VIDEO: &str = "document.querySelector('#tabiji').shadowRoot.querySelector('video')";

/// The posters of the demo's clips lie in the repository: no ffmpeg is needed for a player that is not black.
#[tokio::test]
async fn a_clip_shows_its_poster_before_it_plays() -> Result<()> {
    let (_stack, _demo, browser) = showing().await?;
    let width = "return new Promise((done) => { const picture = new Image(); picture.onload = () => done(picture.naturalWidth);
        picture.onerror = () => done(0); picture.src = VIDEO.poster; })";
    assert_eq!(browser.eval(&width.replace("VIDEO", VIDEO)).await?, json!(640));
    assert_eq!(
        browser.eval(&format!("return [{VIDEO}.paused, {VIDEO}.currentTime]")).await?,
        json!([true, 0])
    );
    browser.picture("clip-poster-ja").await?;
    Ok(())
}

#[tokio::test]
async fn g18_g19_v5_v14_a_clip_is_watched_with_the_keyboard_alone() -> Result<()> {
    let (stack, demo) = cinema().await?;
    let browser = Browser::start().await?;
    let watch = "window.violations = []; addEventListener('securitypolicyviolation', (e) => violations.push(e.violatedDirective + ' ' + e.blockedURI))";
    browser.tools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": watch })).await?;
    Widget(&browser).watch(&demo).await?;
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
    // Tab leads through every control, shows each, and leads out of the widget; and back again.
    let mut way = tabs(&browser, false, "false").await?;
    for part in
        ["seek", "tool mute", "tool captions", "tool pip", "tool large", "tool full", "speed", "summary"]
    {
        assert!(way.iter().any(|one| one == part), "{part} is not among {way:?}");
    }
    way.reverse();
    // The last one on the way out is the first on the way back.
    let back = tabs(&browser, true, "it.classList.contains('play')").await?;
    assert_eq!(back[..way.len()], way[..]);
    tabs(&browser, false, "it.localName === 'summary' && it.parentElement.matches(':last-of-type')").await?;
    browser.press(Key::Enter + "").await?;
    widget.wait(".part:last-of-type", "it.open").await?;
    tabs(&browser, false, "it.matches('.find input')").await?;
    // What is typed into a field is no command.
    browser.press("km".to_owned()).await?;
    widget.wait(".find input", "it.value === 'km'").await?;
    assert_eq!(browser.eval(&format!("return [{VIDEO}.paused, {VIDEO}.muted]")).await?, json!([true, false]));
    browser.press(Key::Backspace + "").await?;
    browser.press(Key::Backspace + "").await?;
    browser.press("メールアドレス".to_owned()).await?;
    widget.wait(".find small", "it.textContent === '1件'").await?;
    tabs(&browser, false, "it.matches('.said .line')").await?;
    browser.press(Key::Enter + "").await?;
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
    stack.heard(|kind, _| kind == "video.started").await?;
    // Of four minutes a slider says minutes and seconds.
    four_minutes(&stack)?;
    widget.watch(&demo).await?;
    widget.wait(".begin .action", "it === it.getRootNode().activeElement").await?;
    browser.press(Key::Enter + "").await?;
    browser.wait(&format!("{VIDEO}.currentTime > 0.1")).await?;
    browser.press("k3".to_owned()).await?;
    browser.press(Key::Right + "").await?;
    browser.press(Key::Right + "").await?;
    widget.wait(".seek", "it.getAttribute('aria-valuetext') === '4分0秒のうち1分22秒'").await?;
    Ok(())
}

/// Presses Tab until an expression about what has the focus (`it`) is true, or the focus is no longer in the widget; gives
/// what had it, and checks that each was seen to have it.
async fn tabs(browser: &Browser, back: bool, until: &str) -> Result<Vec<String>> {
    let script = format!(
        "const host = document.activeElement; const it = host?.id === 'tabiji' && host.shadowRoot.activeElement;
         if (!it) return null;
         const {{ outlineStyle, outlineWidth, outlineColor }} = getComputedStyle(it);
         const shows = it.matches(':focus-visible') && outlineStyle === 'solid' && parseFloat(outlineWidth) >= 2 && !/, 0\\)/.test(outlineColor);
         return [it.className || it.localName, shows, {until}]"
    );
    let mut way = Vec::new();
    for _ in 0..80 {
        let keys = browser.driver.action_chain();
        let keys = if back { keys.key_down(Key::Shift) } else { keys };
        let keys = keys.send_keys(Key::Tab + "");
        let keys = if back { keys.key_up(Key::Shift) } else { keys };
        keys.perform().await?;
        let at = browser.eval(&script).await?;
        let Some(name) = at[0].as_str() else {
            if way.is_empty() {
                continue;
            }
            return Ok(way);
        };
        assert_eq!(at[1], json!(true), "nothing shows that {name} has the focus");
        way.push(name.to_owned());
        if at[2] == true {
            return Ok(way);
        }
    }
    bail!("Tab leads nowhere: {way:?}")
}

/// Replaces the clip by one of four minutes: the same pictures, each shown for longer.
fn four_minutes(stack: &Stack) -> Result<()> {
    let clips = concat!(env!("CARGO_MANIFEST_DIR"), "/../demo-site/clips/first-setup");
    let mut film = std::fs::read(format!("{clips}.mp4"))?;
    // Units of time in a second, of the whole and of the picture (ISO 14496-12, 8.2.2 and 8.4.2, version 0).
    for name in [b"mvhd", b"mdhd"] {
        let at = film.windows(4).position(|window| window == name).context("it has no length")? + 16;
        let scale = u32::from_be_bytes(film[at..at + 4].try_into()?);
        film[at..at + 4].copy_from_slice(&(scale * 36 / 240).to_be_bytes());
    }
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("film.mp4").display().to_string();
    std::fs::write(&file, film)?;
    stack.tabiji(&[
        "media",
        "add",
        &file,
        "--id",
        "first-setup",
        "--captions",
        &format!("{clips}.ja.vtt"),
    ])?;
    Ok(())
}

#[tokio::test]
async fn v3_v13_what_was_watched_arrives_and_goes_on_on_another_device() -> Result<()> {
    let (stack, demo) = cinema().await?;
    let one = Browser::start().await?;
    Widget(&one).watch(&demo).await?;
    Widget(&one).click(".begin .action").await?;
    one.wait(&format!("{VIDEO}.currentTime > 0.3")).await?;
    one.press("3".to_owned()).await?;
    one.wait(&format!("{VIDEO}.currentTime > 12.5")).await?;
    // Not a quarter of the thirty-six seconds so far: it is passed right before the page goes away.
    assert!(stack.watching()?.iter().all(|(_, data)| data["percent"].is_null()));
    // What is sent from now on gets through only when the page goes away.
    one.eval("const { fetch } = window; window.fetch = (url, how) => String(url?.url ?? url).endsWith('/v1/events') ? new Promise(() => {}) : fetch(url, how)").await?;
    one.eval(&format!("{VIDEO}.playbackRate = 4")).await?;
    one.wait(&format!("{VIDEO}.currentTime > 20.5")).await?;
    assert!(stack.watching()?.iter().all(|(_, data)| data["percent"].is_null()));
    // The page goes away while it plays.
    one.open("about:blank").await?;
    let last = stack.heard(|kind, data| kind == "video.progress" && data["at"].as_f64() > Some(20.0)).await?;
    assert!(last["seen"].as_str().is_some_and(|seen| seen.contains("11-2")), "{last}");
    stack.heard(|kind, data| kind == "video.progress" && data["percent"] == 25).await?;
    let two = Browser::start().await?;
    Widget(&two).watch(&demo).await?;
    let widget = Widget(&two);
    widget.wait(".begin .action", "/^0:(2[0-9]|3[0-4]) から続きを見る$/.test(it.textContent)").await?;
    widget.click(".begin .action").await?;
    two.wait(&format!("{VIDEO}.currentTime > 20")).await?;
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
    let last = stack.heard(|_, data| data["at"].as_f64() > Some(35.0)).await?;
    assert!(last["percent"].is_null(), "{last}");
    assert!(
        stack.watching()?.iter().all(|(kind, data)| kind != "video.completed" && data["percent"].is_null())
    );
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
    Widget(&browser).watch(&demo).await?;
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
    stack.heard(|kind, _| kind == "video.progress").await?;
    let desk = Browser::start().await?;
    Console(&desk).enter(&stack.link()?).await?;
    desk.driver.find(By::Css("a[href='/console/clips']")).await?.click().await?;
    let figures = "[...document.querySelectorAll('[aria-labelledby=clip-first-setup] .scores b')].slice(0, 3).map((it) => +it.textContent)";
    desk.wait(&format!("JSON.stringify({figures}) === '[1,0,1]'")).await?;
    assert_eq!(desk.eval("return document.querySelectorAll('section.report').length").await?, json!(10));
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
    widget.wait(".begin[role=alert]", "it.textContent.includes('内容は下の文字起こしで読めます')").await?;
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

/// V6: a screen reader announces what the person did, never the clock.
#[tokio::test]
async fn v6_a_reader_hears_what_was_done_and_not_every_second() -> Result<()> {
    let (_stack, _demo, browser) = showing().await?;
    let widget = Widget(&browser);
    let listen = "
        const root = document.querySelector('#tabiji').shadowRoot;
        window.heard = [];
        const speaks = (node) => node.closest?.('[aria-live]:not([aria-live=off]), [role=status], [role=alert], [role=log]');
        new MutationObserver((all) => all.forEach(({ target, type }) => {
            const element = target.nodeType === 1 ? target : target.parentElement;
            // A reader says changes of live regions, and of what has the focus.
            if (element && (speaks(element) || (type === 'attributes' && element === root.activeElement)))
                heard.push(element.getAttribute('aria-valuetext') ?? element.getAttribute('aria-label') ?? element.textContent);
        })).observe(root, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ['aria-label', 'aria-valuetext', 'aria-pressed'] });";
    browser.eval(listen).await?;
    widget.click(".begin .action").await?;
    browser.wait(&format!("{VIDEO}.currentTime > 2.5")).await?;
    assert_eq!(
        browser.eval("return heard.splice(0)").await?,
        json!(["一時停止"]),
        "playing, and no second of it"
    );
    browser.press("k".to_owned()).await?;
    browser.wait("heard.length > 0").await?;
    assert_eq!(browser.eval("return heard.splice(0)").await?, json!(["再生"]));
    // The slider says where it stands when the person moves it, and is silent while it moves by itself.
    widget.ask(".seek", "(it.focus(), true)").await?;
    browser.press(Key::Right + "").await?;
    browser.wait("heard.length > 0").await?;
    let moved = browser.eval("return heard.splice(0).at(-1)").await?;
    assert!(moved.as_str().is_some_and(|said| said.starts_with("36秒のうち")), "{moved}");
    browser.press("k".to_owned()).await?;
    let at = browser.eval(&format!("return {VIDEO}.currentTime")).await?.as_f64().unwrap_or_default();
    browser.wait(&format!("{VIDEO}.currentTime > {at} + 1.5")).await?;
    assert_eq!(browser.eval("return heard").await?, json!([]));
    let captions = ".tool[aria-label='字幕']";
    assert_eq!(widget.ask(captions, "it.getAttribute('aria-pressed')").await?, json!("true"));
    widget.click(captions).await?;
    widget.wait(captions, "it.getAttribute('aria-pressed') === 'false'").await?;
    assert_eq!(browser.eval("return heard").await?, json!(["字幕"]));
    Ok(())
}

/// V8: narrow and enlarged, without motion, and in the colours that the person chose.
#[tokio::test]
async fn v8_everything_is_there_at_320_pixels_enlarged_and_in_forced_colours() -> Result<()> {
    let (_stack, demo) = cinema().await?;
    let browser = Browser::start().await?;
    // 640 pixels at 200 %.
    let narrow = json!({ "width": 320, "height": 640, "deviceScaleFactor": 2, "mobile": false });
    browser.tools("Emulation.setDeviceMetricsOverride", narrow).await?;
    let wishes = json!({ "features": [
        { "name": "prefers-reduced-motion", "value": "reduce" }, { "name": "forced-colors", "value": "active" }
    ] });
    browser.tools("Emulation.setEmulatedMedia", wishes).await?;
    let widget = Widget(&browser);
    widget.watch(&demo).await?;
    widget.click(".begin .action").await?;
    browser.wait(&format!("{VIDEO}.currentTime > 0.3")).await?;
    let outside = "
        const root = document.querySelector('#tabiji').shadowRoot;
        const shown = [...root.querySelectorAll('.player .tool, .player .seek, .player .speed, .player .time, .screen, .asks .close')];
        return shown.filter((it) => { const r = it.getBoundingClientRect(); return r.left < 0 || r.right > 320 || r.width < 24 || r.height < 16; }).map((it) => it.outerHTML.slice(0, 80))";
    assert_eq!(browser.eval(outside).await?, json!([]));
    let small = "
        const root = document.querySelector('#tabiji').shadowRoot;
        return [...root.querySelectorAll('.player button, .player select, .player input')].filter((it) => it.getBoundingClientRect().height < 24 || it.getBoundingClientRect().width < 24).length";
    assert_eq!(browser.eval(small).await?, json!(0), "targets of at least 24 pixels");
    let sideways = "const body = document.querySelector('#tabiji').shadowRoot.querySelector('.asks'); return body.scrollWidth > body.clientWidth + 1";
    assert_eq!(browser.eval(sideways).await?, json!(false));
    let moving = "return document.querySelector('#tabiji').shadowRoot.getAnimations().filter((a) => a.effect.getComputedTiming().duration > 1).length";
    assert_eq!(browser.eval(moving).await?, json!(0));
    // In forced colours a background is gone: an outline, a border or an icon sets controls off from the ground.
    let unseen = "
        const root = document.querySelector('#tabiji').shadowRoot;
        return [...root.querySelectorAll('.player .tool')].filter((it) => { const path = it.querySelector('path'); const s = getComputedStyle(path); const ground = getComputedStyle(it).backgroundColor; return (s.fill === 'none' || s.fill === ground) && (s.stroke === 'none' || s.stroke === ground); }).length";
    assert_eq!(browser.eval(unseen).await?, json!(0));
    browser.picture("clip-320-forced").await?;
    assert_eq!(browser.accessibility_faults().await?, json!([]));
    Ok(())
}

/// V11: on a mobile connection the first picture comes soon, and an interruption is reported as one stall.
#[tokio::test]
async fn v11_a_slow_line_shows_a_first_picture_and_tells_one_stall() -> Result<()> {
    let (stack, ports) = Stack::start(1).await?;
    stack.publish(&demo_flow())?;
    stack.add_clip()?;
    let line = ThrottledProxy::to(&stack.url()).await?;
    let demo = stack.demo_by(&line.url, ports[0], &[]).await?;
    let browser = Browser::start().await?;
    let widget = Widget(&browser);
    widget.watch(&demo).await?;
    browser.eval(&format!("{VIDEO}.addEventListener('waiting', () => window.waited = {VIDEO}.currentTime && !window.over ? (window.waited ?? 0) + 1 : window.waited)")).await?;
    browser.eval(&format!("{VIDEO}.addEventListener('playing', () => window.first ??= performance.now() - pressed); window.pressed = performance.now()")).await?;
    // Hardly faster than the video, which has 4.6 kB a second.
    line.set(Quality { rate: 12_000, delay: Duration::from_millis(75) });
    widget.click(".begin .action").await?;
    let first = browser.wait("window.first").await?.as_f64().unwrap_or(f64::MAX);
    assert!(first < 10_000.0, "the first picture came after {first} ms");
    line.set(Quality::rate(0));
    browser.wait("window.waited === 1").await?;
    line.set(Quality::GOOD);
    let at = browser.eval(&format!("return {VIDEO}.currentTime")).await?.as_f64().unwrap_or_default();
    browser.wait(&format!("{VIDEO}.currentTime > {at} + 3")).await?;
    browser.eval(&format!("window.over = true; {VIDEO}.pause()")).await?;
    let told = stack.heard(|_, data| data["at"].as_f64() > Some(at)).await?;
    assert_eq!((told["stalls"].as_f64(), browser.eval("return window.waited").await?), (Some(1.0), json!(1)));
    Ok(())
}

/// V4: where our own captions cannot be, the browser shows its own: full screen on a phone, small window.
#[tokio::test]
async fn v4_captions_go_where_the_picture_goes() -> Result<()> {
    let (_stack, _demo, browser) = showing().await?;
    let widget = Widget(&browser);
    widget.click(".begin .action").await?;
    browser.wait(&format!("{VIDEO}.currentTime > 0.6")).await?;
    let showing = format!(
        "[...{VIDEO}.textTracks].filter((track) => track.mode === 'showing').map((track) => track.language).join()"
    );
    assert_eq!(browser.eval(&format!("return {showing}")).await?, json!(""), "inside the page they are ours");
    widget.click(".tool[aria-label='小窓で見る']").await?;
    browser.wait(&format!("{showing} === 'ja'")).await?;
    // They are really there: the browser has read them.
    browser
        .wait(&format!(
            "[...{VIDEO}.textTracks].find((track) => track.mode === 'showing').cues?.length === 7"
        ))
        .await?;
    browser
        .wait(&format!(
            "[...{VIDEO}.textTracks].find((track) => track.mode === 'showing').activeCues.length === 1"
        ))
        .await?;
    browser.eval("document.exitPictureInPicture()").await?;
    browser.wait(&format!("{showing} === ''")).await?;
    // What Safari on a phone says when its own full screen begins and ends.
    browser.eval(&format!("{VIDEO}.dispatchEvent(new Event('webkitbeginfullscreen'))")).await?;
    browser.wait(&format!("{showing} === 'ja'")).await?;
    widget.click(".tool[aria-label='字幕']").await?;
    browser.wait(&format!("{showing} === ''")).await?;
    browser.eval(&format!("{VIDEO}.dispatchEvent(new Event('webkitendfullscreen'))")).await?;
    Ok(())
}

/// What was hard to follow is looked at again, and the console says where.
#[tokio::test]
async fn the_console_says_what_was_looked_at_again() -> Result<()> {
    let (stack, _demo, browser) = showing().await?;
    Widget(&browser).click(".begin .action").await?;
    for _ in 0..2 {
        browser.press("5".to_owned()).await?;
        browser.wait(&format!("{VIDEO}.currentTime > 19.5")).await?;
        browser.press("3".to_owned()).await?;
        browser.wait(&format!("{VIDEO}.currentTime > 12.2 && {VIDEO}.currentTime < 15")).await?;
    }
    browser.press("k".to_owned()).await?;
    stack.heard(|_, data| data["back"].as_str().is_some()).await?;
    let desk = Browser::start().await?;
    Console(&desk).enter(&stack.link()?).await?;
    desk.driver.find(By::Css("a[href='/console/clips']")).await?.click().await?;
    let first = "document.querySelector('[aria-labelledby=clip-first-setup]')?.innerText";
    desk.wait(&format!("/0:1[01]\\s+2回（1人）/.test({first})")).await?;
    let captioned = "document.querySelector('[aria-labelledby=clip-first-setup] .scores div:nth-child(4) b')";
    desk.wait(&format!("{captioned}.textContent === '1'")).await?;
    desk.picture("console-clips-again-ja").await?;
    Ok(())
}

/// A video that replaced another one has not been watched by anyone yet.
#[tokio::test]
async fn a_new_film_under_an_old_id_is_a_new_film() -> Result<()> {
    let (stack, demo, browser) = showing().await?;
    Widget(&browser).click(".begin .action").await?;
    browser.wait(&format!("{VIDEO}.currentTime > 0.3")).await?;
    browser.press("5".to_owned()).await?;
    browser.wait(&format!("{VIDEO}.currentTime > 19")).await?;
    browser.press("k".to_owned()).await?;
    stack.heard(|_, data| data["at"].as_f64() > Some(18.0)).await?;
    stack.add_voice()?;
    let other = Browser::start().await?;
    Widget(&other).watch(&demo).await?;
    Widget(&other).wait(".begin", "!it.textContent.includes('続きを見る')").await?;
    Ok(())
}

/// Addresses of what clips need and questions do not, as the build lists it.
fn files_of_clips() -> Result<Vec<String>> {
    let list = Path::new(env!("CARGO_MANIFEST_DIR")).join("../widget/pkg-split/parts.json");
    let parts: BTreeMap<String, Vec<String>> = serde_json::from_str(&std::fs::read_to_string(list)?)?;
    let of = |name: &str| parts.get(name).cloned().unwrap_or_default();
    let others = of("prompts");
    let own = of("clips").into_iter().filter(|file| !others.contains(file));
    Ok(own.map(|file| format!("*/assets/{file}")).collect())
}

/// A part that cannot be fetched says so where the person pressed, and comes when they try again.
#[tokio::test]
async fn a_player_that_cannot_be_fetched_says_so() -> Result<()> {
    let (_stack, demo) = cinema().await?;
    let browser = Browser::start().await?;
    browser.tools("Network.enable", json!({})).await?;
    browser.tools("Network.setBlockedURLs", json!({ "urls": files_of_clips()? })).await?;
    browser.open(&format!("{}/users", demo.url)).await?;
    let widget = Widget(&browser);
    widget.open().await?;
    widget.press(".card", "動画で見る").await?;
    widget.wait(".asks h2", "it.textContent === 'いまは読み込めません'").await?;
    browser.tools("Network.setBlockedURLs", json!({ "urls": [] })).await?;
    widget.click(".asks .body .action").await?;
    widget.wait(".begin .action", "true").await?;
    Ok(())
}

/// A person who watches a clip again has not finished it twice.
#[tokio::test]
async fn completion_is_told_once_for_each_person() -> Result<()> {
    let (stack, demo) = Stack::with_demo(&[]).await?;
    stack.add_voice()?;
    for viewings in 1..=2 {
        let browser = Browser::start().await?;
        let widget = Widget(&browser);
        widget.watch(&demo).await?;
        widget.click(".begin .action").await?;
        browser.wait(&format!("{VIDEO}.ended")).await?;
        // A page that goes away tells what it has to tell.
        browser.open("about:blank").await?;
        let ends = |all: Vec<(String, serde_json::Value)>| {
            all.iter().filter(|(kind, data)| kind == "video.progress" && data["seen"] == "0-4").count()
        };
        for _ in 0..100 {
            if ends(stack.watching()?) >= viewings {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert!(ends(stack.watching()?) >= viewings, "{:?}", stack.watching()?);
    }
    let completed = stack.watching()?.into_iter().filter(|(kind, _)| kind == "video.completed").count();
    assert_eq!(completed, 1);
    Ok(())
}

/// Sets the window's size.
async fn resize(browser: &Browser, width: u32, height: u32) -> Result<()> {
    let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
    browser.tools("Emulation.setDeviceMetricsOverride", size).await?;
    Ok(())
}

/// Where an edge of the first match is in the window, as an expression.
fn edge(selector: &str, edge: &str) -> String {
    format!(
        "document.querySelector('#tabiji').shadowRoot.querySelector('{selector}').getBoundingClientRect().{edge}"
    )
}

/// Who reads what is said sees the picture that it is about.
#[tokio::test]
async fn the_picture_stays_in_sight_while_the_transcript_is_read() -> Result<()> {
    let (_stack, _demo, browser) = showing().await?;
    let widget = Widget(&browser);
    for (width, height) in [(1280, 800), (390, 844), (320, 640)] {
        resize(&browser, width, height).await?;
        widget
            .ask(".part:last-of-type", "(it.open = false, it.closest('.panel').scrollTop = 0, true)")
            .await?;
        // Opened, it begins in sight, right below the controls.
        widget.click(".part:last-of-type summary").await?;
        let gap = format!("{} - {}", edge(".part:last-of-type", "top"), edge(".player", "bottom"));
        browser.wait(&format!("Math.abs({gap}) < 16")).await?;
        let below = format!("{} - {}", edge(".panel.asks", "bottom"), edge(".said .line", "bottom"));
        browser.wait(&format!("{below} > 0")).await?;
        // At its end the picture is still whole, below the head.
        widget.ask(".panel.asks", "(it.scrollTop = it.scrollHeight, true)").await?;
        let under = format!("{} - {}", edge(".screen", "top"), edge(".asks .head", "bottom"));
        browser.wait(&format!("{under} >= -1 && {under} < 16")).await?;
        let last = format!("{} - {}", edge(".said li:last-child", "top"), edge(".player", "bottom"));
        browser.wait(&format!("{last} >= 0")).await?;
        browser.picture(&format!("clip-transcript-{width}-ja")).await?;
        // A line that is half scrolled away is no small target.
        widget.ask(".panel.asks", "(it.scrollTop = 0, true)").await?;
        assert_eq!(browser.accessibility_faults().await?, json!([]), "{width}");
    }
    Ok(())
}

/// What is said is copied, or the person reads that it is selected and theirs to copy.
#[tokio::test]
async fn the_transcript_says_it_is_copied_only_when_it_is() -> Result<()> {
    let (_stack, _demo, browser) = showing().await?;
    let widget = Widget(&browser);
    browser.eval("addEventListener('unhandledrejection', () => { window.rejected = true; })").await?;
    widget.click(".part:last-of-type summary").await?;
    let all = widget.ask(".said", "it.textContent").await?;
    for (clipboard, expected) in [
        ("{ writeText: async (text) => { window.written = text; } }", "コピーしました"),
        ("undefined", "選択されたテキストをコピーしてください"),
        ("{}", "選択されたテキストをコピーしてください"),
        ("{ writeText: () => { throw new DOMException('No.', 'NotAllowedError'); } }", "選択されたテキストをコピーしてください"),
        ("{ writeText: () => Promise.reject(new DOMException('No.', 'NotAllowedError')) }", "選択されたテキストをコピーしてください"),
    ] {
        let other = "Object.defineProperty(navigator, 'clipboard', { value: CLIPBOARD, configurable: true }); getSelection().removeAllRanges()";
        browser.eval(&other.replace("CLIPBOARD", clipboard)).await?;
        widget.ask(".find small", "(it.textContent = '', true)").await?;
        widget.click("[data-do=copy]").await?;
        widget.wait(".find small", &format!("it.textContent === '{expected}'")).await?;
        let by_hand = expected != "コピーしました";
        let selected = browser.eval("return getSelection().toString().length > 40").await?;
        assert_eq!(selected, json!(by_hand), "{clipboard}");
    }
    let written = browser.eval("return written").await?;
    let lines = written.as_str().unwrap_or_default().lines().count();
    assert!(lines > 3 && written.as_str().is_some_and(|text| text.starts_with("0:0")), "{written} of {all}");
    assert_eq!(browser.eval("return window.rejected ?? false").await?, json!(false));
    Ok(())
}

/// Nothing lies over what is shown, and the slider says where a chapter begins.
#[tokio::test]
async fn captions_stand_below_the_picture_and_chapters_on_the_slider() -> Result<()> {
    let (_stack, _demo, browser) = showing().await?;
    let widget = Widget(&browser);
    widget.click(".begin .action").await?;
    widget.wait(".cue", "it.textContent === 'いっしょに使う人を登録しましょう。'").await?;
    browser.wait(&format!("{} >= {}", edge(".cue", "top"), edge(".screen", "bottom"))).await?;
    let before = browser.eval(&format!("return {}", edge(".bar", "top"))).await?;
    assert_eq!(widget.ask(".track", "it.querySelectorAll('.tick').length").await?, json!(2));
    // The thumb, 16 pixels wide, stands on the tick when a chapter begins.
    for (nth, second) in [(2, 8.0), (3, 26.0)] {
        let tick = format!(".track .tick:nth-child({nth})");
        let thumb =
            format!("{} + 8 + ({} - 16) * {second} / 36", edge(".seek", "left"), edge(".seek", "width"));
        let middle = format!("{} + 1 - ({thumb})", edge(&tick, "left"));
        let off = browser.eval(&format!("return {middle}")).await?;
        assert!(off.as_f64().is_some_and(|off| off.abs() < 2.0), "{second}: {off}");
    }
    // Between two captions nothing moves.
    browser.press("k".to_owned()).await?;
    widget.ask(".cue", "(it.textContent = '', true)").await?;
    assert_eq!(browser.eval(&format!("return {}", edge(".bar", "top"))).await?, before);
    Ok(())
}

/// Small type can be read: one press makes the picture large, and it plays on.
#[tokio::test]
async fn larger_shows_it_at_800_pixels_and_escape_leads_back() -> Result<()> {
    let (_stack, _demo, browser) = showing().await?;
    let widget = Widget(&browser);
    resize(&browser, 1280, 800).await?;
    widget.click(".begin .action").await?;
    browser.wait(&format!("{VIDEO}.currentTime > 0.6")).await?;
    widget.click(".tool.large").await?;
    widget.wait(".frame", "it.open").await?;
    widget.wait(".tool.large", "it === it.getRootNode().activeElement && it.ariaPressed === 'true'").await?;
    browser.wait(&format!("{} === 800", edge(".screen", "width"))).await?;
    browser.wait(&format!("{} <= 800", edge(".frame", "bottom"))).await?;
    // It plays on, sharp enough for its size.
    browser
        .wait(&format!("!{VIDEO}.paused && {VIDEO}.videoWidth >= 800 && {VIDEO}.currentTime > 1.2"))
        .await?;
    assert_eq!(browser.accessibility_faults().await?, json!([]));
    browser.picture("clip-large-ja").await?;
    let dark = json!({ "features": [{ "name": "prefers-color-scheme", "value": "dark" }] });
    browser.tools("Emulation.setEmulatedMedia", dark).await?;
    browser.picture("clip-large-dark-ja").await?;
    for (width, height) in [(390, 844), (320, 640)] {
        resize(&browser, width, height).await?;
        // All the page's width, less a scrollbar where one stands.
        let room = "document.documentElement.clientWidth";
        browser.wait(&format!("{} === {room}", edge(".screen", "width"))).await?;
        browser.picture(&format!("clip-large-{width}-dark-ja")).await?;
    }
    resize(&browser, 1280, 800).await?;
    // Keys still work, and Escape leads back into the card, not out of it.
    browser.press("k".to_owned()).await?;
    browser.wait(&format!("{VIDEO}.paused")).await?;
    browser.press(Key::Escape).await?;
    widget.wait(".frame", "!it.open").await?;
    widget.wait(".tool.large", "it === it.getRootNode().activeElement && it.ariaPressed === 'false'").await?;
    browser.wait(&format!("{} < 400", edge(".screen", "width"))).await?;
    browser.picture("clip-dark-ja").await?;
    // Once more by its button and by a press beside it.
    widget.click(".tool.large").await?;
    widget.wait(".frame", "it.open").await?;
    browser.driver.action_chain().move_to(20, 20).click().perform().await?;
    widget.wait(".frame", "!it.open").await?;
    Ok(())
}

/// The same in English, as it is seen.
#[tokio::test]
async fn a_clip_in_english_at_every_width() -> Result<()> {
    let (_stack, demo) = cinema().await?;
    let browser = Browser::start().await?;
    let widget = Widget(&browser);
    browser.open(&demo.url).await?;
    browser.eval("document.cookie = 'demo_language=en; path=/'").await?;
    browser.open(&format!("{}/users", demo.url)).await?;
    widget.open().await?;
    widget.press(".card", "Watch").await?;
    widget.wait(".begin .action", "it.textContent.startsWith('Play')").await?;
    widget.wait(".seek", "it.getAttribute('aria-valuetext') === '0 s of 36 s'").await?;
    assert_eq!(widget.ask(".tool.large", "it.ariaLabel").await?, json!("Larger"));
    widget.click(".begin .action").await?;
    widget.wait(".cue", "it.textContent.length > 0").await?;
    for (width, height) in [(1280, 800), (390, 844), (320, 640)] {
        resize(&browser, width, height).await?;
        let sideways =
            "return document.querySelector('#tabiji').shadowRoot.querySelector('.asks').scrollWidth";
        let wide = browser.eval(sideways).await?.as_f64().unwrap_or(f64::MAX);
        assert!(wide <= f64::from(width), "{wide} of {width}");
        browser.picture(&format!("clip-{width}-en")).await?;
    }
    Ok(())
}
