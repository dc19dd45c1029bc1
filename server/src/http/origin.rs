//! Origins of pages (RFC 6454): how they are written, and whether a site lists one. Pure.

use axum::http::{HeaderMap, HeaderValue, header};
use store::Site;

use super::Refusal;

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

/// Whether a browser sent the request.
pub fn from_browser(headers: &HeaderMap) -> bool {
    headers.contains_key(header::ORIGIN) || headers.contains_key("sec-fetch-site")
}

/// Returns an origin as browsers write it, without a trailing slash; none when the text is no origin.
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
