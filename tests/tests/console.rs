//! The console's pages as one document: addresses, back and forward, bookmarks, and what happens without an answer.

use anyhow::Result;
use serde_json::json;
use tabiji_tests::{Browser, Console, Stack};
use thirtyfour::prelude::*;

/// Notes every error that nobody caught, and every live feed, before the page's own scripts run.
const WATCH: &str = "window.faults = []; \
    addEventListener('error', (event) => faults.push(event.message)); \
    addEventListener('unhandledrejection', (event) => faults.push(String(event.reason))); \
    window.feeds = []; \
    window.EventSource = class extends EventSource { constructor(url) { super(url); feeds.push(this); } };";
/// The paths of the feeds that are not closed.
const OPEN_FEEDS: &str =
    "feeds.filter((feed) => feed.readyState !== 2).map((feed) => new URL(feed.url).pathname)";

async fn watched() -> Result<Browser> {
    let browser = Browser::start().await?;
    browser.tools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": WATCH })).await?;
    Ok(browser)
}

async fn press(browser: &Browser, selector: &str) -> Result<()> {
    Ok(browser.driver.find(By::Css(selector)).await?.click().await?)
}

/// Waits until a page is shown: its address, its place in the menu, its heading and the window's title belong together.
async fn shown(browser: &Browser, path: &str) -> Result<()> {
    let agree = "((it) => it && it.pathname === location.pathname && it.textContent === document.querySelector('main h1')?.textContent
        && document.title.endsWith(it.textContent + ' · Tabiji'))(document.querySelector('a[aria-current]'))";
    browser.wait(&format!("location.pathname === '{path}' && {agree}")).await?;
    Ok(())
}

#[tokio::test]
async fn back_and_forward_move_between_pages_without_a_page_load() -> Result<()> {
    let (stack, _demo) = Stack::with_demo(&[]).await?;
    let cs = watched().await?;
    Console(&cs).enter(&stack.link()?).await?;
    assert_eq!(cs.eval("return location.hash + location.pathname").await?, "/console", "the secret is gone");
    cs.eval("window.sameDocument = true").await?;
    shown(&cs, "/console").await?;
    cs.wait(&format!("JSON.stringify({OPEN_FEEDS}.sort()) === '[\"/api/inbox/live\",\"/api/live\"]'"))
        .await?;

    press(&cs, "a[href='/console/inbox']").await?;
    shown(&cs, "/console/inbox").await?;
    // The page that was left holds no connection, and the keyboard goes on in the one that was opened. The inbox is
    // followed on every page.
    cs.wait(&format!("JSON.stringify({OPEN_FEEDS}) === '[\"/api/inbox/live\"]'")).await?;
    assert_eq!(cs.eval("return document.activeElement.id").await?, "main");
    for page in ["clips", "help", "security"] {
        press(&cs, &format!("a[href='/console/{page}']")).await?;
        shown(&cs, &format!("/console/{page}")).await?;
    }
    cs.wait(&format!("JSON.stringify({OPEN_FEEDS}) === '[\"/api/inbox/live\"]'")).await?;
    cs.driver.back().await?;
    shown(&cs, "/console/help").await?;
    cs.driver.back().await?;
    cs.driver.back().await?;
    shown(&cs, "/console/inbox").await?;
    cs.wait("!!document.querySelector('.inbox .empty')").await?;
    cs.driver.forward().await?;
    shown(&cs, "/console/clips").await?;
    press(&cs, "a[href='/console']").await?;
    shown(&cs, "/console").await?;
    cs.wait("!!document.querySelector('[data-key=entry]')").await?;
    // The link for keyboards stays on the page and moves the focus.
    cs.eval("document.querySelector('.skip').click()").await?;
    cs.wait("location.hash === '#main' && !!document.querySelector('[data-key=entry]')").await?;
    cs.wait(&format!("JSON.stringify({OPEN_FEEDS}.sort()) === '[\"/api/inbox/live\",\"/api/live\"]'"))
        .await?;
    assert_eq!(Console(&cs).bar("users").await?[0], 0);
    stack.fact("acct-seizo-a", "users", 5).await?;
    Console(&cs).converted("users", 1).await?;
    assert_eq!(cs.eval("return window.sameDocument").await?, true, "one document for all pages");
    assert_eq!(cs.eval("return faults").await?, json!([]));
    Ok(())
}

