//! The first minutes of a product team: from an empty folder to a step that is ticked on a page of their own, by nothing
//! but what commands and console show.

use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use tabiji_tests::{Browser, HostPage, Stack, Widget, own_port};
use thirtyfour::prelude::*;

/// Keeps what a page's developer reads in the browser's console.
const LISTEN: &str = "window.said = []; for (const level of ['warn', 'info']) { const before = console[level]; \
    console[level] = (...words) => { said.push(words.join(' ')); before(...words); }; }";

/// The first line that contains a word, without its indentation.
fn line<'a>(text: &'a str, word: &str) -> Result<&'a str> {
    let found = text.lines().find(|line| line.contains(word));
    Ok(found.with_context(|| format!("no line has {word}: {text}"))?.trim())
}

/// Runs a command as it was printed, in a folder.
fn shell(command: &str, folder: &std::path::Path) -> Result<String> {
    let target = std::env::current_exe()?;
    let programs = target.parent().and_then(|deps| deps.parent()).context("no target folder")?;
    let path = format!("{}:{}", programs.display(), std::env::var("PATH")?);
    let output = Command::new("bash").args(["-c", command]).current_dir(folder).env("PATH", path).output()?;
    ensure!(output.status.success(), "{command}: {}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?)
}

struct Console<'a>(&'a Browser);

impl Console<'_> {
    /// Opens the printed address, which asks for an address and a password.
    async fn enter(&self, link: &str) -> Result<()> {
        let link = link.replacen("?site=", "?lang=ja&site=", 1);
        self.0.open(&link).await?;
        self.0.wait("!!document.querySelector('input[name=email]')").await?;
        for (field, text) in
            [("email", "dev@example.com"), ("name", "Dev"), ("password", "a good passphrase")]
        {
            self.0.driver.find(By::Css(format!("input[name={field}]"))).await?.send_keys(text).await?;
        }
        self.0.driver.find(By::Css("button[type=submit]")).await?.click().await?;
        self.0.wait("location.pathname === '/console/integration' && !location.hash").await?;
        Ok(())
    }

    /// Waits until so many steps are ticked, without a reload.
    async fn ticks(&self, n: usize) -> Result<()> {
        self.0.wait(&format!("document.querySelectorAll('.checks .done').length === {n}")).await?;
        Ok(())
    }

    /// Lines of the step at a place.
    async fn code(&self, step: usize, n: usize) -> Result<String> {
        let text = format!(
            "document.querySelectorAll('.checks > li')[{step}].querySelectorAll('pre')[{n}].textContent"
        );
        Ok(self.0.wait(&text).await?.as_str().unwrap_or_default().to_owned())
    }

    /// The command beside a refusal.
    async fn remedy(&self, tag: &str) -> Result<String> {
        let text = format!("document.querySelector('.refusals [data-tag={tag}] pre')?.textContent");
        Ok(self.0.wait(&text).await?.as_str().unwrap_or_default().to_owned())
    }
}

fn page(tag: &str, identify: &str) -> String {
    format!(
        "<!doctype html><html lang=\"ja\"><head><meta charset=\"utf-8\"><title>Own page</title>\
         <link rel=\"icon\" href=\"data:,\"></head><body><h1>Own page</h1>\n{identify}\n{tag}\n</body></html>"
    )
}

async fn developer() -> Result<Browser> {
    let browser = Browser::start().await?;
    browser.tools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": LISTEN })).await?;
    Ok(browser)
}

async fn said(browser: &Browser, what: &str) -> Result<()> {
    browser.wait(&format!("said.some((text) => text.startsWith('[tabiji] {what}'))")).await?;
    Ok(())
}

