//! A guide on its way: what ends a stop, where it goes on, and for which reason it is over.

use std::time::Duration;

use anyhow::Result;
use serde_json::json;
use tabiji_tests::{Browser, Guide, identify, snippet, stop};
use thirtyfour::prelude::*;

const ABC: &str =
    "<button data-tabiji='a'>A</button><button data-tabiji='b'>B</button><button data-tabiji='c'>C</button>";

fn abc() -> String {
    [stop("a", ""), stop("b", ""), stop("c", "")].concat()
}

#[tokio::test]
async fn every_kind_of_action_ends_its_stop_and_nothing_else_does() -> Result<()> {
    let stops = [
        stop("a", ""),
        stop("name", "wait = \"input\""),
        stop("size", "wait = \"value\"\nvalue = \"l\""),
        stop("link", "wait = \"navigation\"\nto = \"/next*\""),
        stop("b", "wait = \"fact\"\nfact = \"users\"\nat_least = 2"),
        stop("c", "wait = \"read\""),
    ]
    .concat();
    let body = format!(
        "{ABC}<label>Name <input data-tabiji='name'></label><select data-tabiji='size'><option>s<option>m<option>l</select>
         <a data-tabiji='link' href='/next/1' onclick='history.pushState(0, 0, this.href); return false'>Link</a>"
    );
    let guide = Guide::on(&stops, &body).await?;
    guide.shown().await?;
    guide.press("[data-tabiji=b]").await?;
    guide.text("aです").await?;
    guide.press("[data-tabiji=a]").await?;
    guide.text("nameです").await?;
    let field = guide.browser.driver.find(By::Css("[data-tabiji=name]")).await?;
    field.send_keys("田中").await?;
    guide.frames().await?;
    guide.text("nameです").await?;
    guide.browser.press(Key::Tab).await?;
    guide.text("sizeです").await?;
    guide.browser.press(Key::Down).await?;
    guide.frames().await?;
    guide.text("sizeです").await?;
    guide.browser.press(Key::Down).await?;
    guide.text("linkです").await?;
    guide.browser.eval("history.replaceState(0, 0, '/other')").await?;
    guide.frames().await?;
    guide.text("linkです").await?;
    guide.press("[data-tabiji=link]").await?;
    guide.text("bです").await?;
    guide.press("[data-tabiji=b]").await?;
    guide.stack.fact("acct-1", "users", 1).await?;
    guide.text("bです").await?;
    guide.stack.fact("acct-1", "users", 2).await?;
    guide.text("cです").await?;
    guide.click(".action").await?;
    guide.gone().await?;
    guide.reported("guide.ended", 6, "finished").await
}

#[tokio::test]
async fn g40_a_press_beside_it_loses_nothing() -> Result<()> {
    let guide = Guide::on(&[stop("a", "blocking = true"), stop("b", "")].concat(), ABC).await?;
    guide.shown().await?;
    guide.browser.driver.action_chain().move_to(700, 600).click().perform().await?;
    guide.frames().await?;
    guide.text("aです").await?;
    guide.press("[data-tabiji=a]").await?;
    guide.text("bです").await?;
    guide.browser.driver.action_chain().move_to(700, 600).click().perform().await?;
    guide.frames().await?;
    guide.text("bです").await
}

