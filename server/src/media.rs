//! `POST /v1/clips`: the films of a site with addresses that are good for hours, and how far the person
//! watched. `GET /v1/media/{site}/{file}`: their files, whole or in ranges (RFC 9110, section 14).

use std::path::PathBuf;

use axum::Json;
use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use protocol::Millis;
use protocol::ids::SiteKey;
use protocol::stored::Video;
use protocol::widget::{ClipsReply, ClipsRequest};
use store::{Site, SiteId};
use tower_http::services::ServeFile;

use crate::app::App;
use crate::config::Config;
use crate::http::{self, Refusal, origin};
use crate::session;
use crate::signed::Signed;

/// Addresses are good for one to two of these, and the same for all of one: browsers keep what they have.
const GOOD_FOR: Millis = 12 * 60 * 60 * 1000;
/// What can be a file of a clip.
const ENDINGS: [&str; 3] = [".mp4", ".vtt", ".jpg"];

/// The folder of a site's files.
pub(crate) fn folder(config: &Config, site: SiteId) -> PathBuf {
    config.data.join("media").join(site.0.to_string())
}

/// Answers with everything that a shelf needs.
///
/// # Errors
/// See [`Refusal`].
pub async fn clips(
    State(app): State<App>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<ClipsReply>, Refusal> {
    let request: ClipsRequest = http::read_json(&headers, body).await?;
    let (site, identity) = session::admit(&app, &headers, &request).await?;
    let until = (app.clock.now() / GOOD_FOR + 2) * GOOD_FOR;
    let mut films = app.store.videos(site.id).await?;
    films.iter_mut().for_each(|film| address(film, &site, until));
    let watched = app.store.watched_clips(site.id, &identity.account, &identity.user).await?;
    Ok(Json(ClipsReply { films, watched }))
}

/// Puts signed addresses in the place of file names.
fn address(film: &mut Video, site: &Site, until: Millis) {
    let sizes = film.sizes.iter_mut().map(|size| &mut size.file);
    let scripts = film.scripts.iter_mut().map(|script| &mut script.file);
    for file in sizes.chain(scripts).chain(&mut film.poster) {
        let signed = Signed::new(site, &["media", file], until);
        *file = format!("v1/media/{}/{file}?{}", site.public_key.as_str(), signed.query());
    }
}

/// Sends a file of a clip. Whatever is wrong with the address, there is nothing there.
///
/// # Errors
/// `NotFound`, `TooFast`, and `ForeignOrigin` for a page of another product.
pub async fn file(
    State(app): State<App>,
    Path((key, file)): Path<(SiteKey, String)>,
    signed: Result<Query<Signed>, QueryRejection>,
    mut request: Request,
) -> Result<Response, Refusal> {
    let sites = app.sites.all().await?;
    let site = sites.iter().find(|site| site.public_key == key).ok_or(Refusal::NotFound)?;
    if request.headers().contains_key(header::ORIGIN) {
        origin::check(site, request.headers())?;
    }
    app.within_rate(site.id)?;
    let Query(signed) = signed.map_err(|_| Refusal::NotFound)?;
    if !signed.is_good(site, &["media", &file], app.clock.now()) || !is_name(&file) {
        return Err(Refusal::NotFound);
    }
    // The name holds a hash of the content, so it says all that a browser wants to know.
    let etag = format!("\"{file}\"");
    let is_head = request.method() == Method::HEAD;
    let headers = request.headers_mut();
    let names =
        |name, held: &HeaderMap| held.get(name).is_some_and(|value| value.as_bytes() == etag.as_bytes());
    if names(header::IF_NONE_MATCH, headers) {
        return Ok(labelled(StatusCode::NOT_MODIFIED.into_response(), &etag));
    }
    // A range is for GET, and one is enough (RFC 9110, 14.2).
    let several = headers.get(header::RANGE).is_some_and(|range| range.as_bytes().contains(&b','));
    if several || is_head {
        headers.remove(header::RANGE);
    }
    if headers.contains_key(header::IF_RANGE) && !names(header::IF_RANGE, headers) {
        headers.remove(header::RANGE);
    }
    for condition in [header::IF_MODIFIED_SINCE, header::IF_UNMODIFIED_SINCE, header::IF_MATCH] {
        headers.remove(condition);
    }
    let path = folder(&app.config, site.id).join(&file);
    let answer = ServeFile::new(path).try_call(request).await.map_err(|_| Refusal::NotFound)?;
    if answer.status() == StatusCode::NOT_FOUND {
        return Err(Refusal::NotFound);
    }
    Ok(labelled(answer.map(Body::new), &etag))
}

fn labelled(mut response: Response, etag: &str) -> Response {
    let headers = response.headers_mut();
    headers.remove(header::LAST_MODIFIED);
    if let Ok(etag) = HeaderValue::from_str(etag) {
        headers.insert(header::ETAG, etag);
    }
    let mut put = |name, value| headers.insert(name, HeaderValue::from_static(value));
    put(header::ACCEPT_RANGES, "bytes");
    put(header::CACHE_CONTROL, "private, max-age=43200, immutable");
    put(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    // Host pages that isolate themselves may show it.
    put(header::HeaderName::from_static("cross-origin-resource-policy"), "cross-origin");
    response
}

/// Plain names only: nothing that could lead out of the folder.
pub(crate) fn is_name(file: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'.');
    file.bytes().all(plain)
        && !file.starts_with('.')
        && !file.contains("..")
        && ENDINGS.iter().any(|ending| file.ends_with(ending))
}
