//! How the collector answers at `public_url`, through whatever stands in front of it: over TLS, and with sockets.

use std::time::Duration;

use reqwest::header::{CONNECTION, ORIGIN, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, UPGRADE};
use reqwest::{Client, StatusCode};
use server::config::Config;
use store::{Site, Store};

use super::{Finding, Verdict};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(5);

pub(super) async fn examine(config: &Config, store: Option<&dyn Store>) -> Vec<Finding> {
    let mut findings = vec![Finding::of("public_url", is_safe(config))];
    // Sockets begin with HTTP/1.1, which a proxy may not offer beside HTTP/2.
    let client = match Client::builder().timeout(PATIENCE).http1_only().build() {
        Ok(client) => client,
        Err(error) => {
            findings.push(Finding::of("answer", Err(format!("no request can be made: {error}"))));
            return findings;
        }
    };
    let answers = answers(&client, config).await;
    let is_there = answers.is_ok();
    findings.push(Finding::of("answer", answers));
    let sites = match store {
        Some(store) if is_there && config.chat => store.sites().await.unwrap_or_default(),
        _ => Vec::new(),
    };
    if let Some(site) = sites.first() {
        findings.push(Finding::new("sockets", sockets(&client, config, site).await));
    }
    findings
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

/// Opens a socket as a page of the site does (RFC 6455), and closes it.
async fn sockets(client: &Client, config: &Config, site: &Site) -> Verdict {
    let url = format!("{}/v1/chat?site={}", config.public_url, site.public_key.as_str());
    let origin = site.origins.first().map_or("", String::as_str);
    let request = client.get(url).header(ORIGIN, origin).header(CONNECTION, "Upgrade");
    let request = request.header(UPGRADE, "websocket").header(SEC_WEBSOCKET_VERSION, "13");
    match request.header(SEC_WEBSOCKET_KEY, "dGFiaWppIGRvY3RvciAxMw==").send().await {
        Ok(answer) if answer.status() == StatusCode::SWITCHING_PROTOCOLS => {
            Verdict::Good("open, through whatever stands in front".to_owned())
        }
        Ok(answer) => Verdict::Note(format!(
            "refused with {}: let the proxy pass `Upgrade` and `Connection` on; until then the chat is slower",
            answer.status()
        )),
        Err(error) => Verdict::Note(format!("not open: {error}; until then the chat is slower")),
    }
}
