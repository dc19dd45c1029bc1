//! The widget and the console as a person sees them.

use anyhow::Result;
use serde_json::{Value, json};
use thirtyfour::prelude::*;

use crate::{Browser, Demo};

/// The widget on the page that a browser shows.
pub struct Widget<'a>(pub &'a Browser);

/// The first element inside the widget that matches a selector, as a JavaScript expression.
fn inside(selector: &str) -> String {
    format!("document.querySelector('#tabiji')?.shadowRoot.querySelector(`{selector}`)")
}

impl Widget<'_> {
    /// Waits until the checklist is there (not only the launcher that the loader draws).
    pub async fn ready(&self) -> Result<()> {
        self.0.wait(&format!("{}?.getAttribute('aria-controls')", inside(".launcher"))).await?;
        Ok(())
    }

    /// Returns the element, for clicks by a real pointer.
    pub async fn element(&self, selector: &str) -> Result<WebElement> {
        self.0.wait(&format!("!!{}", inside(selector))).await?;
        // By a script: not every driver finds elements in a shadow root.
        Ok(self.0.driver.execute(format!("return {}", inside(selector)), vec![]).await?.element()?)
    }

    /// Clicks the first match.
    pub async fn click(&self, selector: &str) -> Result<()> {
        Ok(self.element(selector).await?.click().await?)
    }

    /// Opens the panel by its launcher.
    pub async fn open(&self) -> Result<()> {
        self.ready().await?;
        self.click(".launcher").await?;
        self.0.wait(&format!("!!{}", inside(".panel :is(.card, .row)"))).await?;
        Ok(())
    }

    /// Opens the panel at its last tab: the conversation.
    pub async fn talk(&self) -> Result<()> {
        self.open_chat("やりとり").await
    }

    /// Opens the panel at the conversation, whose tab has this name.
    pub async fn open_chat(&self, tab: &str) -> Result<()> {
        self.ready().await?;
        if self.0.eval(&format!("return !{}", inside("[role=tab], .write"))).await? == true {
            self.click(".launcher").await?;
        }
        self.0.wait(&format!("!!{}", inside("[role=tab], .write"))).await?;
        if self.0.eval(&format!("return !{}", inside(".write textarea"))).await? == true {
            self.tab(tab).await?;
        }
        self.wait(".write textarea", "it === it.getRootNode().activeElement").await?;
        Ok(())
    }

    /// Writes a message where the cursor is, as a person at a keyboard does; it has reached the collector when this
    /// returns.
    pub async fn send(&self, text: &str) -> Result<()> {
        self.0.press(text.to_owned() + Key::Enter).await?;
        // "Sent" may still be said of the message before.
        let last = "[...it.querySelectorAll('.mine p')].at(-1)?.textContent";
        self.wait(".talk", &format!("{last}.endsWith({})", json!(text))).await?;
        self.sent().await
    }

    /// Waits until what the person wrote last, which is shown, has reached the collector.
    pub async fn sent(&self) -> Result<()> {
        self.wait(".how", "/送信済み|既読/.test(it.textContent)").await?;
        Ok(())
    }

    /// Chooses a tab of the open panel.
    pub async fn tab(&self, name: &str) -> Result<()> {
        let card = self.0.eval(&format!("return !!{}", inside(".asks .tabs"))).await?;
        self.press(if card == true { ".asks .tabs" } else { ".panel .tabs" }, name).await
    }

    /// Opens the clip of the demo's current step; nothing plays yet.
    pub async fn watch(&self, demo: &Demo) -> Result<()> {
        self.0.open(&format!("{}/users", demo.url)).await?;
        self.open().await?;
        self.press(".card", "動画で見る").await?;
        self.wait(".begin .action", "true").await?;
        Ok(())
    }

    /// Presses the button whose text contains this, in the first match. A real press: a covered button cannot be
    /// pressed.
    pub async fn press(&self, selector: &str, text: &str) -> Result<()> {
        let find = format!(
            "[...it.querySelectorAll('button, a')].find((one) => one.textContent.includes('{text}'))"
        );
        // What is not among the first ways to do a step is one press away.
        let more = "[...it.querySelectorAll('[aria-expanded=false]:not(.row)')][0]";
        self.wait(selector, &format!("!!{find} || !!{more}")).await?;
        if self.ask(selector, &format!("!{find}")).await? == true {
            self.ask(selector, &format!("{more}.setAttribute('data-more', '')")).await?;
            self.click(&format!("{selector} [data-more]")).await?;
            self.wait(selector, &format!("!!{find}")).await?;
        }
        self.ask(selector, &format!("{find}.setAttribute('data-press', '')")).await?;
        self.click(&format!("{selector} [data-press]")).await?;
        self.ask(selector, "it.querySelector('[data-press]')?.removeAttribute('data-press')").await?;
        Ok(())
    }

    /// Waits until an expression about the first match (`it`) is true.
    pub async fn wait(&self, selector: &str, expression: &str) -> Result<Value> {
        self.0.wait(&format!("((it) => it && ({expression}))({})", inside(selector))).await
    }

    /// Evaluates an expression about the first match (`it`).
    pub async fn ask(&self, selector: &str, expression: &str) -> Result<Value> {
        self.0.eval(&format!("return ((it) => it && ({expression}))({})", inside(selector))).await
    }
}

/// Signs in to the demo as one of its people.
pub async fn sign_in(demo: &Demo, browser: &Browser, user: &str) -> Result<()> {
    browser.open(&demo.url).await?;
    browser.eval(&format!("return fetch('/login', {{ method: 'POST', body: new URLSearchParams({{ user: '{user}' }}) }}).then(() => true)")).await?;
    browser.open(&demo.url).await
}

/// The console in its own browser.
pub struct Console<'a>(pub &'a Browser);

impl Console<'_> {
    /// Opens the console by a one-time link and sets a password.
    pub async fn enter(&self, link: &str) -> Result<()> {
        self.0.open(link).await?;
        self.0.wait("!!document.querySelector('input[name=email]')").await?;
        self.0.driver.find(By::Css("input[name=email]")).await?.send_keys("cs@example.com").await?;
        self.0.driver.find(By::Css("input[name=name]")).await?.send_keys("cs").await?;
        self.0.driver.find(By::Css("input[name=password]")).await?.send_keys("a good passphrase").await?;
        self.0.driver.find(By::Css("button[type=submit]")).await?.click().await?;
        self.0.wait("!!document.querySelector('[data-key=entry]')").await?;
        Ok(())
    }

    /// Returns the three numbers of a step's bar: converted, in progress, dropped.
    pub async fn bar(&self, step: &str) -> Result<[u64; 3]> {
        let script = format!("return document.querySelector('[data-key={step}] .numbers')?.innerText ?? ''");
        let text = self.0.eval(&script).await?;
        let mut numbers =
            text.as_str().unwrap_or_default().split('/').map(|part| part.trim().parse().unwrap_or(0));
        Ok([(); 3].map(|()| numbers.next().unwrap_or(0)))
    }

    /// Waits until a step's bar shows this many conversions.
    pub async fn converted(&self, step: &str, count: u64) -> Result<()> {
        self.0
            .wait(&format!("document.querySelector('[data-key={step}] .numbers b')?.innerText === '{count}'"))
            .await?;
        Ok(())
    }
}
