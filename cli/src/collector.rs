//! The collector that a command hands something to, with the site's secret key.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Error, Result, anyhow, bail, ensure};
use clap::Args;
use protocol::error::ErrorReply;
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, Method, Url};
use serde::de::DeserializeOwned;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// Where to publish, and by which right.
#[derive(Args, Debug)]
pub struct Collector {
    /// The collector's address
    #[arg(long, env = "TABIJI_PUBLIC_URL", default_value = "http://127.0.0.1:7600")]
    url: String,
    /// The site's secret key (sk_…); better given in the environment
    #[arg(long, env = "TABIJI_SECRET_KEY", hide_env_values = true)]
    key: String,
    /// A file with the certificate (PEM) of your own authority, when it vouches for the collector
    #[arg(long, env = "TABIJI_CA")]
    ca: Option<PathBuf>,
}

impl Collector {
    /// Hands something to it.
    ///
    /// # Errors
    /// Before anything is sent: an address that is none, a key that is none, a way that is open to others. After that:
    /// no answer, a redirect, or a refusal with its sentence.
    pub async fn put<T: DeserializeOwned>(&self, what: &str, body: String) -> Result<T> {
        self.ask(Method::PUT, address(&self.url, what)?, body).await
    }

    /// Deletes what a path names; its parts are escaped.
    ///
    /// # Errors
    /// As [`Self::put`].
    pub async fn delete<T: DeserializeOwned>(&self, path: &[&str]) -> Result<T> {
        let mut url = address(&self.url, "")?;
        if let Ok(mut parts) = url.path_segments_mut() {
            parts.pop_if_empty().extend(path);
        }
        self.ask(Method::DELETE, url, String::new()).await
    }

    async fn ask<T: DeserializeOwned>(&self, method: Method, url: Url, body: String) -> Result<T> {
        let key = self.key.trim();
        let is_key = key.starts_with("sk_") && key.bytes().all(|byte| byte.is_ascii_graphic());
        ensure!(
            is_key,
            "the key is no secret key of a site (sk_…): copy it again, as `tabiji site add` printed it"
        );
        let answer = self.client(&url)?.request(method, url.clone()).bearer_auth(key).body(body).send().await;
        let answer = answer.map_err(|error| unanswered(&url, error))?;
        let status = answer.status();
        if status.is_redirection() {
            let there = answer.headers().get("location").and_then(|there| there.to_str().ok());
            bail!(
                "{url} leads to {}: give that address, since a key is sent on to nobody",
                there.unwrap_or("elsewhere")
            );
        }
        if !status.is_success() {
            let fault: ErrorReply =
                answer.json().await.with_context(|| format!("{url} answered {status}"))?;
            // Another collector may listen where none was named.
            let asked = url.as_str().split("/v1/").next().unwrap_or_default();
            bail!("{asked} refused: {}: {}", fault.error.tag, fault.error.message);
        }
        answer.json().await.context("the collector's answer cannot be read")
    }

    fn client(&self, url: &Url) -> Result<Client> {
        let mut client = Client::builder().redirect(Policy::none()).timeout(PATIENCE);
        if url.scheme() == "http" {
            // What stays on this machine needs no proxy, which may be another one.
            client = client.no_proxy();
        }
        if let Some(file) = &self.ca {
            client = client.add_root_certificate(authority(file)?);
        }
        client.build().context("cannot prepare a connection")
    }
}

/// Reads the certificate of an authority.
///
/// # Errors
/// When the file cannot be read, or has none.
pub fn authority(file: &Path) -> Result<Certificate> {
    let pem = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    Certificate::from_pem(&pem).with_context(|| format!("{} is no certificate (PEM)", file.display()))
}

/// Says why there is no answer, and what to do.
fn unanswered(url: &Url, error: reqwest::Error) -> Error {
    let error = Error::new(error);
    let reason = error.chain().map(ToString::to_string).find(|one| one.contains("invalid peer certificate"));
    match reason {
        Some(reason) => anyhow!(
            "this machine does not trust the certificate of {url} ({reason}): if it is of your own authority, give \
             the authority's certificate with --ca FILE or TABIJI_CA; nothing was sent"
        ),
        None => error.context(format!("cannot reach {url}; is the collector running?")),
    }
}

/// The address of something at a collector. A secret goes over TLS, or stays on this machine.
fn address(collector: &str, what: &str) -> Result<Url> {
    let collector = collector.trim();
    let text = format!("{}/v1/{what}", collector.trim_end_matches('/'));
    let url = Url::parse(&text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    let url = url.with_context(|| {
        format!("{collector:?} is no address: write it with its scheme, such as https://help.example.com")
    })?;
    let is_here = match url.host_str().unwrap_or_default() {
        "localhost" | "[::1]" => true,
        host => host.parse::<std::net::Ipv4Addr>().is_ok_and(|address| address.is_loopback()),
    };
    ensure!(
        url.scheme() == "https" || is_here,
        "the secret key is not sent to {} over plain HTTP: use its https address",
        url.host_str().unwrap_or_default()
    );
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_goes_over_tls_or_stays_on_this_machine() {
        for (collector, expected) in [
            ("https://help.example.com/", "https://help.example.com/v1/desk"),
            ("https://help.example.com/tabiji\r\n", "https://help.example.com/tabiji/v1/desk"),
            ("http://127.0.0.1:7600", "http://127.0.0.1:7600/v1/desk"),
            ("http://localhost:7600", "http://localhost:7600/v1/desk"),
            ("http://[::1]:7600", "http://[::1]:7600/v1/desk"),
        ] {
            assert_eq!(address(collector, "desk").unwrap().as_str(), expected);
        }
        for (collector, expected) in [
            ("http://help.example.com", "over plain HTTP"),
            ("http://127.0.0.1.example.com", "over plain HTTP"),
            ("http://10.0.0.1", "over plain HTTP"),
            ("127.0.0.1:7600", "write it with its scheme"),
            ("help.example.com", "write it with its scheme"),
            ("ftp://help.example.com", "write it with its scheme"),
            ("", "write it with its scheme"),
        ] {
            let error = address(collector, "desk").unwrap_err().to_string();
            assert!(error.contains(expected), "{collector}: {error}");
        }
    }
}
