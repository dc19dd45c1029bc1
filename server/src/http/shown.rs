//! Files that pages of other origins show: clips and pictures.

use axum::http::{HeaderValue, header};
use axum::response::Response;

/// Labels such a file, whose name or id changes with its content, so that browsers keep it.
pub fn shown(mut response: Response, etag: &str, cache: &'static str) -> Response {
    let headers = response.headers_mut();
    if let Ok(etag) = HeaderValue::from_str(etag) {
        headers.insert(header::ETAG, etag);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    response
}
