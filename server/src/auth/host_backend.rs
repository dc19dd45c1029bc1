//! The host's backend, which has the site's secret key.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use store::Site;
use tokio::sync::OwnedSemaphorePermit;

use super::Admission;
use super::noting::name_site;
use crate::app::App;
use crate::app::limits::Caller;
use crate::http::{Bottleneck, Refusal};
use crate::openapi::{Operation, Schemas, Security};

/// The backend of a site's host. It keeps its place in the intake until it is answered.
pub struct HostBackend {
    /// Whose backend it is.
    pub site: Arc<Site>,
    _intake: OwnedSemaphorePermit,
}

impl Admission for HostBackend {
    const NAME: &'static str = "HostBackend";

    fn describe(operation: &mut Operation, _: &mut Schemas) {
        operation.admits(Self::NAME, Some(Security::SecretKey));
        operation.refuses([Refusal::UnknownKey, Refusal::SecretInBrowser, Refusal::TooFast(0)]);
        operation.refuses([Refusal::Busy(Bottleneck::Requests)]);
        operation.asks_store();
    }
}

impl FromRequestParts<App> for HostBackend {
    type Rejection = Refusal;

    /// # Errors
    /// `Busy`, `UnknownKey`, `SecretInBrowser`, `TooFast`.
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let site = app.sites.of_backend(&parts.headers).await?;
        name_site(&parts.extensions, &site);
        app.budget.spend(site.id, Caller::Backend)?;
        let intake = app.intake.enter_backend()?;
        Ok(Self { site, _intake: intake })
    }
}
