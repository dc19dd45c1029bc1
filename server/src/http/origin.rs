//! Which pages may talk to us: every site lists its origins.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use store::Site;

use super::Refusal;
use crate::app::App;

/// How long browsers may remember a preflight: a day.
const PREFLIGHT_SECONDS: &str = "86400";

/// Lets a request pass that comes from one of the site's pages, or from no browser at all.
///
/// # Errors
/// `ForeignOrigin` for any other page, and for a browser that hides where it comes from.
pub fn check(site: &Site, headers: &HeaderMap) -> Result<(), Refusal> {
    match headers.get(header::ORIGIN).map(HeaderValue::to_str) {
        Some(Ok(origin)) if site.origins.iter().any(|known| known == origin) => Ok(()),
        None if !headers.contains_key("sec-fetch-site") => Ok(()),
        _ => Err(Refusal::ForeignOrigin),
    }
}

/// Whether a browser sent this.
pub fn from_browser(headers: &HeaderMap) -> bool {
    headers.contains_key(header::ORIGIN) || headers.contains_key("sec-fetch-site")
}

/// Adds the CORS headers for pages of any site here, and answers their preflights.
///
/// A page that no site lists gets no such header and cannot read a byte.
pub async fn cors(State(app): State<App>, request: Request, next: Next) -> Response {
    let origin = request.headers().get(header::ORIGIN).cloned();
    let known = match origin.as_ref().and_then(|origin| origin.to_str().ok()) {
        Some(origin) => app.sites.knows_origin(origin).await,
        None => false,
    };
    let preflight = request.method() == Method::OPTIONS;
    let mut response = match (preflight, known) {
        (true, true) => StatusCode::NO_CONTENT.into_response(),
        (true, false) => Refusal::ForeignOrigin.into_response(),
        (false, _) => next.run(request).await,
    };
    let foreign = response.extensions().get::<Refusal>() == Some(&Refusal::ForeignOrigin);
    let headers = response.headers_mut();
    headers.insert(header::VARY, HeaderValue::from_static("origin"));
    let Some(origin) = origin.filter(|_| known && !foreign) else { return response };
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("retry-after"));
    if preflight {
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("POST"));
        let allowed = HeaderValue::from_static("content-type, content-encoding");
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, allowed);
        headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static(PREFLIGHT_SECONDS));
    }
    response
}

/// An origin as browsers write it, without a trailing slash; none when it is not one.
pub fn normalize(text: &str) -> Option<String> {
    let (scheme, rest) = text.trim_end_matches('/').split_once("://")?;
    let plain = !rest.is_empty() && !rest.contains(['/', '?', '#', '@', '*', ' ']);
    (matches!(scheme, "http" | "https") && plain).then(|| format!("{scheme}://{}", rest.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_written_as_browsers_write_them() {
        assert_eq!(normalize("https://Example.com/"), Some("https://example.com".into()));
        for bad in ["example.com", "https://", "https://a.b/path", "https://*.a.b", "file:///x", "null"] {
            assert_eq!(normalize(bad), None, "{bad}");
        }
    }
}
