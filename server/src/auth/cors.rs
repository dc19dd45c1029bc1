//! CORS for the routes of the widget: pages of any site here may read the answers, other pages may not.

use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::http::Refusal;

/// How long browsers may remember a preflight, in seconds: a day.
const PREFLIGHT_SECONDS: &str = "86400";

/// Adds the CORS headers for pages of any site here, and answers their preflights.
///
/// A page that no site lists gets no such header and cannot read a byte. Whether the page may act for the site
/// that it names is for the admission to decide.
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
