//! The script tag on pages as they are: run twice, by a bundler, from a tag manager, under any language, with elements
//! that answer to the document's own names, and with a body that is put in the place of another.

use anyhow::Result;
use serde_json::{Value, json};
use tabiji_tests::{Browser, FlowFile, HostPage, Stack, Widget, identify, stop};

/// Notes what the page would be blamed for, and what the loader says.
const NOTES: &str = "window.errors = []; window.lines = [];
addEventListener('error', (event) => errors.push(event.message));
addEventListener('unhandledrejection', (event) => errors.push(String(event.reason)));
console.warn = (line) => lines.push(line);
window.stub = () => { window.tabiji = window.tabiji || function () { (tabiji.q = tabiji.q || []).push(arguments); }; };";

struct Page {
    stack: Stack,
    host: HostPage,
    browser: Browser,
}

impl Page {
    /// A page for every path; `TAG` in its head or body is the script tag, `WHO` the call that says who is there.
    async fn with(lang: &str, head: &str, body: &str) -> Result<Self> {
        let (stack, ports) = Stack::start(1).await?;
        let stops = [stop("nav-users", ""), stop("nav-reports", "")].concat();
        stack.publish_text(&FlowFile::done("{ confirmed = true }").with(&stops).text())?;
        let host = HostPage::start(ports[0], "", "").await?;
        let tag = format!("src=\"{}/tabiji.js\" data-site=\"{}\"", stack.url(), stack.key("public_key"));
        let who = format!("stub(); {}", identify(&stack, "u1", "acct-1")?);
        let text = format!(
            "<!doctype html><html lang=\"{lang}\"><head><meta charset=utf-8><title>Host</title><link rel=icon href=\"data:,\"><script>{NOTES}</script>{head}</head><body>{body}</body></html>"
        );
        host.change(&text.replace("TAG", &tag).replace("WHO", &who).replace("COLLECTOR", &stack.url()));
        let browser = Browser::start().await?;
        browser.open(&host.url).await?;
        Ok(Self { stack, host, browser })
    }

    fn widget(&self) -> Widget<'_> {
        Widget(&self.browser)
    }

    /// What the loader said.
    async fn lines(&self) -> Result<Value> {
        self.browser.eval("return lines").await
    }

    /// Nothing was thrown, there is one launcher, and it opens the panel.
    async fn works(&self) -> Result<()> {
        self.widget().open().await?;
        assert_eq!(self.browser.eval("return errors").await?, json!([]));
        let hosts =
            "return [...document.all].filter((one) => one.shadowRoot?.querySelector('.launcher')).length";
        assert_eq!(self.browser.eval(hosts).await?, json!(1));
        Ok(())
    }
}

#[tokio::test]
async fn a_language_is_known_however_the_server_prints_it() -> Result<()> {
    for (lang, expected) in
        [("ja_JP", "設定"), ("JA", "設定"), ("jp", "設定"), ("ja_JP.UTF-8", "設定"), ("C", "Setup")]
    {
        let page = Page::with(lang, "<script>WHO</script><script async TAG></script>", "").await?;
        page.works().await?;
        page.widget().wait(".launcher", &format!("it.textContent.includes('{}')", left(expected))).await?;
        let said = page.lines().await?;
        let unknown = if lang == "C" { json!(["[tabiji] unknown language C"]) } else { json!([]) };
        assert_eq!(said, unknown, "{lang}");
        // A promise is a moment in that language.
        page.widget().press(".card", if expected == "設定" { "あとで" } else { "Later" }).await?;
        page.widget().wait(".asks", "it.textContent.length > 0").await?;
        assert_eq!(page.browser.eval("return errors").await?, json!([]), "{lang}");
    }
    Ok(())
}

/// What the launcher says of what is left, in the language that is expected.
fn left(expected: &str) -> &'static str {
    if expected == "設定" { "あと1つ" } else { "1 " }
}

#[tokio::test]
async fn s19_a_second_tag_leaves_the_first_alone() -> Result<()> {
    let late = "<script>setTimeout(() => { const tag = document.createElement('script'); tag.src = 'COLLECTOR/tabiji.js'; tag.dataset.site = document.querySelector('[data-site]').dataset.site; tag.onload = () => { window.late = true; }; document.head.append(tag); }, 1000)</script>";
    // A snippet as some write it, whose stub takes the place of the function that runs.
    let stub = late.replace("<script>setTimeout(() => {", "<script>setTimeout(() => { window.tabiji = function () { (tabiji.q = tabiji.q || []).push(arguments); }; tabiji('track', 'early'); window.stub = tabiji;");
    let tag = "<script async TAG onload='late = true'></script>";
    for second in [tag, late, &stub] {
        let head = format!("<script>window.late = false; WHO</script><script async TAG></script>{second}");
        let page = Page::with("ja", &head, "").await?;
        page.browser.wait("late && window.tabiji != window.stub").await?;
        page.works().await?;
        assert_eq!(page.lines().await?, json!(["[tabiji] runs already"]));
        let sessions = page.browser.eval("return performance.getEntriesByType('resource').filter((one) => one.name.endsWith('/v1/session')).length").await?;
        assert_eq!(sessions, json!(1));
    }
    Ok(())
}

