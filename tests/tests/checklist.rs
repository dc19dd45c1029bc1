//! The checklist for everyone: keyboard, names and states, contrast, zoom, motion.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use serde_json::{Value, json};
use tabiji_tests::{Browser, Demo, Stack, Widget};
use thirtyfour::prelude::*;

async fn shown() -> Result<(Stack, Demo, Browser)> {
    let (stack, demo) = Stack::with_demo(&[]).await?;
    let browser = Browser::start().await?;
    browser.open(&demo.url).await?;
    Widget(&browser).ready().await?;
    // The steps are there, not only what was last known.
    Widget(&browser).wait(".launcher", "/\\d/.test(it.textContent)").await?;
    Ok((stack, demo, browser))
}

async fn emulate(browser: &Browser, feature: &str, value: &str) -> Result<()> {
    let features = json!({ "features": [{ "name": feature, "value": value }] });
    browser.tools("Emulation.setEmulatedMedia", features).await?;
    Ok(())
}

async fn resize(browser: &Browser, width: u32, height: u32, scale: f64, mobile: bool) -> Result<()> {
    let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": scale, "mobile": mobile });
    browser.tools("Emulation.setDeviceMetricsOverride", metrics).await?;
    Ok(())
}

/// The contrast of two colours, by WCAG 2.2's formula for relative luminance.
const CONTRAST: &str = r"
const root = document.querySelector('#tabiji').shadowRoot;
const rgba = (text) => { const c = new OffscreenCanvas(1, 1).getContext('2d'); c.fillStyle = text; c.fillRect(0, 0, 1, 1); return [...c.getImageData(0, 0, 1, 1).data]; };
const light = ([r, g, b]) => [r, g, b].map((v) => v / 255).map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4).reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
const ratio = (a, b) => { const [hi, lo] = [light(a), light(b)].sort((x, y) => y - x); return (hi + 0.05) / (lo + 0.05); };
const ground = (e) => { for (; e; e = e.parentElement) { const c = rgba(getComputedStyle(e).backgroundColor); if (c[3] === 255) return c; } return rgba('white'); };
";

/// Takes every step out of the progress that the collector answers with.
const WITHOUT_STEPS: &str = "const ask = window.fetch; window.fetch = async (...given) => {
    const answer = await ask(...given);
    if (!String(given[0]?.url ?? given[0]).endsWith('/v1/session')) return answer;
    const session = await answer.json();
    session.progress.steps = {};
    return new Response(JSON.stringify(session), { status: answer.status });
};";

/// Without an answer the panel says so, and its button is as wide as its words; a press loads the steps.
#[tokio::test]
async fn steps_that_cannot_be_loaded_can_be_asked_for_again() -> Result<()> {
    let (_stack, demo) = Stack::with_demo(&[]).await?;
    let browser = Browser::start().await?;
    browser.tools("Network.enable", json!({})).await?;
    browser.tools("Network.setBlockedURLs", json!({ "urls": ["*/v1/session"] })).await?;
    browser.open(&demo.url).await?;
    let widget = Widget(&browser);
    widget.ready().await?;
    widget.click(".launcher").await?;
    widget.wait(".panel h2", "it.textContent === '手順を読み込めませんでした'").await?;
    let widths = "[it.getBoundingClientRect().width, it.closest('.panel').getBoundingClientRect().width]";
    let widths = widget.ask(".panel .action", widths).await?;
    let width = |at: usize| widths[at].as_f64().unwrap_or(f64::MAX);
    assert!(width(0) < width(1) / 2.0, "{widths}");
    assert_eq!(browser.accessibility_faults().await?, json!([]));
    browser.picture("panel-failed-ja").await?;
    browser.tools("Network.setBlockedURLs", json!({ "urls": [] })).await?;
    widget.press(".panel", "もう一度試す").await?;
    widget.wait(".stages", "it.children.length > 0").await?;
    Ok(())
}

