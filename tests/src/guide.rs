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

/// Notes in each frame where the control is, what the cut-out surrounds, and where the card is. `late` gives by how many
/// pixels cut-out and card were at most off where the control was in the same frame or in so many before.
const FRAMES: &str = "
    const edges = ({ left, top, right, bottom }) => [left, top, right, bottom];
    const far = (one, other) => Math.max(...one.map((n, at) => Math.abs(n - other[at])));
    // Beside its control a card is 16 pixels away, and its arrow is at the control's middle, or where its corner begins.
    const astray = ({ side, arrow, card: [left, top, right, bottom] }, [l, t, r, b]) => {
        const gap = { below: top - b, above: t - bottom, right: left - r, left: l - right }[side] - 16;
        const across = side == 'below' || side == 'above';
        const [middle, length] = across ? [(l + r) / 2 - left, right - left] : [(t + b) / 2 - top, bottom - top];
        return Math.max(Math.abs(gap), Math.abs(arrow - Math.min(Math.max(middle, 20), length - 20)));
    };
    window.noted = [];
    const note = () => {
        requestAnimationFrame(note);
        const root = document.querySelector('#tabiji-guide')?.shadowRoot;
        const card = root?.querySelector('.stop');
        if (!card) return;
        const style = getComputedStyle(root.querySelector('.shade'), '::before');
        const [x, y, w, h] = ['left', 'top', 'width', 'height'].map((name) => parseFloat(style[name]));
        noted.push({
            control: edges(CONTROL.getBoundingClientRect()),
            hole: [x + 8, y + 8, x + w - 8, y + h - 8],
            card: edges(card.getBoundingClientRect()),
            side: card.dataset.side,
            arrow: parseFloat(card.style.getPropertyValue('--arrow')),
        });
    };
    note();
    // Longer than the guide looks by itself after a move.
    const rests = () => noted.length > 20 && noted.slice(-20).every(({ control }) => far(control, noted.at(-1).control) == 0);
    window.rest = () => new Promise((done) => {
        const look = () => (rests() ? done(noted.length) : requestAnimationFrame(look));
        look();
    });
    window.moved = (from) => noted.slice(from).some(({ control }) => far(control, noted[from - 1].control) > 5);
    window.late = (from, frames) => {
        const worst = [0, 0];
        for (let at = from; at < noted.length; at++) {
            const controls = noted.slice(at - frames, at + 1).map(({ control }) => control);
            const [hole, card] = [far, astray].map((off, nth) =>
                Math.min(...controls.map((control) => off(nth ? noted[at] : noted[at].hole, control))));
            [worst[0], worst[1]] = [Math.max(worst[0], hole), Math.max(worst[1], card)];
        }
        return worst;
    };";

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

    /// From now on each frame is noted: where the control is, and where cut-out and card are.
    pub async fn note_frames(&self, control: &str) -> Result<()> {
        self.browser.eval(&FRAMES.replace("CONTROL", control)).await?;
        Ok(())
    }

    /// Waits until the control stands still; returns the number of the next frame.
    pub async fn rest(&self) -> Result<Value> {
        self.browser.eval("return rest()").await
    }

    /// Waits until the control moved after the frame `from` and rests again, and checks that cut-out and card followed
    /// it within a frame. Returns the number of the next frame.
    pub async fn followed(&self, from: &Value, after: &str) -> Result<Value> {
        self.followed_within(1, from, after).await
    }

    /// The same within so many frames.
    pub async fn followed_within(&self, frames: usize, from: &Value, after: &str) -> Result<Value> {
        self.browser.wait(&format!("moved({from})")).await?;
        let next = self.rest().await?;
        let late = self.browser.eval(&format!("return late({from}, {frames})")).await?;
        for (nth, what) in ["cut-out", "card"].iter().enumerate() {
            let off = late[nth].as_f64().unwrap_or(f64::INFINITY);
            assert!(
                off < 2.0,
                "after {after}: the {what} was {off} px from where the control was {frames} frames ago"
            );
        }
        Ok(next)
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
