//! How the collector answers at `public_url`: whether it is there, and whether strangers can listen in. What a proxy in
//! front of it does to the rest is [`super::proxy`].

use std::path::Path;
use std::time::Duration;

use anyhow::Result;
use reqwest::Client;
use server::config::Config;
use store::Store;

use super::{Finding, proxy};
use crate::collector::authority;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(5);

pub(super) async fn examine(config: &Config, store: Option<&dyn Store>) -> Vec<Finding> {
    let mut findings = vec![Finding::of("public_url", is_safe(config))];
    let client = match client() {
        Ok(client) => client,
        Err(error) => {
            findings.push(Finding::of("answer", Err(format!("no request can be made: {error:#}"))));
            return findings;
        }
    };
    let answers = answers(&client, config).await;
    let is_there = answers.is_ok();
    findings.push(Finding::of("answer", answers));
    if is_there {
        findings.extend(proxy::examine(&client, config, store).await);
    }
    findings
}

/// What asks: it trusts the authority that the other commands trust (`TABIJI_CA`).
fn client() -> Result<Client> {
    // Sockets begin with HTTP/1.1, which a proxy may not offer beside HTTP/2.
    let mut client = Client::builder().timeout(PATIENCE).http1_only();
    if let Some(file) = std::env::var_os("TABIJI_CA").filter(|file| !file.is_empty()) {
        client = client.add_root_certificate(authority(Path::new(&file))?);
    }
    Ok(client.build()?)
}

/// Checks that strangers cannot listen in.
fn is_safe(config: &Config) -> Result<String, String> {
    let url = &config.public_url;
    if config.is_https() || url.contains("127.0.0.1") || url.contains("localhost") {
        Ok(url.clone())
    } else {
        Err(format!("{url} is not https: put a TLS proxy in front and set public_url"))
    }
}

async fn answers(client: &Client, config: &Config) -> Result<String, String> {
    let url = format!("{}/health/live", config.public_url);
    let answer = client.get(&url).send().await.map_err(|error| {
        // Its last cause names the certificate or the address.
        let mut why: &dyn std::error::Error = &error;
        while let Some(cause) = why.source() {
            why = cause;
        }
        format!("{url} cannot be reached from here: {why}")
    })?;
    let status = answer.status();
    let said = answer.text().await.unwrap_or_default();
    if status.is_success() && said == "ok" {
        Ok(format!("{} answers", config.public_url))
    } else {
        Err(format!(
            "{url} answers {status}, and not as a collector: does the proxy lead here, with its path?"
        ))
    }
}
