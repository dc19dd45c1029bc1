//! The loader, the widget's parts and the console, as browsers get them.

use std::borrow::Cow;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rust_embed::EmbeddedFile;

use super::embedded::Files;
use super::former;
use crate::app::App;
use crate::auth::Anyone;
use crate::crypto;
use crate::http::{Path, Refusal};

pub use super::embedded::PINNED;

/// Hashed names: another content has another name.
const IMMUTABLE: &str = "public, max-age=31536000, immutable";
/// The loader names the hashed files, so a new version is everywhere within five minutes.
const SHORT: &str = "public, max-age=300, stale-while-revalidate=3600";

/// What the console may load: itself and nothing else.
const CONSOLE_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    img-src 'self' data: blob:; connect-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

/// What the console's page says of where it is, until that is known. All that the console loads and asks for is relative
/// to it.
const ROOT: &str = r#"<base href="/">"#;

/// `GET /tabiji.js`
pub async fn loader(_: Anyone, headers: HeaderMap) -> Response {
    serve("tabiji.js", SHORT, &headers)
}

/// `GET /tabiji@VERSION.js`: the loader of this version, or of one before whose parts are still there.
pub async fn pinned(
    State(app): State<App>,
    _: Anyone,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Response {
    match name.as_str() {
        PINNED => serve("tabiji.js", IMMUTABLE, &headers),
        loader if loader.starts_with("tabiji@") && loader.ends_with(".js") => {
            serve_any(&app, loader, loader, &headers).await
        }
        _ => Refusal::NotFound.into_response(),
    }
}

/// Returns what pages pin the loader of this version by (W3C Subresource Integrity); none where none was built.
pub fn integrity() -> Option<String> {
    let loader = Files::get("tabiji.js")?;
    Some(format!("sha256-{}", STANDARD.encode(crypto::digest_of(&loader.data))))
}

/// `GET /assets/{file}`: a file of this release or of one before.
pub async fn hashed(
    State(app): State<App>,
    _: Anyone,
    Path(file): Path<String>,
    headers: HeaderMap,
) -> Response {
    serve_any(&app, &format!("assets/{file}"), &file, &headers).await
}

/// `GET /console`: one page that routes by itself.
pub async fn console(State(app): State<App>, _: Anyone, headers: HeaderMap) -> Response {
    let Some(page) = Files::get("console.html") else { return Refusal::NotFound.into_response() };
    let base = format!("<base href=\"{}\">", app.config.public_path("/"));
    let page = String::from_utf8_lossy(&page.data).replacen(ROOT, &base, 1).into_bytes();
    let hash = crypto::digest_of(&page);
    let mut page = answer("console.html", (page.into(), hash), None, "no-cache", &headers);
    page.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(CONSOLE_POLICY));
    page
}

/// `GET /console/`
pub async fn console_with_slash(State(app): State<App>, _: Anyone) -> Redirect {
    Redirect::temporary(&app.config.public_path("/console"))
}

/// `GET /console/{*page}`: the same page.
pub async fn console_below(app: State<App>, it: Anyone, headers: HeaderMap) -> Response {
    console(app, it, headers).await
}

/// Whether the binary (or, in a debug build, the folder) has the widget and the console.
pub fn are_built() -> bool {
    Files::get("tabiji.js").is_some() && Files::get("console.html").is_some()
}

fn serve(name: &str, cache: &'static str, headers: &HeaderMap) -> Response {
    // Compressed files are served by content negotiation, never by their own names.
    if name.ends_with(".br") || name.ends_with(".gz") {
        return Refusal::NotFound.into_response();
    }
    match best(name, headers) {
        Some((file, encoding)) => {
            answer(name, (file.data, file.metadata.sha256_hash()), encoding, cache, headers)
        }
        None => Refusal::NotFound.into_response(),
    }
}

/// Serves a file of this release, or else the one that a release before had under this name.
async fn serve_any(app: &App, path: &str, name: &str, headers: &HeaderMap) -> Response {
    let known = serve(path, IMMUTABLE, headers);
    if known.status() != StatusCode::NOT_FOUND {
        return known;
    }
    match former::read(app, name, accepts(headers, "gzip")).await {
        Some((content, encoding)) => {
            let hash = crypto::digest_of(&content);
            answer(name, (content.into(), hash), encoding, IMMUTABLE, headers)
        }
        None => known,
    }
}

fn answer(
    name: &str,
    (content, hash): (Cow<'static, [u8]>, [u8; 32]),
    encoding: Option<&'static str>,
    cache: &'static str,
    headers: &HeaderMap,
) -> Response {
    let etag = format!("\"{}\"", crypto::hex(&hash[..8]));
    let known = headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == etag.as_bytes());
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        Body::from(content.into_owned()).into_response()
    };
    let set = response.headers_mut();
    let mut put = |name, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            set.insert(name, value);
        }
    };
    put(header::ETAG, &etag);
    put(header::CACHE_CONTROL, cache);
    put(header::VARY, "accept-encoding");
    // Host pages on any origin import these files, which are the same for everybody.
    put(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    put(header::CONTENT_TYPE, mime_of(name).as_ref());
    if let Some(encoding) = encoding {
        put(header::CONTENT_ENCODING, encoding);
    }
    response
}

fn best(name: &str, headers: &HeaderMap) -> Option<(EmbeddedFile, Option<&'static str>)> {
    let compressed = |encoding: &'static str, ending: &str| {
        let file = accepts(headers, encoding).then(|| Files::get(&format!("{name}.{ending}")))??;
        Some((file, Some(encoding)))
    };
    compressed("br", "br").or_else(|| compressed("gzip", "gz")).or_else(|| Some((Files::get(name)?, None)))
}

fn accepts(headers: &HeaderMap, encoding: &str) -> bool {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    accepted.is_some_and(|all| all.split(',').any(|item| item.trim().split(';').next() == Some(encoding)))
}

fn mime_of(name: &str) -> String {
    let guess = mime_guess::from_path(name).first_or_octet_stream();
    if guess.type_() == mime_guess::mime::TEXT {
        format!("{guess}; charset=utf-8")
    } else {
        guess.to_string()
    }
}
