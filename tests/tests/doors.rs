//! The console's door: codes, browsers, and what an agent of one site sees.

use anyhow::Result;
use serde_json::json;
use tabiji_tests::{Browser, Stack};
use thirtyfour::prelude::*;
use totp_rs::{Builder, Secret};

async fn fill(browser: &Browser, field: &str, text: &str) -> Result<()> {
    browser.wait(&format!("!!document.querySelector('{field}')")).await?;
    Ok(browser.driver.find(By::Css(field)).await?.send_keys(text).await?)
}

/// The code that an authenticator shows, a step later than the last one that was used.
fn code(secret: &str, later: u64) -> Result<String> {
    let totp = Builder::new().with_secret(Secret::try_from_base32(secret)?).build()?;
    Ok(totp.generate(tabiji_tests::now().unsigned_abs() / 1000 + 30 * later).to_string())
}

/// C13: codes are switched on with an authenticator, asked for at the next sign-in, and browsers can be signed out
/// from elsewhere.
#[tokio::test]
async fn c13_s15_codes_are_asked_for_browsers_signed_out_and_both_are_in_the_log() -> Result<()> {
    let (stack, _) = Stack::start(1).await?;
    let (first, second) = (Browser::start().await?, Browser::start().await?);
    first.open(&stack.link()?).await?;
    fill(&first, "input[name=email]", "cs@example.com").await?;
    fill(&first, "input[name=name]", "佐藤").await?;
    fill(&first, "input[name=password]", "a good passphrase").await?;
    first.driver.find(By::Css("button[type=submit]")).await?.click().await?;
    first.wait("!!document.querySelector('a[href=\"/console/security\"]')").await?;
    first.open(&format!("{}/console/security?lang=ja", stack.url())).await?;
    first.wait("!!document.querySelector('.codes .action')").await?;
    fill(&first, ".codes input", "a good passphrase").await?;
    first.driver.find(By::Css(".codes .action")).await?.click().await?;
    let secret = first.wait("document.querySelector('.codes code')?.textContent").await?;
    let secret = secret.as_str().unwrap_or_default().to_owned();
    assert_eq!(first.accessibility_faults().await?, json!([]));
    first.picture("security-ja").await?;
    fill(&first, ".codes input", "000000").await?;
    first.driver.find(By::Css(".codes form .action")).await?.click().await?;
    first.wait("document.querySelector('.codes .wrong')?.textContent.startsWith('コードが違うか')").await?;
    first.driver.find(By::Css(".codes input")).await?.clear().await?;
    fill(&first, ".codes input", &code(&secret, 0)?).await?;
    first.driver.find(By::Css(".codes form .action")).await?.click().await?;
    first
        .wait("document.querySelector('.codes .facts')?.textContent.startsWith('パスワードに加えて')")
        .await?;
    // Elsewhere the password alone opens nothing.
    second.open(&format!("{}/console?lang=ja", stack.url())).await?;
    fill(&second, "input[name=email]", "cs@example.com").await?;
    fill(&second, "input[name=password]", "a good passphrase").await?;
    second.driver.find(By::Css("button[type=submit]")).await?.click().await?;
    fill(&second, "input[name=code]", &code(&secret, 1)?).await?;
    second.picture("sign-in-code-ja").await?;
    second.driver.find(By::Css("button[type=submit]")).await?.click().await?;
    second.wait("!!document.querySelector('.rail')").await?;
    // It is seen, and ended, from the first one.
    first.driver.refresh().await?;
    first.wait("document.querySelectorAll('.report tbody tr').length === 2").await?;
    first.driver.find(By::Css(".report tbody button")).await?.click().await?;
    first.wait("document.querySelectorAll('.report tbody tr').length === 1").await?;
    second.driver.refresh().await?;
    second.wait("!!document.querySelector('.door')").await?;
    // An administrator reads what happened.
    first.driver.find(By::Css(".more-log")).await?.click().await?;
    let log = "[...document.querySelectorAll('.security-log tbody th')].map((cell) => cell.textContent)";
    for what in ["2段階認証を有効化", "リンクによるパスワード設定", "サインアウト"]
    {
        first.wait(&format!("({log}).includes('{what}')")).await?;
    }
    assert_eq!(first.accessibility_faults().await?, json!([]));
    Ok(())
}

/// C6: an agent of one site sees that site, and nothing says that there are others.
#[tokio::test]
async fn c6_an_agent_of_one_site_sees_that_site() -> Result<()> {
    let (stack, _) = Stack::start(1).await?;
    stack.tabiji(&["site", "add", "other", "--origin", "https://other.example.com"])?;
    let link = stack.tabiji(&["link", "--site", "other", "--public-url", &stack.url()])?;
    assert!(stack.tabiji(&["link", "--site", "nowhere"]).is_err());
    let agent = Browser::start().await?;
    agent.open(link.trim()).await?;
    fill(&agent, "input[name=email]", "agent@example.com").await?;
    fill(&agent, "input[name=name]", "鈴木").await?;
    fill(&agent, "input[name=password]", "a good passphrase").await?;
    agent.driver.find(By::Css("button[type=submit]")).await?.click().await?;
    agent.wait("!!document.querySelector('.rail select')").await?;
    let sites = agent
        .eval("return [...document.querySelectorAll('.rail select option')].map((one) => one.textContent)")
        .await?;
    assert_eq!(sites, json!(["other"]));
    assert!(stack.tabiji(&["operator", "list"])?.contains("agent@example.com                other"));
    let status = |path: String| format!("return fetch('{path}').then((answer) => answer.status)");
    let inbox = format!("/api/inbox?site={}", stack.key("public_key"));
    assert_eq!(agent.eval(&status(inbox.clone())).await?, json!(404));
    stack.tabiji(&["operator", "set", "Agent@example.com"])?;
    assert_eq!(agent.eval(&status(inbox.clone())).await?, json!(200));
    stack.tabiji(&["operator", "remove", "agent@example.com"])?;
    assert_eq!(agent.eval(&status(inbox)).await?, json!(401));
    Ok(())
}
