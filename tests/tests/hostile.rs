//! One journey on every page of `tests/hostile`: pages that make a guest's life hard.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::json;
use tabiji_tests::{Browser, FlowFile, HostPage, Stack, Widget, identify, stop};

const NONCE: &str = "n0nce";

struct Hostile {
    stack: Stack,
    page: HostPage,
    browser: Browser,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("hostile")
}

fn read(file: &Path) -> Result<String> {
    std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))
}

/// A file of a package that `npm ci` brought.
fn package(path: &str) -> Result<String> {
    read(&folder().join("../../node_modules").join(path))
}

/// A file of the page, put together with the packages that it imports.
fn bundle(name: &str) -> Result<String> {
    let esbuild = folder().join("../../node_modules/.bin/esbuild");
    let made = Command::new(esbuild)
        .args([name, "--bundle", "--format=iife", "--define:process.env.NODE_ENV=\"production\""])
        .current_dir(folder())
        .output()?;
    ensure!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    Ok(String::from_utf8(made.stdout)?)
}

/// The snippet as `tests/hostile/README.md` promises it.
fn with_snippet(stack: &Stack, text: &str) -> Result<String> {
    let calls = identify(stack, "u1", "acct-1")?;
    let (url, key) = (stack.url(), stack.key("public_key"));
    let snippet = format!(
        r#"<script nonce="{NONCE}">window.presses = 0; window.errors = [];
addEventListener('error', (event) => errors.push(event.message));
addEventListener('unhandledrejection', (event) => errors.push(String(event.reason)));
window.tabiji = window.tabiji || function () {{ (tabiji.q = tabiji.q || []).push(arguments); }};
{calls}</script><script async nonce="{NONCE}" src="{url}/tabiji.js" data-site="{key}"></script>"#
    );
    Ok(text.replace("<!-- tabiji -->", &snippet))
}

fn flow() -> String {
    FlowFile::done("{ confirmed = true }").with(&[stop("first", ""), stop("second", "")].concat()).text()
}

impl Hostile {
    async fn on(name: &str) -> Result<Self> {
        Self::under(name, |_| String::new()).await
    }

    async fn under(name: &str, policy: impl Fn(&str) -> String) -> Result<Self> {
        let (stack, ports) = Stack::start(1).await?;
        stack.publish_text(&flow())?;
        let text = with_snippet(&stack, &read(&folder().join(format!("{name}.html")))?)?;
        let page = HostPage::start(ports[0], &text, &policy(&stack.url())).await?;
        Ok(Self { stack, page, browser: Browser::start().await? })
    }

    fn script(&self, path: &str, text: String) {
        self.page.file(path, "text/javascript", text);
    }

    /// Opens the page and goes the whole way.
    async fn survives(&self) -> Result<()> {
        self.browser.open(&self.page.url).await?;
        self.journey().await
    }

    async fn journey(&self) -> Result<()> {
        let Self { browser, stack, .. } = self;
        let widget = Widget(browser);
        widget.open().await?;
        // It looks as it should, whatever the page's style sheets say.
        let looks = "((s, b) => [s.position, s.display, s.fontSize, b.width, b.right <= innerWidth, b.bottom <= innerHeight])(getComputedStyle(it), it.getBoundingClientRect())";
        assert_eq!(widget.ask(".panel", looks).await?, json!(["absolute", "grid", "15px", 376, true, true]));
        widget.click(".card button.action").await?;
        for name in ["first", "second"] {
            self.card(name).await?;
            browser.eval(&format!("document.querySelector('[data-tabiji={name}]').click()")).await?;
        }
        browser.wait("!document.querySelector('#tabiji-guide')?.shadowRoot.querySelector('.stop')").await?;
        assert_eq!(browser.eval("return [presses, errors]").await?, json!([2, []]));
        browser.eval("tabiji('track', 'through')").await?;
        for _ in 0..100 {
            if stack.tracked()?.contains(&"through".to_owned()) {
                break;
            }
            browser.eval("return new Promise((done) => setTimeout(done, 50))").await?;
        }
        assert_eq!(stack.tracked()?, ["through"]);
        browser.eval("tabiji('destroy')").await?;
        browser.wait("!document.querySelector('#tabiji, #tabiji-guide')").await?;
        assert_eq!(browser.eval("return errors").await?, json!([]));
        Ok(())
    }