#[tokio::test]
async fn the_tag_is_found_where_the_script_runs_without_one() -> Result<()> {
    let module = "<script>WHO</script><script type=module TAG></script>";
    let evaluated = "<script>WHO</script><script type=delayed data-TAG></script><script>addEventListener('load', async () => { for (const tag of document.querySelectorAll('script[type=delayed]')) (0, eval)(await (await fetch(tag.dataset.src)).text()); });</script>";
    for head in [module, evaluated] {
        let page = Page::with("ja", head, "").await?;
        page.works().await?;
        assert_eq!(page.lines().await?, json!([]), "{head}");
    }
    // Other products' tags have an attribute of that name, too.
    let other = "<script src='data:text/javascript,' data-site=ABCDEF></script>";
    let page = Page::with("ja", &[other, module].concat(), "").await?;
    page.works().await?;
    let nowhere = "<script>WHO; addEventListener('load', async () => (0, eval)(await (await fetch('COLLECTOR/tabiji.js')).text()))</script>";
    let page = Page::with("ja", nowhere, "").await?;
    page.browser.wait("lines.length == 1 && lines[0].includes('data-site') && errors.length == 0").await?;
    Ok(())
}

#[tokio::test]
async fn a_tag_manager_that_drops_attributes_reads_what_is_missing() -> Result<()> {
    let head = "<script>WHO; { const tag = document.createElement('script'); tag.async = true; tag.src = 'COLLECTOR/tabiji.js'; document.head.append(tag); }</script>";
    let page = Page::with("ja", head, "").await?;
    page.browser
        .wait("lines.length == 1 && lines[0].includes('data-site') && lines[0].includes(\"tabiji('init'\")")
        .await?;
    let key = page.stack.key("public_key");
    page.browser.eval(&format!("tabiji('init', '{key}')")).await?;
    page.works().await
}

#[tokio::test]
async fn s19_what_stands_in_the_page_is_not_taken_for_the_documents_own() -> Result<()> {
    let elsewhere = "<img name=currentScript src='http://127.0.0.1:9/x/' data-site=pk_other><img name=body><img name=createElement><form name=tabiji><input name=q><input name=again></form>";
    let page = Page::with("ja", "", &[elsewhere, "<p>Host</p><script TAG></script>"].concat()).await?;
    page.works().await?;
    assert_eq!(page.lines().await?, json!([]));
    let hosts = "return [...new Set(performance.getEntriesByType('resource').filter((one) => /tabiji|widget|v1/.test(one.name)).map((one) => new URL(one.name).origin))]";
    assert_eq!(page.browser.eval(hosts).await?, json!([page.stack.url()]));
    // The page's own element of that name stays, and is none of the widget's.
    let form = "<form id=tabiji><input name=q><input name=again></form><p>Host</p><script TAG></script>";
    let page = Page::with("ja", "", form).await?;
    let launcher = "document.querySelector('[data-host]')?.shadowRoot.querySelector('.launcher')";
    page.browser.wait(&format!("{launcher}?.getAttribute('aria-controls')")).await?;
    page.browser.eval(&format!("{launcher}.click()")).await?;
    page.browser
        .wait("document.querySelector('[data-host]').shadowRoot.querySelector('.panel')?.checkVisibility()")
        .await?;
    assert_eq!(
        page.browser.eval("return [errors.length, lines.length, document.forms.length]").await?,
        json!([0, 0, 1])
    );
    Ok(())
}

#[tokio::test]
async fn a_container_that_is_no_selector_is_said_and_passed_over() -> Result<()> {
    let page =
        Page::with("ja", "<script>WHO</script><script async TAG data-container='#1 {'></script>", "").await?;
    page.works().await?;
    let said = "return [lines.length, lines[0].startsWith('[tabiji] SyntaxError'), lines[0].includes('#1 {')]";
    assert_eq!(page.browser.eval(said).await?, json!([1, true, true]));
    Ok(())
}

