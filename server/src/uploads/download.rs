//! How a file is fetched: by a signed address that expires within minutes, to be saved and never shown as a page.

use axum::Json;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use protocol::Millis;
use protocol::chat::{DownloadLink, DownloadRequest};
use protocol::ids::{ConversationId, EventId, SiteKey};
use serde::Deserialize;
use store::{Party, Site};
use tower_http::services::ServeFile;

use super::folder;
use crate::app::{App, AppInner};
use crate::auth::signed_url::SignedUrl;
use crate::auth::{SignedAddress, SignedPath, WidgetCaller};
use crate::http::Refusal;

/// How long an address is valid, in milliseconds: five minutes.
const VALID_FOR: Millis = 5 * 60 * 1000;

/// Gives a customer an address for a file of one of their conversations.
///
/// # Errors
/// `NotFound` for files of others, too.
pub async fn link(
    State(app): State<App>,
    WidgetCaller { site, identity, body: DownloadRequest { conversation, id, .. }, .. }: WidgetCaller<
        DownloadRequest,
    >,
) -> Result<Json<DownloadLink>, Refusal> {
    let url = signed_url(&app, &site, &Party::Visitor(identity.visitor(site.id)), conversation, id).await?;
    Ok(Json(DownloadLink { url }))
}

/// Returns an address for a file, when the party may read the conversation.
///
/// # Errors
/// `NotFound`.
pub async fn signed_url(
    app: &AppInner,
    site: &Site,
    party: &Party,
    conversation: ConversationId,
    id: EventId,
) -> Result<String, Refusal> {
    app.store.sent_file(party, conversation, id).await?.ok_or(Refusal::NotFound)?;
    let signed = SignedUrl::new(
        site,
        &["file", &conversation.0.to_string(), &id.to_string()],
        app.clock.now() + VALID_FOR,
    );
    Ok(format!("v1/files/{}/{}/{id}?{}", site.public_key.as_str(), conversation.0, signed.query()))
}

/// The path of a file of a conversation.
#[derive(Deserialize)]
pub struct DownloadPath {
    site: SiteKey,
    conversation: ConversationId,
    id: EventId,
}

impl SignedPath for DownloadPath {
    fn site(&self) -> &SiteKey {
        &self.site
    }

    fn parts(&self) -> Vec<String> {
        vec!["file".to_owned(), self.conversation.0.to_string(), self.id.to_string()]
    }
}

/// Sends a file, to be saved.
///
/// # Errors
/// `NotFound` when the file was erased since the address was made.
pub async fn get(
    State(app): State<App>,
    SignedAddress { site, path: DownloadPath { conversation, id, .. }, .. }: SignedAddress<DownloadPath>,
    request: Request,
) -> Result<Response, Refusal> {
    let file =
        app.store.sent_file(&Party::Agent(site.id), conversation, id).await?.ok_or(Refusal::NotFound)?;
    let path = folder(&app.config, site.id).join(id.to_string());
    let answer = ServeFile::new(path).try_call(request).await.map_err(|_| Refusal::NotFound)?;
    if answer.status() == StatusCode::NOT_FOUND {
        return Err(Refusal::NotFound);
    }
    let mut response = answer.map(Body::new).into_response();
    let headers = response.headers_mut();
    let name = utf8_percent_encode(&file.name, NON_ALPHANUMERIC);
    // RFC 6266 with RFC 8187.
    let disposition = HeaderValue::from_str(&format!("attachment; filename*=UTF-8''{name}"));
    headers.insert(header::CONTENT_DISPOSITION, disposition.map_err(|_| Refusal::Failed)?);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_str(&file.kind).map_err(|_| Refusal::Failed)?);
    let mut put = |name, value| headers.insert(name, HeaderValue::from_static(value));
    put(header::CACHE_CONTROL, "private, no-store");
    put(header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox");
    // No page of another origin shows it.
    put(header::HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    Ok(response)
}
