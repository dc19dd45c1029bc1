//! A guide under the keyboard and for a screen reader.

use anyhow::Result;
use serde_json::json;
use tabiji_tests::{Guide, stop};
use thirtyfour::prelude::*;

const PAGE: &str = r#"<button id="before">Before</button><input id="field" data-tabiji="a">
    <button id="b" data-tabiji="b">B</button><button id="after">After</button>"#;

/// Where the focus is: an id of the page, `card`, or a class inside the card.
const FOCUS: &str = "((a) => a?.id === 'tabiji-guide' ? (a.shadowRoot.activeElement?.className.replace('stop', 'card') || 'none') : a?.id)(document.activeElement)";

async fn focus(guide: &Guide) -> Result<String> {
    let focus = guide.browser.eval(&format!("return {FOCUS}")).await?;
    Ok(focus.as_str().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn g3_g11_g13_a_card_takes_the_focus_says_what_it_is_and_is_announced_once() -> Result<()> {
    let stops = [stop("a", "wait = \"read\""), stop("b", "")].concat();
    let guide = Guide::on(&stops, &format!("<div style='height:300px'></div>{PAGE}")).await?;
    // The page is longer than its window, and was scrolled a little.
    let scroll = "document.body.style.minHeight = '300vh'; scrollTo(0, 60);
        return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => {
            window.scrolls = 0; addEventListener('scroll', () => scrolls++); done(scrollY); })))";
    assert_eq!(guide.browser.eval(scroll).await?, json!(60));
    guide.shown().await?;
    guide.browser.wait(&format!("{FOCUS} === 'card'")).await?;
    assert_eq!(
        guide.browser.eval("return [scrolls, scrollY]").await?,
        json!([0, 60]),
        "the focus scrolled the page"
    );
    let card = "[it.getAttribute('role'), it.hasAttribute('aria-modal'),
        it.querySelector('#' + it.getAttribute('aria-labelledby')).textContent,
        it.querySelector('#' + it.getAttribute('aria-describedby')).textContent]";
    assert_eq!(guide.ask(".stop", card).await?, json!(["dialog", false, "やってみる", "aです"]));
    guide.wait(".unseen", "it.textContent === 'やってみる。案内 1／2。'").await?;
    assert_eq!(guide.ask(".unseen", "it.getAttribute('role')").await?, json!("status"));
    // What is said for the next stop is said once.
    guide
        .browser
        .eval(
            "const live = document.querySelector('#tabiji-guide').shadowRoot.querySelector('.unseen');
             window.said = []; new MutationObserver(() => said.push(live.textContent)).observe(live, { childList: true, characterData: true, subtree: true })",
        )
        .await?;
    guide.click(".action").await?;
    guide.text("bです").await?;
    guide.frames().await?;
    guide.browser.wait("said.some(Boolean)").await?;
    guide.frames().await?;
    assert_eq!(guide.browser.eval("return said.filter(Boolean)").await?, json!(["やってみる。案内 2／2。"]));
    Ok(())
}

#[tokio::test]
async fn g4_g12_a_blocking_stop_leaves_only_card_and_control_in_reach() -> Result<()> {
    let guide = Guide::on(&stop("b", "blocking = true"), PAGE).await?;
    guide.shown().await?;
    guide.browser.wait(&format!("{FOCUS} === 'card'")).await?;
    let inert =
        "return ['before', 'field', 'after', 'tabiji'].map((id) => document.getElementById(id).inert)";
    assert_eq!(guide.browser.eval(inert).await?, json!([true, true, true, true]));
    assert_eq!(
        guide.browser.eval("return document.getElementById('b').matches('[inert], [inert] *')").await?,
        json!(false)
    );
    assert_eq!(guide.ask(".stop", "it.getAttribute('aria-modal')").await?, json!("true"));
    let mut seen = Vec::new();
    for _ in 0..6 {
        guide.browser.press(Key::Tab).await?;
        seen.push(focus(&guide).await?);
    }
    assert_eq!(seen, ["b", "plain", "close", "b", "plain", "close"]);
    // The dim part takes presses and does nothing with them.
    guide
        .browser
        .eval("window.presses = 0; document.getElementById('before').onclick = () => presses++")
        .await?;
    let at = "return ((b) => [b.x + 5, b.y + 5])(document.getElementById('before').getBoundingClientRect())";
    let at = guide.browser.eval(at).await?;
    let (x, y) = (at[0].as_f64().unwrap_or(0.0) as i64, at[1].as_f64().unwrap_or(0.0) as i64);
    guide.browser.driver.action_chain().move_to(x, y).click().perform().await?;
    assert_eq!(guide.browser.eval("return presses").await?, json!(0));
    guide.text("bです").await?;
    guide.press("#b").await?;
    guide.gone().await?;
    assert_eq!(guide.browser.eval(inert).await?, json!([false, false, false, false]));
    assert_eq!(guide.browser.eval("return document.querySelectorAll('[inert]').length").await?, json!(0));
    Ok(())
}