#[tokio::test]
async fn a_step_of_an_own_page_is_ticked_by_following_what_is_printed() -> Result<()> {
    let begun = Instant::now();
    let stack = Stack::start_empty().await?;
    let port = own_port()?;
    let listed = format!("http://127.0.0.1:{port}");
    let printed = stack.tabiji(&["site", "add", "myapp", "--origin", &listed])?;
    let tag = line(&printed, "<script async")?;
    let own = HostPage::start(port, &page(tag, ""), "").await?;
    let (cs, dev) = (Browser::start().await?, developer().await?);
    let console = Console(&cs);
    console.enter(line(&printed, "/console/integration")?).await?;
    console.ticks(1).await?;
    cs.picture("integration-begin-ja").await?;

    dev.open(&own.url).await?;
    console.ticks(2).await?;
    let commands = console.code(2, 0).await?;
    shell(line(&commands, "flow new")?, stack.data())?;
    let publish = line(&printed, "tabiji publish")?;
    ensure!(publish.ends_with(line(&commands, "publish")?.trim_end_matches(" --key sk_…")), "{commands}");
    shell(publish, stack.data())?;
    console.ticks(3).await?;

    dev.driver.refresh().await?;
    let widget = Widget(&dev);
    widget.open().await?;
    let confirm = "[...it.querySelectorAll('button')].find((one) => one.textContent === '完了にする')";
    widget.wait(".card", &format!("!!{confirm}")).await?;
    dev.eval(&format!(
        "const it = document.querySelector('#tabiji').shadowRoot.querySelector('.card'); {confirm}.click()"
    ))
    .await?;
    widget.wait(".row.done", "!!it").await?;
    eprintln!("from init to the first ticked step of an own page: {:.1} s", begun.elapsed().as_secs_f64());
    said(&dev, "guest: no identity token").await?;

    let token = shell(&with_data(&console.code(3, 0).await?, &stack), stack.data())?;
    let call = console.code(3, 1).await?.replace("eyJ…", token.trim());
    own.change(&page(tag, &call));
    dev.driver.refresh().await?;
    console.ticks(4).await?;
    let secret = line(&printed, "secret_key")?.split_whitespace().nth(1).context("no secret key")?.to_owned();
    shell(&console.code(4, 0).await?.replace("sk_…", &secret), stack.data())?;
    console.ticks(5).await?;
    cs.wait("document.querySelector('#works').textContent === 'すべて動いています。'").await?;
    assert_eq!(cs.accessibility_faults().await?, json!([]));
    cs.picture("integration-whole-ja").await?;
    Ok(())
}

/// A printed command, at the data folder of this test.
fn with_data(command: &str, stack: &Stack) -> String {
    format!("{command} --data {}", stack.data().display())
}

#[tokio::test]
async fn a_refusal_is_read_in_the_browser_and_in_the_console_with_the_command_that_helps() -> Result<()> {
    let stack = Stack::start_empty().await?;
    let port = own_port()?;
    let printed = stack.tabiji(&["site", "add", "myapp", "--origin", &format!("http://127.0.0.1:{port}")])?;
    let tag = line(&printed, "<script async")?;
    let listen = "<script>window.tabiji = window.tabiji || function () { (tabiji.q = tabiji.q || []).push(arguments) };\n\
        window.failed = []; tabiji('on', 'error', (error) => failed.push(error)); CALL</script>";
    let calling = |call: &str| page(tag, &listen.replace("CALL", call));
    let own = HostPage::start(port, &calling(""), "").await?;
    let (cs, dev) = (Browser::start().await?, developer().await?);
    let console = Console(&cs);
    console.enter(line(&printed, "/console/integration")?).await?;

    // The same page by another name is another origin.
    let elsewhere = format!("http://localhost:{port}/");
    dev.open(&elsewhere).await?;
    said(&dev, "foreign_origin: This page").await?;
    let failed = dev.wait("failed[0]").await?;
    assert_eq!(failed["tag"], "foreign_origin");
    ensure!(failed["message"].as_str().is_some_and(|text| text.contains("tabiji site set")), "{failed}");
    let remedy = console.remedy("foreign_origin").await?;
    assert_eq!(remedy, format!("tabiji site set myapp --origin http://localhost:{port}"));
    cs.picture("integration-refused-ja").await?;
    assert_eq!(cs.accessibility_faults().await?, json!([]));
    let doctor = stack.tabiji(&["doctor"]).unwrap_or_else(|error| error.to_string());
    ensure!(doctor.contains(&remedy), "{doctor}");
    shell(&with_data(&remedy, &stack), stack.data())?;
    dev.driver.refresh().await?;
    console.ticks(2).await?;

    // A token as it stands in the documents, and one of another site.
    for (token, why) in
        [("eyJ…".to_owned(), "it is no JWT"), (of_another_site(&stack)?, "its signature does not fit")]
    {
        own.change(&calling(&format!("tabiji('identify', 'user-1', {{ token: '{token}' }});")));
        dev.open(&elsewhere).await?;
        said(&dev, &format!("bad_token: The identity token is refused: {why}")).await?;
        assert_eq!(dev.wait("failed[0].tag").await?, Value::from("bad_token"));
    }
    ensure!(console.remedy("bad_token").await?.starts_with("tabiji token --site myapp"));
    Ok(())
}

fn of_another_site(stack: &Stack) -> Result<String> {
    stack.tabiji(&["site", "add", "other", "--origin", "https://other.example.com"])?;
    Ok(stack.tabiji(&["token", "--site", "other", "--user", "u", "--account", "a"])?.trim().to_owned())
}