/// What the collector never answers must not end the widget: the step is shown, and reported once.
#[tokio::test]
async fn a_progress_that_lacks_the_steps_is_shown_and_reported_once() -> Result<()> {
    let (stack, demo) = Stack::with_demo(&[]).await?;
    let browser = Browser::start().await?;
    browser.tools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": WITHOUT_STEPS })).await?;
    browser.open(&demo.url).await?;
    Widget(&browser).open().await?;
    browser.eval("tabiji('track', 'after')").await?;
    let begun = Instant::now();
    while !stack.tracked()?.contains(&"after".to_owned()) {
        ensure!(begun.elapsed() < Duration::from_secs(30), "nothing was reported: {:?}", stack.export()?);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let events = stack.export()?;
    let count = |kind: &str| events.iter().filter(|row| row["body"]["kind"] == kind).count();
    assert_eq!((count("step.shown"), count("widget.error")), (1, 0));
    Ok(())
}

#[tokio::test]
async fn g1_g2_keys_open_and_close_and_the_focus_goes_along() -> Result<()> {
    let (stack, _demo, browser) = shown().await?;
    let widget = Widget(&browser);
    // Progress that could be lost.
    stack.fact("acct-seizo-a", "users", 5).await?;
    widget.open().await?;
    widget.wait(".progress", "it.ariaValueText === '5件中1件が完了'").await?;
    widget.click(".close").await?;
    for key in [Key::Enter, Key::Space] {
        widget.ask(".launcher", "it.focus()").await?;
        browser.press(key).await?;
        widget.wait("h2", "it === it.getRootNode().activeElement").await?;
        browser.press(Key::Tab).await?;
        browser.press(Key::Escape).await?;
        widget
            .wait(".launcher", "it === it.getRootNode().activeElement && it.ariaExpanded === 'false'")
            .await?;
        assert_eq!(widget.ask(".panel", "1").await?, json!(null), "the panel is gone");
        widget.click(".launcher").await?;
        assert_eq!(widget.ask(".progress", "it.ariaValueText").await?, "5件中1件が完了");
        widget.click(".close").await?;
    }
    Ok(())
}

#[tokio::test]
async fn g14_g15_g16_g17_names_and_states_are_said() -> Result<()> {
    let (stack, _demo, browser) = shown().await?;
    let widget = Widget(&browser);
    assert_eq!(
        widget.ask(".launcher", "[it.ariaExpanded, it.getAttribute('aria-controls')]").await?,
        json!(["false", "panel"])
    );
    let name = widget.ask(".launcher", "it.ariaLabel").await?;
    assert!(name.as_str().is_some_and(|name| name.contains("あと5つ")), "{name}");
    widget.open().await?;
    let bar = "[it.role, it.ariaValueMin, it.ariaValueMax, it.ariaValueNow, it.ariaValueText]";
    assert_eq!(widget.ask(".progress", bar).await?, json!(["progressbar", "0", "5", "0", "5件中0件が完了"]));
    // A row's accessible name is the step's title and nothing else.
    let tree = browser.tools("Accessibility.getFullAXTree", json!({})).await?;
    let mut nodes = tree["nodes"].as_array().into_iter().flatten();
    assert!(nodes.any(|node| {
        node["role"]["value"] == "button" && node["name"]["value"] == "商談の段階を決める"
    }));
    let row = "[it.ariaLabel, it.getAttribute('aria-expanded'), it.getRootNode().getElementById(it.getAttribute('aria-describedby')).textContent]";
    assert_eq!(widget.ask("[aria-describedby='note-pipeline']", row).await?[1], "false");
    let locked = widget.ask("[aria-describedby='note-deals']", row).await?;
    assert!(locked[2].as_str().is_some_and(|text| text.contains("先に「商談の段階を決める」")), "{locked}");
    stack.fact("acct-seizo-a", "users", 5).await?;
    let done =
        "it.getRootNode().getElementById(it.getAttribute('aria-describedby')).textContent.includes('完了')";
    widget.wait("[aria-describedby='note-users']", done).await?;
    widget.wait(".progress", "it.ariaValueText === '5件中1件が完了'").await?;
    let tree = browser.tools("Accessibility.getFullAXTree", json!({})).await?;
    let mut nodes = tree["nodes"].as_array().into_iter().flatten();
    let is_row = |node: &Value| node["name"]["value"] == "5人のユーザーを登録する";
    assert!(
        nodes.any(|node| node["role"]["value"] == "button" && is_row(node)),
        "done, and called as before"
    );
    // G14: said politely, without moving the focus.
    widget
        .wait(
            ".unseen[aria-live=polite]",
            "it.textContent.includes('「5人のユーザーを登録する」が完了しました。あと4つ')",
        )
        .await?;
    assert_eq!(widget.ask("h2", "it === it.getRootNode().activeElement").await?, true);
    Ok(())
}

#[tokio::test]
async fn g9_g10_every_control_is_large_enough_and_shows_its_focus() -> Result<()> {
    let (_stack, _demo, browser) = shown().await?;
    let widget = Widget(&browser);
    widget.open().await?;
    let small = r"return [...document.querySelector('#tabiji').shadowRoot.querySelectorAll('button, a')]
        .map((e) => [e.textContent, e.getBoundingClientRect()]).filter(([, r]) => r.width < 24 || r.height < 24).map(([t]) => t)";
    assert_eq!(browser.eval(small).await?, json!([]), "too small");
    let controls = "return document.querySelector('#tabiji').shadowRoot.querySelectorAll('.panel button, .panel a').length";
    let controls = browser.eval(controls).await?.as_u64().unwrap_or(0);
    assert!(controls >= 8);
    // The focus is on the heading; only the head's three tabs and its way out stand before it.
    for _ in 4..controls {
        browser.press(Key::Tab).await?;
        let ring = format!("{CONTRAST}
            const e = root.activeElement; if (!e) return 'the focus left the widget';
            const s = getComputedStyle(e), r = e.getBoundingClientRect();
            const top = root.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2);
            return [s.outlineStyle, parseFloat(s.outlineWidth) >= 2, ratio(rgba(s.outlineColor), ground(e.parentElement)) >= 3, e === top || e.contains(top)]");
        assert_eq!(browser.eval(&ring).await?, json!(["solid", true, true, true]));
    }
    Ok(())
}

#[tokio::test]
async fn g20_forced_colours_keep_borders_ticks_and_focus() -> Result<()> {
    let (stack, _demo, browser) = shown().await?;
    let widget = Widget(&browser);
    stack.fact("acct-seizo-a", "users", 5).await?;
    emulate(&browser, "forced-colors", "active").await?;
    widget.open().await?;
    widget.wait(".row.done", "true").await?;
    for selector in [".launcher", ".panel", ".card", ".action", ".progress"] {
        let border = "((s) => [s.borderTopStyle, parseFloat(s.borderTopWidth) >= 1, s.borderTopColor !== s.backgroundColor, s.borderTopColor !== 'rgba(0, 0, 0, 0)'])(getComputedStyle(it))";
        assert_eq!(widget.ask(selector, border).await?, json!(["solid", true, true, true]), "{selector}");
    }
    let tick = widget.ask(".row.done", "[getComputedStyle(it, '::before').content.includes('✓'), getComputedStyle(it, '::before').color !== getComputedStyle(it, '::before').backgroundColor]").await?;
    assert_eq!(tick, json!([true, true]));
    browser.press(Key::Tab).await?;
    let outline =
        "return getComputedStyle(document.querySelector('#tabiji').shadowRoot.activeElement).outlineStyle";
    assert_eq!(browser.eval(outline).await?, "solid");
    Ok(())
}

#[tokio::test]
async fn g21_nothing_is_cut_off_at_200_percent_or_at_320_pixels() -> Result<()> {
    let (_stack, _demo, browser) = shown().await?;
    let widget = Widget(&browser);
    widget.open().await?;
    // 1280 by 1024 pixels at 200 % and at 400 %, then a small phone.
    for (width, height, scale) in [(640, 512, 2.0), (320, 256, 4.0), (320, 568, 1.0)] {
        resize(&browser, width, height, scale, false).await?;
        let cut = r"(() => { const root = document.querySelector('#tabiji').shadowRoot, panel = root.querySelector('.panel');
            const p = panel.getBoundingClientRect();
            const out = [...panel.querySelectorAll('button, a, p, h2, h3')].filter((e) => { const r = e.getBoundingClientRect(); return r.left < p.left - 1 || r.right > p.right + 1; }).map((e) => e.textContent);
            panel.scrollTop = panel.scrollHeight;
            const last = [...panel.querySelectorAll('a, button')].pop().getBoundingClientRect();
            return [out, p.left >= 0 && p.right <= innerWidth && p.top >= 0 && p.bottom <= innerHeight + 1, panel.scrollTop > 0, last.bottom <= innerHeight]; })()";
        // The panel finds its new place in its own time.
        browser
            .wait(&format!(
                "JSON.stringify({cut}) === '[[],true,true,true]' || '{width} by {height}' && false"
            ))
            .await?;
    }
    resize(&browser, 360, 740, 2.0, true).await?;
    widget.ask(".panel", "it.scrollTop = 0").await?;
    browser.picture("panel-phone-ja").await?;
    Ok(())
}

