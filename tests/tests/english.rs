//! The widget in English on a small phone: every card fits, and no text is in the other language.

use anyhow::Result;
use serde_json::json;
use tabiji_tests::{Browser, FlowFile, HostPage, Stack, Widget, identify, snippet, stop};

/// Checks that the first match is as wide as its content, and has no kana and no kanji.
async fn fits(widget: &Widget<'_>, selector: &str, picture: &str) -> Result<()> {
    widget.wait(selector, "it.isConnected").await?;
    let wide = widget.ask(selector, "[...it.querySelectorAll('*')].filter((one) => one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 2 && getComputedStyle(one).overflowX !== 'visible' && one.localName !== 'input').map((one) => one.outerHTML.slice(0, 80))").await?;
    assert_eq!(wide, json!([]), "{picture}: something is cut off");
    let outside = widget.ask(selector, "(() => { const box = it.getBoundingClientRect(); return [...it.querySelectorAll('button, p, h2, h3, span')].filter((one) => { const r = one.getBoundingClientRect(); return one.textContent.trim() && r.width > 2 && (r.left < box.left - 1 || r.right > box.right + 1); }).map((one) => one.textContent); })()").await?;
    assert_eq!(outside, json!([]), "{picture}: something is outside");
    let foreign =
        widget.ask(selector, "it.textContent.match(/[\\u3041-\\u30ff\\u4e00-\\u9fff].*/)?.[0]").await?;
    assert_eq!(foreign, json!(null), "{picture}: another language");
    widget.0.picture(picture).await
}

#[tokio::test]
async fn every_card_fits_and_speaks_english() -> Result<()> {
    let (stack, ports) = Stack::start(1).await?;
    let flow = FlowFile::done("{ confirmed = true }").contact("mailto:cs@example.com").link("/");
    stack.publish_text(&flow.with(&stop("a", "")).text())?;
    let page = snippet(&stack, "", &identify(&stack, "u1", "acct-1")?)
        .replace("<html lang=\"ja\">", "<html lang=\"en\">")
        .replace("<input id=\"field\">", "<button data-tabiji='a'>A</button>");
    let page = HostPage::start(ports[0], &page, "").await?;
    let browser = Browser::start_with(&["--window-size=500,900", "--accept-lang=en"]).await?;
    let phone = json!({ "width": 360, "height": 740, "deviceScaleFactor": 2.0, "mobile": false });
    browser.tools("Emulation.setDeviceMetricsOverride", phone).await?;
    browser.clock_by_storage().await?;
    browser.open(&page.url).await?;
    let widget = Widget(&browser);
    widget.open().await?;
    fits(&widget, ".panel", "panel-en").await?;
    widget.press(".card", "Later").await?;
    fits(&widget, ".asks", "later-en").await?;
    widget.click(".asks .close").await?;
    widget.press(".card", "Ask a colleague").await?;
    widget.element(".asks input").await?.send_keys("Sam").await?;
    widget.press(".asks", "Create link").await?;
    widget.wait(".asks input[readonly]", "it.value").await?;
    fits(&widget, ".asks", "colleague-en").await?;
    widget.press(".asks", "Cancel request").await?;
    widget.press(".card", "Mark as done").await?;
    fits(&widget, ".finished", "finished-en").await?;
    widget.click(".panel .close").await?;
    browser.eval("localStorage.ahead = 13 * 3600000").await?;
    browser.open(&page.url).await?;
    widget.wait(".asks .answers", "it.children.length === 5").await?;
    fits(&widget, ".asks", "mood-en").await?;
    widget.press(".asks", "Not now").await?;
    widget.open_chat("Messages").await?;
    fits(&widget, ".asks", "chat-en").await
}