#[tokio::test]
async fn g41_six_ways_to_end_are_told_apart() -> Result<()> {
    let guide = Guide::on(&[stop("a", "page = \"/\""), stop("b", "")].concat(), ABC).await?;
    guide.shown().await?;
    guide.browser.eval("window.warned = []; console.warn = (text) => warned.push(String(text))").await?;
    guide.browser.eval("history.pushState(0, 0, '/elsewhere')").await?;
    guide.gone().await?;
    guide.reported("guide.ended", 1, "navigated").await?;
    guide.browser.eval("history.back()").await?;
    guide.text("aです").await?;
    guide.click(".close").await?;
    guide.reported("guide.ended", 1, "closed").await?;
    guide.begin().await?;
    guide.text("aです").await?;
    guide.press("[data-tabiji=a]").await?;
    guide.text("bです").await?;
    guide.click(".plain:last-child").await?;
    guide.reported("guide.ended", 2, "skipped").await?;
    guide.begin().await?;
    guide.text("aです").await?;
    guide.press("[data-tabiji=a]").await?;
    guide.text("bです").await?;
    guide.press("[data-tabiji=b]").await?;
    guide.reported("guide.ended", 2, "finished").await?;
    // None of them is a fault that the page's console names.
    assert_eq!(guide.browser.eval("return warned").await?, serde_json::json!([]));
    // Asked for again while it runs: the new one takes its place.
    guide.begin().await?;
    guide.text("aです").await?;
    guide.begin().await?;
    guide.text("aです").await?;
    let replaced = |told: &(String, u64, String)| told.2 == "replaced";
    for _ in 0..100 {
        if guide.told()?.iter().any(replaced) {
            break;
        }
        guide.frames().await?;
    }
    assert_eq!(guide.told()?.iter().filter(|told| replaced(told)).count(), 1);
    guide.browser.eval("document.querySelector('[data-tabiji=a]').remove()").await?;
    guide.wait(".stop h2", "it.textContent === 'この画面に見当たりません'").await?;
    guide.click(".close").await?;
    guide.reported("guide.ended", 1, "target_missing").await
}

#[tokio::test]
async fn g42_it_goes_on_after_a_reload_in_another_tab_and_on_another_device() -> Result<()> {
    let guide = Guide::on(&abc(), ABC).await?;
    guide.shown().await?;
    guide.press("[data-tabiji=a]").await?;
    guide.text("bです").await?;
    // From here on each page notes in which frames there was a card, and when there was the first.
    guide.content(ABC, CARDS)?;
    let mut first = f64::INFINITY;
    // Of three visits, since other work on the machine may hold up one.
    for _ in 0..3 {
        guide.browser.open(&guide.page.url).await?;
        guide.text("bです").await?;
        first = first.min(guide.browser.eval("return first").await?.as_f64().unwrap_or(f64::INFINITY));
    }
    assert!(first < 2_000.0, "{first} ms until the card was there");
    // A second tab does not show it beside the first.
    let driver = &guide.browser.driver;
    let first = driver.window().await?;
    let second = driver.new_tab().await?;
    driver.switch_to_window(second).await?;
    guide.browser.open(&guide.page.url).await?;
    guide.widget().ready().await?;
    guide.browser.eval("return new Promise((done) => setTimeout(done, 1500))").await?;
    assert_eq!(guide.browser.eval("return cards").await?, json!(0), "both tabs showed it");
    // The first one goes: now it is here.
    driver.switch_to_window(first.clone()).await?;
    driver.close_window().await?;
    let left = driver.windows().await?;
    driver.switch_to_window(left[0].clone()).await?;
    guide.text("bです").await?;
    guide.press("[data-tabiji=b]").await?;
    guide.text("cです").await?;
    guide.reported("guide.started", 3, "").await?;
    // Another device of the same person.
    let other = Browser::start().await?;
    other.open(&guide.page.url).await?;
    let card = "document.querySelector('#tabiji-guide')?.shadowRoot.querySelector('.stop #text')?.textContent === 'cです'";
    other.wait(card).await?;
    Ok(())
}

/// Notes how many frames there was a card, and when it was first.
const CARDS: &str = "window.cards = 0; const look = () => {
    if (document.querySelector('#tabiji-guide')?.shadowRoot.querySelector('.stop')) { cards++; window.first ??= performance.now(); }
    requestAnimationFrame(look); }; look();";

#[tokio::test]
async fn two_tabs_that_both_ask_show_it_where_it_was_asked_for_last() -> Result<()> {
    let guide = Guide::on(&abc(), ABC).await?;
    guide.shown().await?;
    let driver = &guide.browser.driver;
    let first = driver.window().await?;
    let second = driver.new_tab().await?;
    driver.switch_to_window(second).await?;
    guide.browser.open(&guide.page.url).await?;
    guide.shown().await?;
    driver.switch_to_window(first).await?;
    guide.gone().await
}

