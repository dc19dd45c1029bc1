//! An operator of the console at a site that they see.

use std::sync::Arc;

use axum::extract::{FromRequest, Query, Request};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use protocol::ids::SiteKey;
use serde::Deserialize;
use store::Site;

use super::{Admission, SignedIn};
use crate::app::App;
use crate::http::{NoBody, ReadBody, Refusal};

/// An operator who asks about a site (`?site=pk_…`) that they see. A site of others is not found, as one that
/// never was.
pub struct SiteAccess<B = NoBody> {
    /// The operator.
    pub signed: SignedIn,
    /// The site.
    pub site: Arc<Site>,
    /// What they send.
    pub body: B,
}

#[derive(Deserialize)]
struct SiteQuery {
    site: SiteKey,
}

impl<B> Admission for SiteAccess<B> {
    const NAME: &'static str = "SiteAccess";
}

impl<B: ReadBody> FromRequest<App> for SiteAccess<B> {
    type Rejection = Response;

    /// # Errors
    /// `SignedOut`, `NotFound`, `Malformed` without a site, and whatever is wrong with the body.
    async fn from_request(request: Request, app: &App) -> Result<Self, Response> {
        let (parts, body) = request.into_parts();
        let (signed, site) = admit(&parts, app).await.map_err(IntoResponse::into_response)?;
        let body = B::read(Request::from_parts(parts, body)).await.map_err(IntoResponse::into_response)?;
        Ok(Self { signed, site, body })
    }
}

async fn admit(parts: &Parts, app: &App) -> Result<(SignedIn, Arc<Site>), Refusal> {
    let signed = SignedIn::of(&parts.headers, app).await?;
    let query = Query::<SiteQuery>::try_from_uri(&parts.uri);
    let Query(SiteQuery { site }) = query.map_err(|error| Refusal::Malformed(error.body_text()))?;
    let site = app.sites.of_address(&site).await?;
    if signed.grant.allows(site.id) { Ok((signed, site)) } else { Err(Refusal::NotFound) }
}