#[tokio::test]
async fn a_bookmark_opens_its_page_in_its_language_and_after_signing_in() -> Result<()> {
    let (stack, _demo) = Stack::with_demo(&[]).await?;
    let cs = watched().await?;
    Console(&cs).enter(&stack.link()?).await?;
    cs.open(&format!("{}/console/help?lang=en", stack.url())).await?;
    shown(&cs, "/console/help").await?;
    cs.eval("window.sameDocument = true").await?;
    // What the address says of the language goes along.
    press(&cs, "a[href='/console/clips?lang=en']").await?;
    shown(&cs, "/console/clips").await?;
    let found =
        cs.eval("return [location.search, document.documentElement.lang, window.sameDocument]").await?;
    assert_eq!(found, json!(["?lang=en", "en", true]));
    // An address that no page has is the journey's.
    cs.open(&format!("{}/console/nowhere", stack.url())).await?;
    cs.wait("!!document.querySelector('[data-key=entry]')").await?;
    // Signed out, a page asks who is there; signed in, it is the same page.
    press(&cs, ".viewer button").await?;
    cs.wait("!!document.querySelector('.door') && document.title === 'Tabiji'").await?;
    cs.open(&format!("{}/console/security?lang=en", stack.url())).await?;
    cs.wait("!!document.querySelector('.door')").await?;
    cs.driver.find(By::Css("input[name=email]")).await?.send_keys("cs@example.com").await?;
    cs.driver.find(By::Css("input[name=password]")).await?.send_keys("a good passphrase").await?;
    press(&cs, "button[type=submit]").await?;
    shown(&cs, "/console/security").await?;
    cs.wait("document.querySelectorAll('.browsers tbody tr').length === 1").await?;
    assert_eq!(cs.eval("return faults").await?, json!([]));
    Ok(())
}

#[tokio::test]
async fn a_page_that_fails_to_load_is_retried() -> Result<()> {
    let (mut stack, _demo) = Stack::with_demo(&[]).await?;
    let cs = watched().await?;
    Console(&cs).enter(&stack.link()?).await?;
    stack.kill_collector();
    // What is shown stays, and says that it may be old.
    cs.wait("!!document.querySelector('.live.broken') && !!document.querySelector('[data-key=entry]')")
        .await?;
    for page in ["clips", "help", "security"] {
        press(&cs, &format!("a[href='/console/{page}']")).await?;
        cs.wait("document.querySelector('.failed [role=alert]')?.textContent.length > 0").await?;
    }
    assert_eq!(cs.accessibility_faults().await?, json!([]));
    cs.picture("console-failed-ja").await?;
    // Trying again without a collector fails again.
    press(&cs, ".failed button").await?;
    cs.wait("!!document.querySelector('.failed [role=alert]')").await?;
    stack.start_collector().await?;
    press(&cs, ".failed button").await?;
    cs.wait("document.querySelectorAll('.browsers tbody tr').length === 1").await?;
    // A page that is opened when the collector is back needs no press.
    press(&cs, "a[href='/console/help']").await?;
    cs.wait("!!document.querySelector('.note')").await?;
    press(&cs, "a[href='/console']").await?;
    cs.wait("!!document.querySelector('.live:not(.broken)')").await?;
    assert_eq!(cs.eval("return faults").await?, json!([]));
    Ok(())
}

/// A collector that does not answer is no reason to sign in again: the console asks again by itself.
#[tokio::test]
async fn a_collector_that_does_not_answer_shows_no_sign_in_page() -> Result<()> {
    let (stack, _demo) = Stack::with_demo(&[]).await?;
    let cs = watched().await?;
    Console(&cs).enter(&stack.link()?).await?;
    cs.tools("Network.enable", json!({})).await?;
    cs.tools("Network.setBlockedURLs", json!({ "urls": ["*/api/session*"] })).await?;
    cs.open(&format!("{}/console", stack.url())).await?;
    cs.wait("!!document.querySelector('.door .failed [role=alert]')").await?;
    assert_eq!(cs.eval("return !!document.querySelector('input[name=email]')").await?, false);
    assert_eq!(cs.accessibility_faults().await?, json!([]));
    cs.picture("console-unreachable-ja").await?;
    cs.tools("Network.setBlockedURLs", json!({ "urls": [] })).await?;
    cs.wait("!!document.querySelector('[data-key=entry]')").await?;
    assert_eq!(cs.eval("return faults").await?, json!([]));
    Ok(())
}

/// A live page finds its way back alone when the collector was away.
#[tokio::test]
async fn a_live_page_comes_back_when_the_collector_does() -> Result<()> {
    let (mut stack, _demo) = Stack::with_demo(&[]).await?;
    let cs = watched().await?;
    Console(&cs).enter(&stack.link()?).await?;
    for path in ["/console", "/console/inbox"] {
        press(&cs, &format!("a[href='{path}']")).await?;
        shown(&cs, path).await?;
        cs.wait("!!document.querySelector('.live:not(.broken)')").await?;
        stack.kill_collector();
        cs.wait("!!document.querySelector('.live.broken')").await?;
        stack.start_collector().await?;
        cs.wait("!!document.querySelector('.live:not(.broken)')").await?;
    }
    assert_eq!(cs.eval("return faults").await?, json!([]));
    Ok(())
}

