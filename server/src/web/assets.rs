//! The loader, the widget's parts and the console, embedded in the binary and compressed beforehand.

use axum::body::Body;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::auth::Anyone;
use crate::crypto;
use crate::http::Refusal;

/// The files that `cargo xtask dist` has built; a debug build reads the folder at run time.
#[derive(RustEmbed)]
#[folder = "../dist/web"]
#[allow_missing = true]
struct Files;

/// Hashed names: another content has another name.
const IMMUTABLE: &str = "public, max-age=31536000, immutable";
/// The loader names the hashed files, so a new version is everywhere within five minutes.
const SHORT: &str = "public, max-age=300, stale-while-revalidate=3600";

/// What the console may load: itself and nothing else.
const CONSOLE_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// `GET /tabiji.js`
pub async fn loader(_: Anyone, headers: HeaderMap) -> Response {
    serve("tabiji.js", SHORT, &headers)
}

/// The name of the loader of this version: the same bytes for as long as it is there, so pages may pin it by its hash.
pub const PINNED: &str = concat!("tabiji@", env!("CARGO_PKG_VERSION"), ".js");

/// `GET /tabiji@VERSION.js`: the loader of this version, or of one before whose parts are still there.
pub async fn pinned(_: Anyone, Path(name): Path<String>, headers: HeaderMap) -> Response {
    match name.as_str() {
        PINNED => serve("tabiji.js", IMMUTABLE, &headers),
        former if former.starts_with("tabiji@") && former.ends_with(".js") => {
            serve(former, IMMUTABLE, &headers)
        }
        _ => Refusal::NotFound.into_response(),
    }
}

/// Returns what pages pin the loader of this version by (W3C Subresource Integrity); none where none was built.
pub fn integrity() -> Option<String> {
    let loader = Files::get("tabiji.js")?;
    Some(format!("sha256-{}", STANDARD.encode(crypto::digest_of(&loader.data))))
}

/// `GET /assets/{file}`
pub async fn hashed(_: Anyone, Path(file): Path<String>, headers: HeaderMap) -> Response {
    serve(&format!("assets/{file}"), IMMUTABLE, &headers)
}

/// `GET /console` and everything below it: one page that routes by itself.
pub async fn console(_: Anyone, headers: HeaderMap) -> Response {
    let mut page = serve("console.html", "no-cache", &headers);
    page.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(CONSOLE_POLICY));
    page
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
    let Some((file, encoding)) = best(name, headers) else { return Refusal::NotFound.into_response() };
    let etag = format!("\"{}\"", crypto::hex(&file.metadata.sha256_hash()[..8]));
    let known = headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == etag.as_bytes());
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        Body::from(file.data.into_owned()).into_response()
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
    let accepted =
        headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let compressed = |encoding: &'static str, ending: &str| {
        let wanted = accepted.split(',').any(|item| item.trim().split(';').next() == Some(encoding));
        let file = wanted.then(|| Files::get(&format!("{name}.{ending}")))??;
        Some((file, Some(encoding)))
    };
    compressed("br", "br").or_else(|| compressed("gzip", "gz")).or_else(|| Some((Files::get(name)?, None)))
}

fn mime_of(name: &str) -> String {
    let guess = mime_guess::from_path(name).first_or_octet_stream();
    if guess.type_() == mime_guess::mime::TEXT {
        format!("{guess}; charset=utf-8")
    } else {
        guess.to_string()
    }
}
