//! The host's backend, which has the site's secret key.

use std::sync::Arc;

use axum::extract::{FromRequest, Request};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use store::Site;
use tokio::sync::OwnedSemaphorePermit;

use super::Admission;
use crate::app::App;
use crate::http::{NoBody, ReadBody, Refusal};

/// The backend of a site's host, with what it sends. It keeps its place in the intake until it is answered.
pub struct HostBackend<B = NoBody> {
    /// Whose backend it is.
    pub site: Arc<Site>,
    /// What it sends.
    pub body: B,
    _intake: OwnedSemaphorePermit,
}

impl<B> Admission for HostBackend<B> {
    const NAME: &'static str = "HostBackend";
}

impl<B: ReadBody> FromRequest<App> for HostBackend<B> {
    type Rejection = Response;

    /// # Errors
    /// `Busy`, `UnknownKey`, `SecretInBrowser`, `TooFast`, and whatever is wrong with the body.
    async fn from_request(request: Request, app: &App) -> Result<Self, Response> {
        let (parts, body) = request.into_parts();
        let (intake, site) = admit(&parts.headers, app).await.map_err(IntoResponse::into_response)?;
        let body = B::read(Request::from_parts(parts, body)).await.map_err(IntoResponse::into_response)?;
        Ok(Self { site, body, _intake: intake })
    }
}

async fn admit(headers: &HeaderMap, app: &App) -> Result<(OwnedSemaphorePermit, Arc<Site>), Refusal> {
    let intake = app.intake.enter()?;
    let site = app.sites.of_backend(headers).await?;
    app.budget.spend(site.id)?;
    Ok((intake, site))
}
