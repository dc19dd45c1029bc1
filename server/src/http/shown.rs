//! Files that pages of other origins show: clips and pictures.

use axum::http::{HeaderValue, header};
use axum::response::Response;

/// Labels such a file, whose name or id changes with its content: browsers keep it, take it for nothing else, and show it
/// on cross-origin isolated pages (COEP) as well.
pub fn shown(mut response: Response, etag: &str, cache: &'static str) -> Response {
    let headers = response.headers_mut();
    if let Ok(etag) = HeaderValue::from_str(etag) {
        headers.insert(header::ETAG, etag);
    }
    let mut put = |name, value| headers.insert(name, HeaderValue::from_static(value));
    put(header::CACHE_CONTROL, cache);
    put(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    put(header::HeaderName::from_static("cross-origin-resource-policy"), "cross-origin");
    response
}