#[tokio::test]
async fn nothing_of_the_widget_is_printed() -> Result<()> {
    let page = Page::with(
        "ja",
        "<script>WHO</script><script async TAG></script>",
        "<h1>請求書</h1><p><a href='/users' data-tabiji=nav-users>ユーザー</a>",
    )
    .await?;
    let shown = "[...document.querySelectorAll('#tabiji,#tabiji-guide')].filter((one) => one.checkVisibility()).length";
    page.works().await?;
    for medium in ["print", "screen"] {
        page.browser.tools("Emulation.setEmulatedMedia", json!({ "media": medium })).await?;
        assert_eq!(
            page.browser.eval(&format!("return {shown}")).await?,
            json!(usize::from(medium == "screen"))
        );
    }
    page.widget().click(".card button.action").await?;
    page.browser.wait("document.querySelector('#tabiji-guide')?.shadowRoot.querySelector('.stop')").await?;
    page.browser.tools("Emulation.setEmulatedMedia", json!({ "media": "print" })).await?;
    assert_eq!(page.browser.eval(&format!("return {shown}")).await?, json!(0));
    Ok(())
}

/// What a framework does that puts the next page's body in the place of this one's, with a copy of it first.
const SWAP: &str = "
window.visits = 0;
const kept = new Map();
const render = (body) => {
  for (const old of body.querySelectorAll('script')) {
    const fresh = document.createElement('script');
    for (const { name, value } of old.attributes) fresh.setAttribute(name, value);
    fresh.textContent = old.textContent;
    old.replaceWith(fresh);
  }
  document.documentElement.replaceChild(body, document.body);
};
window.visit = async (url) => {
  kept.set(location.pathname, document.body.cloneNode(true));
  const next = new DOMParser().parseFromString(await (await fetch(url)).text(), 'text/html');
  history.pushState({}, '', url);
  if (kept.has(location.pathname)) render(kept.get(location.pathname).cloneNode(true));
  render(document.importNode(next.body, true));
  visits++;
};
addEventListener('popstate', () => kept.has(location.pathname) && render(kept.get(location.pathname).cloneNode(true)));";

#[tokio::test]
async fn a_document_in_the_place_of_another_has_the_same_widget() -> Result<()> {
    let page = Page::with("ja", "<script>WHO</script><script async TAG></script>", "<p>Host</p>").await?;
    page.works().await?;
    let other = "const next = document.createElement('html'); next.append(document.createElement('head'));
        document.documentElement.replaceWith(next); setTimeout(() => next.append(document.createElement('body')), 50)";
    page.browser.eval(other).await?;
    page.browser.wait("document.body && document.querySelector('#tabiji')").await?;
    page.widget().click(".close").await?;
    page.works().await
}

/// One launcher after each visit, wherever the tag stands; what was written and where the guide is outlive it.
#[tokio::test]
async fn a_body_in_the_place_of_another_has_the_same_widget() -> Result<()> {
    let nav = "<nav><a href='/users' data-tabiji=nav-users>ユーザー</a> <a href='/reports' data-tabiji=nav-reports>レポート</a></nav><p>Host</p>";
    let swap = format!("<script>{SWAP}</script>");
    let tag = "<script>WHO</script><script async TAG></script>";
    for (head, body) in [([&swap, tag].concat(), nav.to_owned()), (swap.clone(), [nav, tag].concat())] {
        let page = Page::with("ja", &head, &body).await?;
        let (browser, widget) = (&page.browser, page.widget());
        widget.ready().await?;
        for path in ["/users", "/reports", "/users"] {
            let before = browser.eval("return visits").await?;
            browser.eval(&format!("visit('{}{path}')", page.host.url.trim_end_matches('/'))).await?;
            browser.wait(&format!("visits > {before}")).await?;
            page.works().await?;
            widget.click(".close").await?;
        }
        browser.eval("history.back()").await?;
        browser.wait("location.pathname == '/reports'").await?;
        page.works().await?;
        // A guide goes on in the next body.
        widget.click(".card button.action").await?;
        browser.wait("document.querySelector('#tabiji-guide')?.shadowRoot.querySelector('.stop')").await?;
        let before = browser.eval("return visits").await?;
        browser.eval("visit('/users')").await?;
        browser.wait(&format!("visits > {before}")).await?;
        browser.wait("document.querySelector('#tabiji-guide')?.shadowRoot.querySelector('.stop')?.checkVisibility()").await?;
        assert_eq!(browser.eval("return document.querySelectorAll('#tabiji-guide').length").await?, json!(1));
        assert_eq!(browser.eval("return errors").await?, json!([]));
        let sessions = browser.eval("return performance.getEntriesByType('resource').filter((one) => one.name.endsWith('/v1/session')).length").await?;
        assert_eq!(sessions, json!(1));
    }
    Ok(())
}
