//! An operator of the console at a site that they see.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use protocol::ids::SiteKey;
use serde::Deserialize;
use store::Site;

use super::{Admission, SignedIn};
use crate::app::App;
use crate::http::Refusal;

/// An operator who asks about a site (`?site=pk_…`) that they see. A site of others is not found, as one that
/// never was.
pub struct SiteAccess {
    /// The operator.
    pub signed: SignedIn,
    /// The site.
    pub site: Arc<Site>,
}

#[derive(Deserialize)]
struct SiteQuery {
    site: SiteKey,
}

impl Admission for SiteAccess {
    const NAME: &'static str = "SiteAccess";
}

impl FromRequestParts<App> for SiteAccess {
    type Rejection = Refusal;

    /// # Errors
    /// `SignedOut`, `NotFound`, and `Malformed` without a site.
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let signed = SignedIn::from_request_parts(parts, app).await?;
        let query = Query::<SiteQuery>::try_from_uri(&parts.uri);
        let Query(SiteQuery { site }) = query.map_err(|error| Refusal::Malformed(error.body_text()))?;
        let site = app.sites.of_address(&site).await?;
        if signed.grant.allows(site.id) { Ok(Self { signed, site }) } else { Err(Refusal::NotFound) }
    }
}