/// Each way in which the address of a page changes: from the page of the guide, and to it again.
const WAYS: [(&str, &str); 6] = [
    ("history.pushState(0, 0, '/there')", "history.pushState(0, 0, '/here#on')"),
    ("history.back()", "history.forward()"),
    ("history.replaceState(0, 0, '/there')", "history.replaceState(0, 0, '/here#on')"),
    ("location.hash = 'off'", "location.hash = 'on'"),
    ("history.back()", "history.back()"),
    ("history.forward()", "history.back()"),
];

/// Goes all ways from a guide at `/here#on`, whose card is shown, and back.
async fn leave_and_return(guide: &Guide) -> Result<()> {
    // A change of the query alone is no other page: the very card stays.
    let card = "document.querySelector('#tabiji-guide').shadowRoot.querySelector('.stop')";
    guide.browser.eval(&format!("window.card = {card}")).await?;
    for (query, search) in [
        ("history.replaceState(0, 0, '?tab=2#on')", "?tab=2"),
        ("history.pushState(0, 0, '?tab=3#on')", "?tab=3"),
        ("history.back()", "?tab=2"),
    ] {
        guide.browser.eval(query).await?;
        guide.browser.wait(&format!("location.search === '{search}'")).await?;
        guide.frames().await?;
        assert_eq!(guide.browser.eval(&format!("return card === {card}")).await?, json!(true), "{query}");
    }
    for (go, back) in WAYS {
        guide.browser.eval(go).await?;
        guide.gone().await?;
        guide.browser.eval(back).await?;
        guide.text("aです").await?;
    }
    // Each of them was reported as a page that was left, and no other change was.
    let left = |told: &[(String, u64, String)]| told.iter().filter(|told| told.2 == "navigated").count();
    for _ in 0..100 {
        if left(&guide.told()?) >= WAYS.len() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(left(&guide.told()?), WAYS.len());
    Ok(())
}

#[tokio::test]
async fn g43_a_guide_belongs_to_its_page_however_that_comes_and_goes() -> Result<()> {
    let guide = Guide::on(&stop("a", "page = \"/here#on\""), ABC).await?;
    guide.browser.open(&format!("{}here#on", guide.page.url)).await?;
    guide.shown().await?;
    leave_and_return(&guide).await
}

#[tokio::test]
async fn g43_without_the_navigation_api_history_is_wrapped_and_other_wrappers_stay_whole() -> Result<()> {
    let guide = Guide::on(&stop("a", "page = \"/here#on\""), ABC).await?;
    let before = "delete window.navigation; Object.defineProperty(window, 'navigation', { value: undefined });
        const first = history.pushState; window.log = []; history.pushState = function (...given) { log.push('first'); return first.apply(this, given); };";
    guide.content(ABC, before)?;
    guide.browser.open(&format!("{}here#on", guide.page.url)).await?;
    guide.shown().await?;
    leave_and_return(&guide).await?;
    // A wrapper that comes later than ours.
    guide.browser.eval("log.length = 0; const ours = history.pushState; history.pushState = function (...given) { log.push('last'); return ours.apply(this, given); }").await?;
    guide.browser.eval("history.pushState(0, 0, '/there')").await?;
    guide.gone().await?;
    guide.browser.eval("history.back()").await?;
    guide.text("aです").await?;
    guide.browser.eval("tabiji('destroy')").await?;
    guide.browser.wait("!document.querySelector('#tabiji, #tabiji-guide')").await?;
    guide.browser.eval("history.pushState(0, 0, '/after')").await?;
    assert_eq!(
        guide.browser.eval("return [location.pathname, log]").await?,
        json!(["/after", ["last", "first", "last", "first"]])
    );
    assert_eq!(guide.browser.eval("return errors").await?, json!([]));
    Ok(())
}

#[tokio::test]
async fn g51_on_another_page_the_card_says_the_way_and_the_guide_goes_on_there() -> Result<()> {
    let guide = Guide::on(&[stop("a", "page = \"/there\""), stop("b", "")].concat(), ABC).await?;
    guide.content(ABC, OPENINGS)?;
    guide.browser.open(&guide.page.url).await?;
    guide.begin().await?;
    guide.wait(".stop h2", "it.textContent === '続きは別の画面です'").await?;
    guide.browser.picture("guide-away").await?;
    opens_inside_the_press(&guide, "#tabiji-guide", ".stop a", "/there").await?;
    guide.text("aです").await
}

#[tokio::test]
async fn destroy_takes_a_guide_down_without_a_trace() -> Result<()> {
    let guide = Guide::on(&stop("a", "blocking = true"), ABC).await?;
    guide.shown().await?;
    guide.browser.eval("tabiji('destroy')").await?;
    guide.browser.wait("!document.querySelector('#tabiji, #tabiji-guide, [inert], [popover]')").await?;
    guide.press("[data-tabiji=c]").await?;
    assert_eq!(guide.browser.eval("return errors").await?, json!([]));
    Ok(())
}

#[tokio::test]
async fn a_guide_is_one_persons_and_ends_with_them() -> Result<()> {
    let guide = Guide::on(&abc(), ABC).await?;
    guide.shown().await?;
    guide.press("[data-tabiji=a]").await?;
    guide.text("bです").await?;
    guide.browser.eval("tabiji('reset')").await?;
    guide.gone().await?;
    // A colleague at the same browser begins nothing that is not theirs.
    let calls = identify(&guide.stack, "u2", "acct-1")?;
    guide.page.change(&snippet(&guide.stack, "", &calls).replace("<input id=\"field\">", ABC));
    guide.browser.open(&guide.page.url).await?;
    guide.widget().ready().await?;
    guide.browser.wait("tabiji('ready').then(() => true)").await?;
    guide.frames().await?;
    guide.gone().await
}

/// Notes whether a page may open another by itself, and whether where the page goes is a person's own press, which the
/// browser says of a link alone.
const OPENINGS: &str = "window.blocked = window.open('/by-itself') === null;
    addEventListener('click', (event) => { window.prevented = event.defaultPrevented; });
    navigation.addEventListener('navigate', (event) => { sessionStorage.pressed = event.userInitiated; });";

/// Presses a link twice: into another tab, which a blocker lets through only inside the press, and as it is.
async fn opens_inside_the_press(guide: &Guide, host: &str, link: &str, path: &str) -> Result<()> {
    assert_eq!(guide.browser.eval("return blocked").await?, json!(true), "the browser blocks nothing");
    let driver = &guide.browser.driver;
    let find = format!("return document.querySelector('{host}').shadowRoot.querySelector('{link}')");
    let element = driver.execute(&find, vec![]).await?.element()?;
    let chain = driver.action_chain().key_down(Key::Control).click_element(&element).key_up(Key::Control);
    chain.perform().await?;
    for _ in 0..100 {
        if driver.windows().await?.len() == 2 {
            break;
        }
        guide.frames().await?;
    }
    let windows = driver.windows().await?;
    assert_eq!(windows.len(), 2, "the page was not opened");
    let first = driver.window().await?;
    for other in windows.into_iter().filter(|window| *window != first) {
        driver.switch_to_window(other).await?;
        driver.close_window().await?;
    }
    driver.switch_to_window(first).await?;
    assert_eq!(guide.browser.eval("return prevented").await?, json!(false));
    element.click().await?;
    guide.browser.wait(&format!("location.pathname === '{path}' && sessionStorage.pressed")).await?;
    assert_eq!(guide.browser.eval("return sessionStorage.pressed").await?, json!("true"));
    Ok(())
}

/// G51: the page is opened by the press itself, so no blocker of pop-ups has a say.
#[tokio::test]
async fn g51_a_step_opens_its_page_inside_the_press() -> Result<()> {
    let guide = Guide::on("", ABC).await?;
    guide.content(ABC, OPENINGS)?;
    // The link is left out on the page that it leads to.
    guide.browser.open(&format!("{}other", guide.page.url)).await?;
    guide.widget().open().await?;
    guide.widget().element(".card a.action").await?;
    opens_inside_the_press(&guide, "#tabiji", ".card a.action", "/").await
}

#[tokio::test]
async fn a_press_that_changes_the_address_at_once_still_counts() -> Result<()> {
    let stops = [stop("a", "page = \"/\""), stop("b", "page = \"/next\"")].concat();
    let body = "<button data-tabiji='a' onclick=\"history.pushState(0, 0, '/next')\">A</button><button data-tabiji='b' onclick=\"history.pushState(0, 0, '/')\">B</button>";
    let guide = Guide::on(&stops, body).await?;
    guide.shown().await?;
    guide.press("[data-tabiji=a]").await?;
    guide.text("bです").await?;
    guide.press("[data-tabiji=b]").await?;
    guide.gone().await?;
    guide.reported("guide.ended", 2, "finished").await?;
    assert!(!guide.told()?.iter().any(|told| told.2 == "navigated"));
    Ok(())
}

#[tokio::test]
async fn what_was_closed_in_one_tab_does_not_come_up_in_another() -> Result<()> {
    let guide = Guide::on(&abc(), ABC).await?;
    guide.shown().await?;
    guide.press("[data-tabiji=a]").await?;
    guide.text("bです").await?;
    let driver = &guide.browser.driver;
    let first = driver.window().await?;
    let second = driver.new_tab().await?;
    driver.switch_to_window(second.clone()).await?;
    guide.browser.open(&guide.page.url).await?;
    guide.widget().ready().await?;
    guide.browser.wait("tabiji('ready').then(() => true)").await?;
    driver.switch_to_window(first).await?;
    guide.click(".close").await?;
    guide.gone().await?;
    driver.switch_to_window(second).await?;
    guide.browser.eval("return new Promise((done) => setTimeout(done, 1000))").await?;
    guide.gone().await?;
    guide.browser.open(&guide.page.url).await?;
    guide.browser.wait("tabiji('ready').then(() => true)").await?;
    guide.frames().await?;
    guide.gone().await
}

#[tokio::test]
async fn another_person_without_a_load_gets_no_guide_of_the_last() -> Result<()> {
    let guide = Guide::on(&abc(), ABC).await?;
    guide.shown().await?;
    guide.press("[data-tabiji=a]").await?;
    guide.text("bです").await?;
    guide.browser.eval("tabiji('reset')").await?;
    guide.browser.eval(&identify(&guide.stack, "u2", "acct-2")?).await?;
    guide.browser.wait("tabiji('ready').then(() => true)").await?;
    guide.browser.eval("return new Promise((done) => setTimeout(done, 800))").await?;
    guide.gone().await?;
    // The first one comes back to where they stood.
    guide.browser.eval(&identify(&guide.stack, "u1", "acct-1")?).await?;
    guide.text("bです").await
}

#[tokio::test]
async fn where_locks_and_storage_are_refused_a_guide_is_shown_all_the_same() -> Result<()> {
    let guide = Guide::on(&abc(), ABC).await?;
    let before = "for (const name of ['localStorage', 'sessionStorage', 'indexedDB']) Object.defineProperty(window, name, { get() { throw new DOMException('no', 'SecurityError') } });
        navigator.locks.request = () => Promise.reject(new DOMException('no', 'SecurityError'));";
    guide.content(ABC, before)?;
    guide.browser.open(&guide.page.url).await?;
    guide.shown().await?;
    guide.press("[data-tabiji=a]").await?;
    guide.text("bです").await?;
    assert_eq!(guide.browser.eval("return errors").await?, json!([]));
    Ok(())
}