#[tokio::test]
async fn g5_a_stop_that_does_not_block_leaves_the_order_of_the_page() -> Result<()> {
    let guide = Guide::on(&stop("b", ""), PAGE).await?;
    // The same page without the widget.
    guide.page.change(&format!("<!doctype html><h1>Host</h1><p>Some product</p>{PAGE}"));
    guide.browser.open(&guide.page.url).await?;
    let alone = tabs(&guide, false, 4).await?.0;
    guide.content(PAGE, "")?;
    guide.browser.open(&guide.page.url).await?;
    guide.shown().await?;
    guide.browser.wait(&format!("{FOCUS} === 'card'")).await?;
    assert_eq!(guide.browser.eval("return document.querySelectorAll('[inert]').length").await?, json!(0));
    // From the card through the page, through the card and through the page again, and all the way back.
    let (page, card) = tabs(&guide, false, 6).await?;
    assert_eq!((&page[..2], &page[2..]), (&alone[2..], &alone[..]));
    assert_eq!(card, ["plain", "close"], "it leads through the card, and out again");
    let (mut page, card) = tabs(&guide, true, 6).await?;
    page.reverse();
    assert_eq!((&page[..3], &page[3..]), (&alone[1..], &alone[..3]));
    assert_eq!(card, ["close", "plain"]);
    guide.text("bです").await?;
    Ok(())
}

/// Presses Tab until so many controls of the page had the focus; gives their ids, and what of the card had it.
async fn tabs(guide: &Guide, back: bool, controls: usize) -> Result<(Vec<String>, Vec<String>)> {
    let (mut page, mut card) = (Vec::new(), Vec::new());
    for _ in 0..60 {
        let keys = guide.browser.driver.action_chain();
        let keys = if back { keys.key_down(Key::Shift) } else { keys };
        let keys = keys.send_keys(Key::Tab + "");
        let keys = if back { keys.key_up(Key::Shift) } else { keys };
        keys.perform().await?;
        match focus(guide).await?.as_str() {
            at @ ("before" | "field" | "b" | "after") => page.push(at.to_owned()),
            at @ ("card" | "plain" | "close") => card.push(at.to_owned()),
            // Nowhere, or in the widget.
            _ => {}
        }
        if page.len() == controls {
            break;
        }
    }
    Ok((page, card))
}

#[tokio::test]
async fn g6_g7_keys_of_somebody_who_types_are_not_the_guides() -> Result<()> {
    let stops = [stop("a", "wait = \"read\""), stop("b", "")].concat();
    let others = "<textarea id='area'>x</textarea><select id='choice'><option>1<option>2</select>
        <p id='rich' contenteditable>x</p><div id='deep'></div>
        <script>deep.attachShadow({ mode: 'open' }).innerHTML = '<input>'</script>";
    let guide = Guide::on(&stops, &format!("{PAGE}{others}")).await?;
    guide.shown().await?;
    for field in ["field", "area", "choice", "rich", "deep"] {
        let enter = format!("(({field}.shadowRoot?.querySelector('input') ?? {field}).focus())");
        guide.browser.eval(&enter).await?;
        for key in [Key::Right, Key::Left, Key::Escape] {
            guide.browser.press(key).await?;
        }
        guide.frames().await?;
        guide.text("aです").await?;
        assert_eq!(focus(&guide).await?, field, "the focus went elsewhere");
    }
    // A composition sends its Enter and Escape wherever it is.
    let compose = "for (const key of ['Enter', 'Escape', 'ArrowRight'])
        for (const target of [document.getElementById('field'), document.body, document.querySelector('#tabiji-guide').shadowRoot.querySelector('.stop')])
            target.dispatchEvent(new KeyboardEvent('keydown', { key, isComposing: true, bubbles: true, composed: true }))";
    guide.browser.eval(compose).await?;
    guide.frames().await?;
    guide.text("aです").await?;
    // In the card they are.
    guide.click(".nth").await?;
    guide.browser.press(Key::Right).await?;
    guide.text("bです").await?;
    guide.browser.press(Key::Left).await?;
    guide.text("aです").await?;
    guide.browser.press(Key::Escape).await?;
    guide.gone().await?;
    guide.reported("guide.ended", 1, "closed").await
}

#[tokio::test]
async fn g8_from_right_to_left_the_left_arrow_goes_on() -> Result<()> {
    let stops = [stop("a", "wait = \"read\""), stop("b", "wait = \"read\"")].concat();
    let guide =
        Guide::on(&stops, &format!("<script>document.documentElement.dir = 'rtl'</script>{PAGE}")).await?;
    guide.shown().await?;
    guide.browser.wait(&format!("{FOCUS} === 'card'")).await?;
    assert_eq!(guide.ask(".stop", "it.getRootNode().host.dir").await?, json!("rtl"));
    guide.browser.press(Key::Left).await?;
    guide.text("bです").await?;
    guide.browser.press(Key::Right).await?;
    guide.text("aです").await?;
    guide.browser.picture("guide-rtl").await
}