/// A session that has ended shows the sign-in page, wherever the person is.
#[tokio::test]
async fn a_session_that_has_ended_shows_the_sign_in_page() -> Result<()> {
    let (stack, _demo) = Stack::with_demo(&[]).await?;
    for page in ["", "/inbox", "/clips", "/help", "/security"] {
        let cs = watched().await?;
        Console(&cs).enter(&stack.link()?).await?;
        // It ends at the collector, as when a colleague signs a browser out.
        cs.eval("return fetch('/api/session', { method: 'DELETE' }).then((answer) => answer.status)").await?;
        if page.is_empty() {
            // The open page sends its next request when a report of the site changes.
            stack.fact("acct-seizo-a", "users", 1).await?;
        } else {
            press(&cs, &format!("a[href='/console{page}']")).await?;
        }
        cs.wait("!!document.querySelector('.door')").await?;
        assert_eq!(cs.eval("return faults").await?, json!([]));
    }
    Ok(())
}

/// What a person changes about themselves: the name that colleagues see, the language, and the password.
#[tokio::test]
async fn a_person_changes_their_name_their_language_and_their_password() -> Result<()> {
    let (stack, _demo) = Stack::with_demo(&[]).await?;
    let cs = watched().await?;
    Console(&cs).enter(&stack.link()?).await?;
    press(&cs, "a[href='/console/security']").await?;
    shown(&cs, "/console/security").await?;
    // The name, without blanks at its ends, is the one of the menu at once.
    let name = cs.driver.find(By::Css("input[name=name]")).await?;
    name.clear().await?;
    name.send_keys("佐藤 花子").await?;
    press(&cs, "section[aria-labelledby=profile] button[type=submit]").await?;
    cs.wait("document.querySelector('.viewer span')?.textContent === '佐藤 花子'").await?;
    cs.wait("/保存しました/.test(document.querySelector('section[aria-labelledby=profile] [role=status]').textContent)").await?;
    // A password that is wrong, one that is too short, and one that is taken.
    let change = async |now: &str, new: &str| -> Result<()> {
        for (field, text) in [("password", now), ("new", new)] {
            let field = cs.driver.find(By::Css(format!("input[name={field}]"))).await?;
            field.clear().await?;
            field.send_keys(text).await?;
        }
        press(&cs, "section[aria-labelledby=password] button[type=submit]").await
    };
    let says = "document.querySelector('section[aria-labelledby=password] [role=status]').textContent";
    change("a wrong passphrase", "another good passphrase").await?;
    cs.wait(&format!("/違います/.test({says})")).await?;
    change("a good passphrase", "short").await?;
    cs.wait(&format!("/10文字以上/.test({says})")).await?;
    cs.picture("account-refused-ja").await?;
    assert_eq!(cs.accessibility_faults().await?, json!([]));
    change("a good passphrase", "another good passphrase").await?;
    cs.wait(&format!("/保存しました/.test({says})")).await?;
    // The language stays on the device, also without a word in the address.
    cs.eval("const it = document.querySelector('section[aria-labelledby=profile] select'); it.value = 'en'; it.dispatchEvent(new Event('change', { bubbles: true }))").await?;
    cs.wait("document.documentElement.lang === 'en' && document.querySelector('main h1')?.textContent === 'Account'").await?;
    cs.driver.refresh().await?;
    cs.wait("document.documentElement.lang === 'en' && document.querySelector('main h1')?.textContent === 'Account'").await?;
    // Signed out, the old password is of no use, and the new one is.
    press(&cs, ".viewer button").await?;
    let sign_in = async |password: &str| -> Result<()> {
        cs.wait("!!document.querySelector('.door input[name=email]')").await?;
        for (field, text) in [("email", "cs@example.com"), ("password", password)] {
            let field = cs.driver.find(By::Css(format!("input[name={field}]"))).await?;
            field.clear().await?;
            field.send_keys(text).await?;
        }
        press(&cs, "button[type=submit]").await
    };
    sign_in("a good passphrase").await?;
    cs.wait("document.querySelector('.door [role=alert]')?.textContent.length > 0").await?;
    sign_in("another good passphrase").await?;
    cs.wait("document.querySelector('.viewer span')?.textContent === '佐藤 花子'").await?;
    assert_eq!(cs.eval("return faults").await?, json!([]));
    Ok(())
}
