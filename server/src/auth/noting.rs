//! Notes what was refused, and to which site, for the people who embed the widget.

use std::sync::{Arc, OnceLock};

use axum::extract::{Request, State};
use axum::http::{Extensions, HeaderMap, header};
use axum::middleware::Next;
use axum::response::Response;
use store::Site;

use crate::app::App;
use crate::http::Refusal;

/// The site that a request turns out to be for; its admission writes it down.
#[derive(Clone, Default)]
struct NamedSite(Arc<OnceLock<Arc<Site>>>);

/// Notes a refusal that the developers who embed the widget can mend.
pub async fn note_refused(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let named = NamedSite::default();
    request.extensions_mut().insert(named.clone());
    let origin = origin(request.headers());
    let response = next.run(request).await;
    if let Some(refusal) = response.extensions().get::<Refusal>()
        && refusal.is_for_integrators()
    {
        app.integration.refused(named.0.get().map(|site| &**site), refusal, origin);
    }
    response
}

/// Writes down which site a request is for.
pub(super) fn name_site(extensions: &Extensions, site: &Arc<Site>) {
    if let Some(named) = extensions.get::<NamedSite>() {
        // One request has one admission.
        let _ = named.0.set(Arc::clone(site));
    }
}

/// Returns the origin of the page that sends a request.
pub(super) fn origin(headers: &HeaderMap) -> Option<String> {
    headers.get(header::ORIGIN)?.to_str().ok().map(str::to_owned)
}
