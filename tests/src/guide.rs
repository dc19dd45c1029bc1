//! A guide on a host page, as a person sees it.

use anyhow::Result;
use serde_json::Value;
use thirtyfour::prelude::*;

use crate::{Browser, FlowFile, HostPage, Stack, Widget, identify, snippet};

/// A page with a guide for its only step, in a browser.
pub struct Guide {
    /// The collector.
    pub stack: Stack,
    /// The page.
    pub page: HostPage,
    /// The browser.
    pub browser: Browser,
    port: u16,
}

/// The card's or another part's element inside the guide's layer, as a JavaScript expression.
fn inside(selector: &str) -> String {
    format!("document.querySelector('#tabiji-guide')?.shadowRoot.querySelector(`{selector}`)")
}

/// The flow with this guide: `stops` is the TOML below `[[stage.step]]`.
fn flow(stops: &str) -> String {
    let done = "{ all = [{ confirmed = true }, { fact = \"ready\" }] }";
    FlowFile::done(done).link("/").with(stops).text()
}

/// A stop on the control with this hook; `more` are further lines.
pub fn stop(hook: &str, more: &str) -> String {
    format!(
        "[[stage.step.guide]]\ntarget = {{ hook = \"{hook}\" }}\ntext = {{ ja = \"{hook}です\", en = \"This is {hook}\" }}\n{more}\n"
    )
}

impl Guide {
    /// Opens a page with `body` and a guide with `stops`, which is not started yet.
    pub async fn on(stops: &str, body: &str) -> Result<Self> {
        Self::with(stops, body, "", &["--window-size=1280,900", "--accept-lang=ja"]).await
    }

    /// Like [`Guide::on`], with a content security policy and browser arguments.
    pub async fn with(stops: &str, body: &str, policy: &str, arguments: &[&str]) -> Result<Self> {
        let (stack, ports) = Stack::start(2).await?;
        stack.publish_text(&flow(stops))?;
        let page = HostPage::start(ports[0], "", policy).await?;
        let guide = Self { browser: Browser::start_with(arguments).await?, stack, page, port: ports[1] };
        guide.content(body, "")?;
        guide.browser.open(&guide.page.url).await?;
        Ok(guide)
    }

    /// Replaces the page for the next visit; `before` is a script that runs first.
    pub fn content(&self, body: &str, before: &str) -> Result<()> {
        let calls = identify(&self.stack, "u1", "acct-1")?;
        let page = snippet(&self.stack, before, &calls).replace("<input id=\"field\">", body);
        self.page.change(&page);
        Ok(())
    }

    /// Serves a page on another origin.
    pub async fn stranger(&self, body: &str) -> Result<HostPage> {
        HostPage::start(self.port, body, "").await
    }

    /// The widget.
    pub fn widget(&self) -> Widget<'_> {
        Widget(&self.browser)
    }

    /// Presses "show me".
    pub async fn begin(&self) -> Result<()> {
        self.widget().open().await?;
        self.widget().click(".card button.action").await
    }

    /// Presses "show me" and waits for the first card.
    pub async fn shown(&self) -> Result<()> {
        self.begin().await?;
        self.text("です").await
    }

    /// Waits until the card says this.
    pub async fn text(&self, text: &str) -> Result<()> {
        self.wait(".stop #text", &format!("it.textContent.includes('{text}')")).await?;
        Ok(())
    }

    /// Waits until an expression about the first match (`it`) is true.
    pub async fn wait(&self, selector: &str, expression: &str) -> Result<Value> {
        self.browser.wait(&format!("((it) => it && ({expression}))({})", inside(selector))).await
    }

    /// Waits until there is no card.
    pub async fn gone(&self) -> Result<()> {
        self.browser.wait(&format!("!{}", inside(".stop"))).await?;
        Ok(())
    }

    /// Evaluates an expression about the first match (`it`).
    pub async fn ask(&self, selector: &str, expression: &str) -> Result<Value> {
        self.browser.eval(&format!("return ((it) => it && ({expression}))({})", inside(selector))).await
    }

    /// Clicks a part of the card.
    pub async fn click(&self, selector: &str) -> Result<()> {
        self.browser.wait(&format!("!!{}", inside(selector))).await?;
        let root = self.browser.driver.find(By::Id("tabiji-guide")).await?.get_shadow_root().await?;
        Ok(root.find(By::Css(selector)).await?.click().await?)
    }

    /// Clicks a control of the host's page.
    pub async fn press(&self, css: &str) -> Result<()> {
        Ok(self.browser.driver.find(By::Css(css)).await?.click().await?)
    }

    /// Waits until two frames have been drawn.
    pub async fn frames(&self) -> Result<()> {
        self.browser
            .eval("return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))")
            .await?;
        Ok(())
    }

    /// Returns the distance between cut-out and control in pixels, without the padding.
    pub async fn offset(&self, control: &str) -> Result<f64> {
        let script = format!(
            "const r = {}; const b = ({control}).getBoundingClientRect();
             const n = (name) => Number(r.style.getPropertyValue(name));
             return Math.max(Math.abs(n('--x') + 8 - b.left), Math.abs(n('--y') + 8 - b.top))",
            inside(".shade")
        );
        Ok(self.browser.eval(&script).await?.as_f64().unwrap_or(f64::INFINITY))
    }

    /// Returns the reported events of guides, in the order of the journal: `(kind, stop, reason)`.
    pub fn told(&self) -> Result<Vec<(String, u64, String)>> {
        let told = |row: &Value| {
            let event = &row["body"];
            let kind = event["kind"].as_str().filter(|kind| kind.starts_with("guide."))?;
            let reason = event["data"]["reason"].as_str().or(event["data"]["tried"].as_str());
            Some((
                kind.to_owned(),
                event["data"]["stop"].as_f64().unwrap_or(0.0) as u64,
                reason.unwrap_or_default().to_owned(),
            ))
        };
        Ok(self.stack.export()?.iter().filter_map(told).collect())
    }

    /// Waits until the last reported event of guides is this one.
    pub async fn reported(&self, kind: &str, stop: u64, reason: &str) -> Result<()> {
        let expected = (kind.to_owned(), stop, reason.to_owned());
        for _ in 0..100 {
            if self.told()?.last() == Some(&expected) {
                return Ok(());
            }
            self.browser.eval("return new Promise((done) => setTimeout(done, 50))").await?;
        }
        assert_eq!(self.told()?.last(), Some(&expected));
        Ok(())
    }
}