    /// Waits until the card is beside this control and can be pressed.
    async fn card(&self, name: &str) -> Result<()> {
        let there = format!(
            "(() => {{ const root = document.querySelector('#tabiji-guide')?.shadowRoot; const card = root?.querySelector('.stop');
               if (!card?.querySelector('#text').textContent.includes('{name}')) return false;
               const hole = root.querySelector('.shade').style, it = document.querySelector('[data-tabiji={name}]').getBoundingClientRect();
               const near = (a, b) => Math.abs(Number(hole.getPropertyValue(a)) + 8 - b) < 3;
               const b = card.getBoundingClientRect();
               return near('--x', it.left) && near('--y', it.top) && document.elementFromPoint(b.x + b.width / 2, b.y + 12)?.id === 'tabiji-guide' }})()"
        );
        self.browser.wait(&there).await?;
        Ok(())
    }
}

#[tokio::test]
async fn resets_with_important() -> Result<()> {
    Hostile::on("resets").await?.survives().await
}

#[tokio::test]
async fn transformed_ancestors() -> Result<()> {
    Hostile::on("transformed").await?.survives().await
}

#[tokio::test]
async fn a_focus_trap() -> Result<()> {
    Hostile::on("focus-trap").await?.survives().await
}

#[tokio::test]
async fn s19_patched_prototypes() -> Result<()> {
    Hostile::on("prototypes").await?.survives().await
}

#[tokio::test]
async fn s19_frozen_objects() -> Result<()> {
    Hostile::on("frozen").await?.survives().await
}

#[tokio::test]
async fn g48_a_policy_with_nonce_and_trusted_types_reports_no_violation() -> Result<()> {
    let policy = |collector: &str| {
        format!(
            "default-src 'none'; script-src 'nonce-{NONCE}' 'strict-dynamic' 'wasm-unsafe-eval'; connect-src {collector}; \
             img-src data:; base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
        )
    };
    let hostile = Hostile::under("policy", policy).await?;
    hostile.survives().await?;
    assert_eq!(hostile.browser.eval("return violations").await?, json!([]));
    Ok(())
}

#[tokio::test]
async fn a_react_page_that_never_rests() -> Result<()> {
    let hostile = Hostile::on("react").await?;
    hostile.script("/react-app.js", bundle("react-app.js")?);
    hostile.survives().await
}

#[tokio::test]
async fn a_vue_page_that_never_rests() -> Result<()> {
    let hostile = Hostile::on("vue").await?;
    hostile.script("/vue.js", package("vue/dist/vue.global.prod.js")?);
    hostile.survives().await
}

#[tokio::test]
async fn a_jquery_page_that_swallows_every_press() -> Result<()> {
    let hostile = Hostile::on("jquery").await?;
    hostile.script("/jquery.js", package("jquery/dist/jquery.js")?);
    hostile.survives().await
}

#[tokio::test]
async fn a_product_inside_a_frame() -> Result<()> {
    let hostile = Hostile::on("framed").await?;
    let inner = with_snippet(&hostile.stack, &read(&folder().join("framed-app.html"))?)?;
    hostile.page.file("/framed-app.html", "text/html", inner);
    hostile.browser.open(&hostile.page.url).await?;
    hostile.browser.driver.enter_frame(0).await?;
    hostile.journey().await
}

#[tokio::test]
async fn g50_a_browser_that_translates_every_text() -> Result<()> {
    let hostile = Hostile::on("translated").await?;
    hostile.survives().await?;
    assert_eq!(hostile.browser.eval("return translated > 20").await?, json!(true));
    Ok(())
}

/// `document.write` after the page has loaded throws everything away: the widget goes with it, quietly,
/// and comes back with the next snippet.
#[tokio::test]
async fn a_page_that_writes_itself_anew() -> Result<()> {
    let hostile = Hostile::on("rewritten").await?;
    hostile.browser.open(&hostile.page.url).await?;
    Widget(&hostile.browser).open().await?;
    let text = with_snippet(&hostile.stack, &read(&folder().join("rewritten.html"))?)?;
    let write =
        format!("const text = {}; document.open(); document.write(text); document.close()", json!(text));
    hostile.browser.eval(&write).await?;
    hostile.journey().await
}

#[tokio::test]
async fn somebody_else_signs_in_without_a_load() -> Result<()> {
    let hostile = Hostile::on("rewritten").await?;
    let (browser, widget) = (&hostile.browser, Widget(&hostile.browser));
    browser.open(&hostile.page.url).await?;
    widget.open().await?;
    widget.click(".card button.action").await?;
    hostile.card("first").await?;
    browser.eval("tabiji('reset')").await?;
    browser.wait("!document.querySelector('#tabiji-guide')?.shadowRoot.querySelector('.stop')").await?;
    browser.eval(&identify(&hostile.stack, "u2", "acct-2")?).await?;
    browser.wait("tabiji('ready').then(() => true)").await?;
    hostile.journey().await
}
