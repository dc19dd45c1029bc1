//! What stands in front of the collector does to what is more than a request and its answer: sockets, streams, and a
//! console below a path. Proxies do it by their defaults, so each finding says what to set.

use std::time::Instant;

use reqwest::header::{CONNECTION, CONTENT_TYPE, ORIGIN, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, UPGRADE};
use reqwest::{Client, StatusCode, Url};
use server::config::Config;
use server::web::assets;
use server::web::health::BEAT;
use store::{Site, Store};

use super::{Finding, Verdict};

pub(super) async fn examine(client: &Client, config: &Config, store: Option<&dyn Store>) -> Vec<Finding> {
    let mut findings = vec![Finding::of("streams", streams(client, config).await)];
    if assets::are_built() {
        findings.push(Finding::of("console", console(client, config).await));
    }
    let sites = match store {
        Some(store) if config.chat => store.sites().await.unwrap_or_default(),
        _ => Vec::new(),
    };
    if let Some(site) = sites.first() {
        findings.push(Finding::new("sockets", sockets(client, config, site).await));
    }
    findings
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

/// Reads a stream of two events, and looks whether the first one came before the second was sent.
async fn streams(client: &Client, config: &Config) -> Result<String, String> {
    let url = format!("{}/health/stream", config.public_url);
    let broken = |error: reqwest::Error| {
        format!("a stream is cut off ({error}): let the proxy keep answers open that go on for a while")
    };
    let mut answer = client.get(url).send().await.map_err(broken)?;
    if !answer.status().is_success() {
        return Err(format!("a stream is refused with {}: does the proxy lead here?", answer.status()));
    }
    let mut first = None;
    while answer.chunk().await.map_err(broken)?.is_some() {
        first.get_or_insert_with(Instant::now);
    }
    match first {
        Some(first) if first.elapsed() > BEAT / 2 => Ok("each event comes when it is sent".to_owned()),
        _ => Err(HELD_BACK.to_owned()),
    }
}

const HELD_BACK: &str = "held back until they end, so that chat and live pages stand still: let the proxy send on what \
                         comes (nginx: `proxy_buffering off`, and no `proxy_ignore_headers X-Accel-Buffering`), and \
                         compress no text/event-stream";

/// Looks whether the console's page finds its own files: the page says below which path, and the collector knows that
/// from `public_url`.
async fn console(client: &Client, config: &Config) -> Result<String, String> {
    let broken = |error: reqwest::Error| format!("it cannot be fetched: {error}");
    let url = format!("{}/console", config.public_url);
    let page = client.get(&url).send().await.map_err(broken)?;
    if !page.status().is_success() {
        return Err(format!("{url} answers {}: does the proxy lead here?", page.status()));
    }
    let page = page.text().await.map_err(broken)?;
    let Some(file) = first_file(&url, &page) else {
        return Err(format!("{url} is another page: does the proxy lead here?"));
    };
    let found = client.get(file.clone()).send().await.map_err(broken)?;
    // Whatever else is at the root of the host may answer with a page, or with nothing.
    let kind = found.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if found.status().is_success() && (kind.contains("css") || kind.contains("javascript")) {
        return Ok("it finds its files".to_owned());
    }
    Err(format!(
        "the page looks for {file}, which is no file of the console: start the collector with public_url = \"{}\"",
        config.public_url
    ))
}

/// Where the console's page, fetched from `url`, looks for the first of its files.
fn first_file(url: &str, page: &str) -> Option<Url> {
    let (_, rest) = page.split_once("<base href=\"")?;
    let (base, rest) = rest.split_once('"')?;
    let file = rest.split('"').find(|text| text.starts_with("assets/"))?;
    Url::parse(url).ok()?.join(base).ok()?.join(file).ok()
}
