//! CORS for the routes of the widget: pages of any site here may read the answers, other pages nothing but why they
//! are refused.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::http::Refusal;

/// How long browsers may remember a preflight, in seconds: a day.
const PREFLIGHT_SECONDS: &str = "86400";
/// The same for a page that no site lists: an operator is about to list it.
const STRANGER_SECONDS: &str = "5";
/// Any page, without credentials: browsers refuse to send them along with it.
const ANY_PAGE: HeaderValue = HeaderValue::from_static("*");

/// Adds the CORS headers for pages of any site here, and answers preflights.
///
/// Whether a page may act for the site that it names is for the admission to decide. A preflight keeps no one from
/// anything, since a plain form can post here as well; so it is answered for every page, and the request that follows
/// is refused with a sentence. That sentence is all that a page which no site lists may read: it has nothing of a site
/// in it, and no such answer ever allows credentials.
pub async fn cors(State(app): State<App>, request: Request, next: Next) -> Response {
    let origin = request.headers().get(header::ORIGIN).cloned();
    let known = match origin.as_ref().and_then(|origin| origin.to_str().ok()) {
        Some(origin) => app.sites.knows_origin(origin).await,
        None => false,
    };
    let preflight = request.method() == Method::OPTIONS;
    let mut response = match (preflight, &origin) {
        (true, Some(_)) => StatusCode::NO_CONTENT.into_response(),
        (true, None) => Refusal::ForeignOrigin.into_response(),
        (false, _) => next.run(request).await,
    };
    let refusal = response.extensions().get::<Refusal>();
    let is_foreign = refusal == Some(&Refusal::ForeignOrigin);
    let is_for_any_page = preflight || refusal.is_some_and(Refusal::is_for_any_page);
    let headers = response.headers_mut();
    headers.insert(header::VARY, HeaderValue::from_static("origin"));
    let Some(origin) = origin else { return response };
    if known && !is_foreign {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("retry-after"));
    } else if is_for_any_page {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, ANY_PAGE);
    }
    if preflight {
        allow_posts(headers, if known { PREFLIGHT_SECONDS } else { STRANGER_SECONDS });
    }
    response
}

fn allow_posts(headers: &mut HeaderMap, seconds: &'static str) {
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("POST"));
    let allowed = HeaderValue::from_static("content-type, content-encoding");
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, allowed);
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static(seconds));
}
