//! `POST /v1/clips`: the videos of a site with signed addresses, and how far the person watched each.
//! `GET /v1/media/{site}/{file}`: their files, whole or in ranges (RFC 9110, section 14). Decided in
//! `docs/decisions/0008-clips.md`.

use std::path::PathBuf;

use axum::Json;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use protocol::Millis;
use protocol::ids::SiteKey;
use protocol::stored::Video;
use protocol::widget::{ClipsReply, ClipsRequest};
use serde::Deserialize;
use store::{Site, SiteId};
use tower_http::services::ServeFile;

use crate::app::App;
use crate::auth::signed_url::SignedUrl;
use crate::auth::{SignedAddress, SignedPath, WidgetCaller};
use crate::config::Config;
use crate::http::{Refusal, shown};

/// Addresses are valid for one to two of these, in milliseconds.
const VALID_FOR: Millis = 12 * 60 * 60 * 1000;
/// Extensions of a clip's files.
const EXTENSIONS: [&str; 3] = [".mp4", ".vtt", ".jpg"];

/// The folder of a site's clips.
pub fn folder(config: &Config, site: SiteId) -> PathBuf {
    config.data.join("media").join(site.0.to_string())
}

/// Returns every video of the site.
///
/// # Errors
/// When the store does not answer.
pub async fn post(
    State(app): State<App>,
    WidgetCaller { site, identity, .. }: WidgetCaller<ClipsRequest>,
) -> Result<Json<ClipsReply>, Refusal> {
    let now = app.clock.now();
    let mut films = app.store.videos(site.id).await?;
    films.iter_mut().for_each(|film| sign_addresses(film, &site, now));
    let watched = app.store.watched_clips(site.id, &identity.account, &identity.user).await?;
    Ok(Json(ClipsReply { videos: films, watched }))
}

/// Replaces file names by signed addresses.
fn sign_addresses(film: &mut Video, site: &Site, now: Millis) {
    let sizes = film.renditions.iter_mut().map(|size| &mut size.file);
    let scripts = film.captions.iter_mut().map(|script| &mut script.file);
    for file in sizes.chain(scripts).chain(&mut film.poster) {
        *file = address(site, file, now);
    }
}

/// Returns the signed address of a clip's file, below the collector's own.
pub fn address(site: &Site, file: &str, now: Millis) -> String {
    let signed = SignedUrl::cacheable(site, &["media", file], now, VALID_FOR);
    format!("v1/media/{}/{file}?{}", site.public_key.as_str(), signed.query())
}

/// The path of a clip's file.
#[derive(Deserialize)]
pub struct ClipPath {
    site: SiteKey,
    file: String,
}

impl SignedPath for ClipPath {
    const IS_SHOWN: bool = true;

    fn site(&self) -> &SiteKey {
        &self.site
    }

    fn parts(&self) -> Vec<String> {
        vec!["media".to_owned(), self.file.clone()]
    }
}

/// Sends a file of a clip.
///
/// # Errors
/// `NotFound` for a name that no clip's file can have, and for a file that is not there.
pub async fn get(
    State(app): State<App>,
    SignedAddress { site, path: ClipPath { file, .. }, .. }: SignedAddress<ClipPath>,
    mut request: Request,
) -> Result<Response, Refusal> {
    if !is_name(&file) {
        return Err(Refusal::NotFound);
    }
    // The name holds a hash of the content, so it is a strong validator by itself.
    let etag = format!("\"{file}\"");
    let is_head = request.method() == Method::HEAD;
    let headers = request.headers_mut();
    let names =
        |name, held: &HeaderMap| held.get(name).is_some_and(|value| value.as_bytes() == etag.as_bytes());
    if names(header::IF_NONE_MATCH, headers) {
        return Ok(labelled(StatusCode::NOT_MODIFIED.into_response(), &etag));
    }
    // Ranges are for GET, and several may be ignored (RFC 9110, 14.2).
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
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    shown(response, etag, "private, max-age=43200, immutable")
}

/// Whether a file name is plain: nothing in it can lead out of the folder.
fn is_name(file: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'.');
    file.bytes().all(plain)
        && !file.starts_with('.')
        && !file.contains("..")
        && EXTENSIONS.iter().any(|ending| file.ends_with(ending))
}
