//! A page of a product that embeds the widget, with the content that a test needs.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Result;
use axum::Router;
use axum::http::{Uri, header};
use axum::response::{Html, IntoResponse};
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::Stack;

/// A served page; it can be changed between two visits.
pub struct HostPage {
    /// Its address.
    pub url: String,
    content: Arc<Mutex<Content>>,
    server: JoinHandle<()>,
}

struct Content {
    body: String,
    policy: String,
    /// Files beside the page: type and text, by path.
    files: BTreeMap<String, (&'static str, String)>,
}

impl Drop for HostPage {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl HostPage {
    /// Serves `body` on the port, under the content security policy `policy` when there is one.
    pub async fn start(port: u16, body: &str, policy: &str) -> Result<Self> {
        let (body, policy) = (body.to_owned(), policy.to_owned());
        let content = Arc::new(Mutex::new(Content { body, policy, files: BTreeMap::new() }));
        let shown = Arc::clone(&content);
        let page = move |uri: Uri| async move {
            let content = shown.lock().unwrap_or_else(PoisonError::into_inner);
            match content.files.get(uri.path()) {
                Some((kind, text)) => ([(header::CONTENT_TYPE, *kind)], text.clone()).into_response(),
                None => {
                    let policy = [(header::CONTENT_SECURITY_POLICY, content.policy.clone())];
                    (policy, Html(content.body.clone())).into_response()
                }
            }
        };
        let app = Router::new().route("/", get(page.clone())).route("/{*path}", get(page));
        let listener = TcpListener::bind(("127.0.0.1", port)).await?;
        let server = tokio::spawn(async move {
            // The server ends with the test.
            let _ = axum::serve(listener, app).await;
        });
        Ok(Self { url: format!("http://127.0.0.1:{port}/"), content, server })
    }

    /// Changes the page for the next visit.
    pub fn change(&self, body: &str) {
        self.content.lock().unwrap_or_else(PoisonError::into_inner).body = body.to_owned();
    }

    /// Changes the content security policy for the next visit; an empty one is none.
    pub fn change_policy(&self, policy: &str) {
        self.content.lock().unwrap_or_else(PoisonError::into_inner).policy = policy.to_owned();
    }

    /// Puts a file beside the page.
    pub fn file(&self, path: &str, kind: &'static str, text: String) {
        let mut content = self.content.lock().unwrap_or_else(PoisonError::into_inner);
        content.files.insert(path.to_owned(), (kind, text));
    }
}

/// A page with the snippet: `before` runs first, then `calls` are made through the stub.
pub fn snippet(stack: &Stack, before: &str, calls: &str) -> String {
    let (url, key) = (stack.url(), stack.key("public_key"));
    format!(
        r#"<!doctype html><html lang="ja"><head><meta charset="utf-8"><link rel="icon" href="data:,"></head><body>
<h1>Host</h1><p>Some product</p><input id="field">
<script>
window.errors = [];
addEventListener('error', (event) => errors.push(event.message));
addEventListener('unhandledrejection', (event) => errors.push(String(event.reason)));
{before}
window.tabiji = window.tabiji || function () {{ (tabiji.q = tabiji.q || []).push(arguments); }};
{calls}
</script>
<script async src="{url}/tabiji.js" data-site="{key}"></script>
</body></html>"#
    )
}

/// Returns the `identify` call with a signed token.
pub fn identify(stack: &Stack, user: &str, account: &str) -> Result<String> {
    Ok(format!("tabiji('identify', '{user}', {{ token: '{}' }});", stack.token(user, account)?))
}
