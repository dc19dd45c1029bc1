//! Origins of pages (RFC 6454): how they are written, and whether a site lists one. Pure.

use axum::http::{HeaderMap, HeaderValue, header};
use store::Site;
use url::Url;

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

/// Returns an origin as browsers write it: scheme and host in lower case, letters beyond ASCII as Punycode, no default
/// port, no trailing slash. None when the text is no origin.
pub fn normalize(text: &str) -> Option<String> {
    let url = Url::parse(text.trim()).ok()?;
    let is_bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    let is_plain =
        is_bare && url.username().is_empty() && url.password().is_none() && !text.contains(['*', '@']);
    (matches!(url.scheme(), "http" | "https") && is_plain).then(|| url.origin().ascii_serialization())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_written_as_browsers_write_them() {
        for (text, expected) in [
            ("https://Example.com/", "https://example.com"),
            ("HTTPS://example.com", "https://example.com"),
            ("https://app.example.com:443", "https://app.example.com"),
            ("http://app.example.com:80", "http://app.example.com"),
            ("http://app.example.com:443", "http://app.example.com:443"),
            ("https://app.example.com:8443", "https://app.example.com:8443"),
            ("https://例え.jp", "https://xn--r8jz45g.jp"),
            ("http://[::1]:3000", "http://[::1]:3000"),
            (" http://localhost:3000\n", "http://localhost:3000"),
        ] {
            assert_eq!(normalize(text).as_deref(), Some(expected), "{text}");
        }
        for bad in [
            "example.com",
            "https://",
            "https://a.b/path",
            "https://*.a.b",
            "file:///x",
            "null",
            "https://me@a.b",
            "https://a.b/?x",
            "https://a.b/#x",
        ] {
            assert_eq!(normalize(bad), None, "{bad}");
        }
    }
}
