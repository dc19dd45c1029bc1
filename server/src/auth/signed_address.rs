//! Addresses that this collector has signed: each permits its bearer to fetch one file, or to upload one.

use std::sync::Arc;

use axum::RequestExt;
use axum::extract::{FromRequest, Path, Query, Request};
use axum::http::header;
use protocol::ids::SiteKey;
use serde::de::DeserializeOwned;
use store::Site;

use super::Admission;
use super::signed_url::SignedUrl;
use crate::app::App;
use crate::http::{Refusal, origin};

/// The path of a signed address, as its parameters are named.
pub trait SignedPath: DeserializeOwned + Send + 'static {
    /// Whether pages of the site show what is there, so that those of other products must be refused.
    const IS_SHOWN: bool = false;

    /// The site's public key.
    fn site(&self) -> &SiteKey;

    /// What was signed, part by part.
    fn parts(&self) -> Vec<String>;
}

/// A request to a signed address; its body has not been read.
pub struct SignedAddress<P> {
    /// Whose address it is.
    pub site: Arc<Site>,
    /// What stands in it.
    pub path: P,
    /// The rest of the request.
    pub request: Request,
}

impl<P> Admission for SignedAddress<P> {
    const NAME: &'static str = "SignedAddress";
}

impl<P: SignedPath> FromRequest<App> for SignedAddress<P> {
    type Rejection = Refusal;

    /// # Errors
    /// `NotFound` whatever is wrong with the address, `TooFast`, and `ForeignOrigin` for a page of another product.
    async fn from_request(mut request: Request, app: &App) -> Result<Self, Refusal> {
        let Path(path) = request.extract_parts::<Path<P>>().await.map_err(|_| Refusal::NotFound)?;
        let site = app.sites.of_address(path.site()).await?;
        if P::IS_SHOWN && request.headers().contains_key(header::ORIGIN) {
            origin::check(&site, request.headers())?;
        }
        app.budget.spend(site.id)?;
        let Query(signed) = Query::<SignedUrl>::try_from_uri(request.uri()).map_err(|_| Refusal::NotFound)?;
        let parts = path.parts();
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        if !signed.is_valid(&site, &parts, app.clock.now()) {
            return Err(Refusal::NotFound);
        }
        Ok(Self { site, path, request })
    }
}
