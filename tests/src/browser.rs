//! A real Chromium, and waiting for what it shows.

use std::mem::ManuallyDrop;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use tempfile::TempDir;
use thirtyfour::prelude::*;

use crate::stack::{answers, free_port};

/// How long anything on a page may take to come true on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// A browser with a profile of its own.
pub struct Browser {
    /// The session.
    ///
    /// Not dropped: its own goodbye would wait for a chromedriver that is gone by then.
    pub driver: ManuallyDrop<WebDriver>,
    chromedriver: Child,
    profile: TempDir,
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Chromedriver does not always end its browser with itself; the profile's name finds it.
        let profile = self.profile.path().display().to_string();
        let _ = Command::new("pkill").args(["-KILL", "-f", &profile]).status();
        let _ = Command::new("kill").arg(self.chromedriver.id().to_string()).status();
        let _ = self.chromedriver.wait();
    }
}

impl Browser {
    /// A Japanese browser on a desk.
    pub async fn start() -> Result<Self> {
        Self::start_with(&["--window-size=1280,900", "--accept-lang=ja"]).await
    }

    /// A browser with arguments of the test's own.
    pub async fn start_with(arguments: &[&str]) -> Result<Self> {
        let port = free_port()?;
        let chromedriver = Command::new("/usr/bin/chromedriver")
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("cannot start chromedriver; `cargo xtask test` installs it")?;
        let url = format!("http://127.0.0.1:{port}");
        answers(&format!("{url}/status")).await?;
        let profile = tempfile::tempdir()?;
        let mut wanted = DesiredCapabilities::chrome();
        let own = format!("--user-data-dir={}", profile.path().display());
        let quiet = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--disable-quic",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
        ];
        for argument in quiet.iter().chain(arguments).chain([&own.as_str()]) {
            wanted.add_arg(argument)?;
        }
        let driver = ManuallyDrop::new(WebDriver::new(&url, wanted).await?);
        Ok(Self { driver, chromedriver, profile })
    }

    /// Opens a page.
    pub async fn open(&self, url: &str) -> Result<()> {
        Ok(self.driver.goto(url).await?)
    }

    /// Runs a script; `return` gives its value.
    pub async fn eval(&self, script: &str) -> Result<Value> {
        Ok(self.driver.execute(script, vec![]).await?.json().clone())
    }

    /// Waits until a JavaScript expression is true enough; gives its value.
    pub async fn wait(&self, expression: &str) -> Result<Value> {
        let begun = Instant::now();
        let mut last = Value::Null;
        while begun.elapsed() < PATIENCE {
            // While a page changes there may be nothing to ask.
            last = self.eval(&format!("return {expression}")).await.unwrap_or(Value::Null);
            if !matches!(last, Value::Null | Value::Bool(false)) && last != json!("") && last != json!(0) {
                return Ok(last);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        bail!("never came true: {expression} (last {last}); the page: {}", self.text().await?)
    }

    async fn text(&self) -> Result<String> {
        let inside = "return document.body.innerText + ' | ' + (document.querySelector('#tabiji')?.shadowRoot?.textContent ?? 'no widget')";
        Ok(self.eval(inside).await?.as_str().unwrap_or_default().to_owned())
    }

    /// Speaks to the browser's own tools.
    pub async fn tools(&self, command: &str, parameters: Value) -> Result<Value> {
        Ok(self.driver.cdp().send_raw(command, parameters).await?)
    }

    /// Presses keys, wherever the focus is.
    pub async fn press(&self, keys: impl Into<TypingData>) -> Result<()> {
        Ok(self.driver.action_chain().send_keys(keys).perform().await?)
    }

    /// What axe-core finds wrong with what is to be seen, by the rules of WCAG 2.2 AA: each rule with the
    /// element that breaks it.
    pub async fn accessibility_faults(&self) -> Result<Value> {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../node_modules/axe-core/axe.min.js");
        let axe = std::fs::read_to_string(&file).with_context(|| format!("{}: npm ci", file.display()))?;
        let tags = json!(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]);
        self.eval(&format!(
            "{axe}; return axe.run({{ runOnly: {tags} }}).then((found) => found.violations.flatMap((rule) =>
                 rule.nodes.map((node) => rule.id + ': ' + node.html.slice(0, 120))))"
        ))
        .await
    }

    /// Takes a picture of what is to be seen.
    pub async fn picture(&self, name: &str) -> Result<()> {
        let folder = match std::env::var_os("TABIJI_PICTURES") {
            Some(folder) => Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(folder),
            None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/pictures"),
        };
        std::fs::create_dir_all(&folder)?;
        // What still moves would be caught half-way.
        self.wait(
            "Promise.all([document, ...[...document.querySelectorAll('#tabiji, #tabiji-guide')].map((e) => e.shadowRoot)]
                .flatMap((root) => root.getAnimations()).map((a) => a.finished)).then(() => true)",
        )
        .await?;
        Ok(self.driver.screenshot(&folder.join(format!("{name}.png"))).await?)
    }
}
