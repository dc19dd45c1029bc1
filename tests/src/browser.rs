//! Real browsers, and waiting for what they show.

use std::io::{BufRead, BufReader};
use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use tempfile::TempDir;
use thirtyfour::prelude::*;

use crate::port::own_port;
use crate::stack::answers;

/// How long a condition on a page may take to become true on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// A browser engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Chromium: Chrome, Edge, Android.
    Blink,
    /// Firefox.
    Gecko,
    /// GTK's MiniBrowser: the engine of Safari.
    WebKit,
}

/// A browser with its own profile.
pub struct Browser {
    /// The WebDriver session.
    ///
    /// Never dropped: dropping it would wait for a driver that has already been stopped.
    pub driver: ManuallyDrop<WebDriver>,
    /// The driver and the programs it needs; the last one is stopped first.
    programs: Vec<Child>,
    profile: TempDir,
}

impl Drop for Browser {
    fn drop(&mut self) {
        // A driver does not always stop its browser; the profile's name identifies it.
        let profile = self.profile.path().display().to_string();
        let _ = Command::new("pkill").args(["-KILL", "-f", &profile]).status();
        for program in self.programs.iter_mut().rev() {
            let _ = Command::new("kill").arg(program.id().to_string()).status();
            let _ = program.wait();
        }
    }
}

impl Browser {
    /// Starts a Japanese Chromium with a desktop's window.
    pub async fn start() -> Result<Self> {
        Self::start_with(&["--window-size=1280,900", "--accept-lang=ja"]).await
    }

    /// Starts a Japanese Chromium as a phone of this width, which is touched.
    pub async fn start_phone(width: u32) -> Result<Self> {
        let browser = Self::start_with(&["--window-size=500,900", "--accept-lang=ja"]).await?;
        let phone = json!({ "width": width, "height": 844, "deviceScaleFactor": 2, "mobile": true });
        browser.tools("Emulation.setDeviceMetricsOverride", phone).await?;
        browser.tools("Emulation.setTouchEmulationEnabled", json!({ "enabled": true })).await?;
        Ok(browser)
    }

    /// Starts Chromium with these arguments.
    pub async fn start_with(arguments: &[&str]) -> Result<Self> {
        let profile = tempfile::tempdir()?;
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
        let arguments: Vec<&str> = quiet.iter().chain(arguments).copied().chain([own.as_str()]).collect();
        // The driver would let every page open windows as it likes.
        let options = json!({ "args": arguments, "excludeSwitches": ["disable-popup-blocking"] });
        let wanted = json!({ "browserName": "chrome", "goog:chromeOptions": options });
        Self::drive(Command::new("/usr/bin/chromedriver"), wanted, profile, Vec::new()).await
    }

    /// Starts a Japanese browser with another engine.
    pub async fn with(engine: Engine) -> Result<Self> {
        let profile = tempfile::tempdir()?;
        match engine {
            Engine::Blink => Self::start().await,
            Engine::Gecko => {
                let options = json!({
                    "args": ["-headless", "-profile", profile.path()],
                    "prefs": { "intl.accept_languages": "ja" },
                });
                let wanted = json!({ "browserName": "firefox", "moz:firefoxOptions": options });
                let driver = tool("geckodriver");
                Self::drive(Command::new(driver), wanted, profile, Vec::new()).await
            }
            Engine::WebKit => {
                let (screen, display) = screen()?;
                let folder = "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser";
                let options = json!({ "binary": folder, "args": ["--automation"] });
                let wanted = json!({ "browserName": "MiniBrowser", "webkitgtk:browserOptions": options });
                let mut driver = Command::new("/usr/bin/WebKitWebDriver");
                driver.env("DISPLAY", display).env("LANG", "ja_JP.UTF-8").env("HOME", profile.path());
                // Chromium refuses a sandbox for root.
                driver.env("WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS", "1");
                Self::drive(driver, wanted, profile, vec![screen]).await
            }
        }
    }

