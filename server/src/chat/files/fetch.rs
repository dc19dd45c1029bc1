//! How a file is fetched: by an address that is good for minutes, as something to be saved.

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use protocol::Millis;
use protocol::chat::{DownloadLink, DownloadRequest};
use protocol::ids::{ConversationId, EventId, SiteKey};
use store::{Party, Site};
use tower_http::services::ServeFile;

use super::folder;
use crate::app::{App, Parts};
use crate::chat::Speaker;
use crate::chat::socket::admit;
use crate::http::{self, Refusal};
use crate::signed::Signed;

/// How long an address to fetch a file from is good, in milliseconds.
const GOOD_FOR: Millis = 5 * 60 * 1000;
/// Gives a customer an address for a file of their conversation.
///
/// # Errors
/// As for a session; `NotFound` for whatever is not theirs.
pub async fn link(
    State(app): State<App>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<DownloadLink>, Refusal> {
    let DownloadRequest { hello, c, id } = http::read_json(&headers, body).await?;
    let site = admit(&app, &hello.site, &headers).await?;
    let speaker = Speaker::greet(&app, &site, &hello)?;
    let url = address(&app, &site, &Party::Visitor(speaker.visitor), c, id).await?;
    Ok(Json(DownloadLink { url }))
}

/// An address for a file, for somebody who may read the conversation.
///
/// # Errors
/// `NotFound`.
pub async fn address(
    app: &Parts,
    site: &Site,
    party: &Party,
    c: ConversationId,
    id: EventId,
) -> Result<String, Refusal> {
    app.store.sent_file(party, c, id).await?.ok_or(Refusal::NotFound)?;
    let signed = Signed::new(site, &["file", &c.0.to_string(), &id.to_string()], app.clock.now() + GOOD_FOR);
    Ok(format!("v1/files/{}/{}/{id}?{}", site.public_key.as_str(), c.0, signed.query()))
}

/// Sends a file, to be saved. Whatever is wrong with the address, there is nothing there.
///
/// # Errors
/// `NotFound`, `TooFast`.
pub async fn fetch(
    State(app): State<App>,
    Path((key, c, id)): Path<(SiteKey, ConversationId, EventId)>,
    Query(signed): Query<Signed>,
    request: Request,
) -> Result<Response, Refusal> {
    let sites = app.sites.all().await?;
    let site = sites.iter().find(|site| site.public_key == key).ok_or(Refusal::NotFound)?;
    app.within_rate(site.id)?;
    if !signed.is_good(site, &["file", &c.0.to_string(), &id.to_string()], app.clock.now()) {
        return Err(Refusal::NotFound);
    }
    // What was erased meanwhile is gone.
    let file = app.store.sent_file(&Party::Agent(site.id), c, id).await?.ok_or(Refusal::NotFound)?;
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
    put(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    put(header::CACHE_CONTROL, "private, no-store");
    put(header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox");
    put(header::HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    Ok(response)
}
