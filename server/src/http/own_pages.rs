//! The console answers its own pages only: what a browser says another page asked for is refused, whatever the method.
//! A cookie that comes along with such a request proves nothing (`docs/security.md`).

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tower_http::csrf::{CsrfLayer, ProtectionError};
use url::Url;

use super::Refusal;

/// Refuses what a page of another origin asks for, as browsers say in `Sec-Fetch-Site` (W3C Fetch Metadata). Writes are
/// looked at by [`refuse_foreign_writes`] as well, for browsers that do not say it.
pub async fn refuse_foreign(request: Request, next: Next) -> Response {
    let site = request.headers().get("sec-fetch-site").map(|value| value.as_bytes());
    match site {
        None | Some(b"same-origin" | b"none") => next.run(request).await,
        Some(_) => Refusal::ForeignPage.into_response(),
    }
}

/// Refuses writes whose `Origin` is neither that of `public_url` nor the host that they are sent to: where there is a
/// proxy, that host may be the collector's own address.
pub fn refuse_foreign_writes(public_url: &str) -> CsrfLayer<fn(ProtectionError) -> Response> {
    let own = Url::parse(public_url).map(|url| url.origin().ascii_serialization());
    let trusting = own.ok().and_then(|own| CsrfLayer::new().add_trusted_origin(own).ok());
    trusting.unwrap_or_default().with_rejection_response(|_| Refusal::ForeignPage.into_response())
}