    async fn drive(
        mut driver: Command,
        wanted: Value,
        profile: TempDir,
        mut programs: Vec<Child>,
    ) -> Result<Self> {
        let port = own_port()?;
        let name = driver.get_program().to_string_lossy().into_owned();
        let driver = driver.arg(format!("--port={port}")).stdout(Stdio::null()).stderr(Stdio::null());
        programs.push(
            driver.spawn().with_context(|| format!("cannot start {name}; `cargo xtask test` installs it"))?,
        );
        let url = format!("http://127.0.0.1:{port}");
        answers(&format!("{url}/status")).await?;
        let Value::Object(wanted) = wanted else { bail!("capabilities are an object") };
        let driver = ManuallyDrop::new(WebDriver::new(&url, Capabilities::from(wanted)).await?);
        Ok(Self { driver, programs, profile })
    }

    /// Opens a page.
    pub async fn open(&self, url: &str) -> Result<()> {
        Ok(self.driver.goto(url).await?)
    }

    /// Runs a script and returns the value of its `return`.
    pub async fn eval(&self, script: &str) -> Result<Value> {
        Ok(self.driver.execute(script, vec![]).await?.json().clone())
    }

    /// Waits until a JavaScript expression is truthy and returns its value.
    pub async fn wait(&self, expression: &str) -> Result<Value> {
        let begun = Instant::now();
        let mut last = Value::Null;
        while begun.elapsed() < PATIENCE {
            // A page that is being replaced has no context to evaluate in.
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

    /// Sends a command of the Chrome DevTools protocol.
    pub async fn tools(&self, command: &str, parameters: Value) -> Result<Value> {
        Ok(self.driver.cdp().send_raw(command, parameters).await?)
    }

    /// From the next page on, the clock is ahead by the milliseconds of `localStorage.ahead`.
    pub async fn clock_by_storage(&self) -> Result<()> {
        let source = "const real = Date.now; Date.now = () => real() + Number(localStorage.ahead ?? 0)";
        self.tools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": source })).await?;
        Ok(())
    }

    /// Presses keys in the focused element.
    pub async fn press(&self, keys: impl Into<TypingData>) -> Result<()> {
        Ok(self.driver.action_chain().send_keys(keys).perform().await?)
    }

    /// Returns axe-core's violations of WCAG 2.2 AA and of its rules for landmarks on the page: each rule with the
    /// element that breaks it.
    pub async fn accessibility_faults(&self) -> Result<Value> {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../node_modules/axe-core/axe.min.js");
        let axe = std::fs::read_to_string(&file).with_context(|| format!("{}: npm ci", file.display()))?;
        let tags = json!(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]);
        // What the widget adds to a host page must not be one of its landmarks.
        let rules = json!({ "landmark-no-duplicate-banner": { "enabled": true }, "landmark-banner-is-top-level": { "enabled": true } });
        self.eval(&format!(
            "{axe}; return axe.run({{ runOnly: {tags}, rules: {rules} }}).then((found) => found.violations.flatMap((rule) =>
                 rule.nodes.map((node) => rule.id + ': ' + node.html.slice(0, 120))))"
        ))
        .await
    }

    /// Takes a picture of the window.
    pub async fn picture(&self, name: &str) -> Result<()> {
        let folder = match std::env::var_os("TABIJI_PICTURES") {
            Some(folder) => Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(folder),
            None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/pictures"),
        };
        std::fs::create_dir_all(&folder)?;
        // Animations would be caught half-way.
        self.wait(
            "Promise.all([document, ...[...document.querySelectorAll('#tabiji, #tabiji-guide')].map((e) => e.shadowRoot)]
                .flatMap((root) => root.getAnimations()).map((a) => a.finished)).then(() => true)",
        )
        .await?;
        Ok(self.driver.screenshot(&folder.join(format!("{name}.png"))).await?)
    }
}

/// A program that `cargo xtask test` installed into the project.
fn tool(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../.tools/bin").join(name)
}

/// Starts a virtual screen for a browser that has no headless mode; returns its name, too.
fn screen() -> Result<(Child, String)> {
    let mut screen = Command::new("/usr/bin/Xvfb")
        .args(["-displayfd", "1", "-screen", "0", "1280x900x24", "-nolisten", "tcp"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .context("cannot start Xvfb; `cargo xtask test` installs it")?;
    let mut number = String::new();
    BufReader::new(screen.stdout.take().context("the screen has no output")?).read_line(&mut number)?;
    Ok((screen, format!(":{}", number.trim())))
}