#[tokio::test]
async fn g22_without_motion_nothing_moves() -> Result<()> {
    let (_stack, _demo, browser) = shown().await?;
    let widget = Widget(&browser);
    let moving = "it.getAnimations({ subtree: true }).length + [...it.querySelectorAll('*')].filter((e) => getComputedStyle(e).transitionDuration !== '0s').length";
    widget.open().await?;
    assert_ne!(
        widget.ask(".panel", moving).await?,
        json!(0),
        "with motion something moves, or this test says nothing"
    );
    widget.click(".close").await?;
    emulate(&browser, "prefers-reduced-motion", "reduce").await?;
    widget.open().await?;
    assert_eq!(widget.ask(".panel", moving).await?, json!(0));
    Ok(())
}

#[tokio::test]
async fn g23_text_is_readable_in_light_and_dark() -> Result<()> {
    let (stack, _demo, browser) = shown().await?;
    stack.fact("acct-seizo-a", "users", 5).await?;
    let widget = Widget(&browser);
    let mut grounds = Vec::new();
    for scheme in ["light", "dark"] {
        emulate(&browser, "prefers-color-scheme", scheme).await?;
        widget.open().await?;
        widget.wait(".row.done", "true").await?;
        let still = "Promise.all(document.querySelector('#tabiji').shadowRoot.querySelector('.panel')
            .getAnimations().map((a) => a.finished)).then(() => true)";
        browser.wait(still).await?;
        grounds.push(widget.ask(".panel", "getComputedStyle(it).backgroundColor").await?);
        assert_eq!(browser.accessibility_faults().await?, json!([]), "{scheme}");
        browser.picture(&format!("panel-{scheme}-ja")).await?;
        widget.click(".close").await?;
    }
    assert_ne!(grounds[0], grounds[1], "dark is another ground");
    Ok(())
}

/// The page does not jump: not when the launcher comes, not when the widget takes over, not when it opens.
#[tokio::test]
async fn nothing_shifts() -> Result<()> {
    let (_stack, demo) = Stack::with_demo(&[]).await?;
    let browser = Browser::start().await?;
    let watch = "window.shift = 0; new PerformanceObserver((list) => list.getEntries().forEach((e) => shift += e.value)).observe({ type: 'layout-shift', buffered: true })";
    browser.tools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": watch })).await?;
    for _ in 0..2 {
        browser.open(&demo.url).await?;
        let widget = Widget(&browser);
        // A panel that is opened before its steps came grows when they do.
        widget.wait(".launcher", "/\\d/.test(it.textContent)").await?;
        widget.open().await?;
        widget.click(".close").await?;
        assert_eq!(browser.eval("return window.shift").await?, json!(0));
    }
    Ok(())
}
