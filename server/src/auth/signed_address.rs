//! Addresses that this collector has signed: each permits its bearer to fetch one file, or to upload one.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Path, Query};
use axum::http::header;
use axum::http::request::Parts;
use protocol::ids::SiteKey;
use serde::de::DeserializeOwned;
use store::Site;

use super::Admission;
use super::signed_url::SignedUrl;
use crate::app::App;
use crate::app::limits::Caller;
use crate::http::{Client, Refusal, origin};
use crate::openapi::{Operation, Schemas};

/// The path of a signed address, as its parameters are named.
pub trait SignedPath: DeserializeOwned + Send + 'static {
    /// Whether pages of the site show what is there, so that pages of other products find nothing.
    const IS_SHOWN: bool = false;

    /// The site's public key.
    fn site(&self) -> &SiteKey;

    /// What was signed, part by part.
    fn parts(&self) -> Vec<String>;
}

/// The bearer of a signed address.
pub struct SignedAddress<P> {
    /// Whose address it is.
    pub site: Arc<Site>,
    /// What stands in it.
    pub path: P,
    /// From where they ask.
    pub client: Client,
}

impl<P: SignedPath> Admission for SignedAddress<P> {
    const NAME: &'static str = "SignedAddress";

    fn describe(operation: &mut Operation, schemas: &mut Schemas) {
        operation.admits(Self::NAME, None);
        operation.query::<SignedUrl>(schemas);
        operation.refuses([Refusal::NotFound, Refusal::TooFast(0)]);
        operation.asks_store();
    }
}

impl<P: SignedPath> FromRequestParts<App> for SignedAddress<P> {
    type Rejection = Refusal;

    /// # Errors
    /// `NotFound` whatever is wrong with the address, and for a page of another product; `TooFast`.
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let path = Path::<P>::from_request_parts(parts, app).await;
        let Path(path) = path.map_err(|_| Refusal::NotFound)?;
        let site = app.sites.of_address(path.site()).await?;
        let is_foreign = P::IS_SHOWN
            && parts.headers.contains_key(header::ORIGIN)
            && origin::check(&site, &parts.headers).is_err();
        let signed = Query::<SignedUrl>::try_from_uri(&parts.uri);
        let Query(signed) = signed.map_err(|_| Refusal::NotFound)?;
        let names = path.parts();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let is_valid = !is_foreign && signed.is_valid(&site, &names, app.clock.now());
        // What strangers make up is not counted against those who were given an address.
        app.budget.spend(site.id, if is_valid { Caller::Bearer } else { Caller::Page })?;
        let client = Client::of(&parts.extensions, &parts.headers, &app.config.trusted_proxies);
        if is_valid { Ok(Self { site, path, client }) } else { Err(Refusal::NotFound) }
    }
}
