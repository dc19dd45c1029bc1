//! A page that opens a socket for its widget.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use protocol::ids::SiteKey;
use schemars::JsonSchema;
use serde::Deserialize;
use store::Site;

use super::Admission;
use super::noting::name_site;
use crate::app::App;
use crate::app::limits::Caller;
use crate::app::shares::OwnShare;
use crate::http::{Client, Query, Refusal, origin};
use crate::openapi::{Operation, Schemas};

/// A page of a site (`?site=pk_…`) whose person is not known yet.
pub struct WidgetPage {
    /// Whose page it is.
    pub site: Arc<Site>,
    /// From where it asks.
    pub client: Client,
    /// What its connection holds.
    pub own: OwnShare,
}

/// The public key protects nothing, so it may stand in the address.
#[derive(Deserialize, JsonSchema)]
struct ConnectQuery {
    site: SiteKey,
}

impl Admission for WidgetPage {
    const NAME: &'static str = "WidgetPage";

    fn describe(operation: &mut Operation, schemas: &mut Schemas) {
        operation.admits(Self::NAME, None);
        operation.query::<ConnectQuery>(schemas);
        operation.refuses([
            Refusal::Malformed(String::new()),
            Refusal::UnknownKey,
            Refusal::SecretInBrowser,
            Refusal::ForeignOrigin,
            Refusal::NotFound,
            Refusal::TooFast(0),
        ]);
        operation.asks_store();
    }
}

impl FromRequestParts<App> for WidgetPage {
    type Rejection = Refusal;

    /// # Errors
    /// `UnknownKey`, `SecretInBrowser`, `NotFound` where there is no chat, `TooFast`, and `ForeignOrigin` for pages
    /// that are not on the site's list and for whatever does not say where it comes from.
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let Query(ConnectQuery { site }) = Query::of(parts)?;
        admit(&site, parts, app).await
    }
}

async fn admit(key: &SiteKey, parts: &Parts, app: &App) -> Result<WidgetPage, Refusal> {
    let site = app.sites.of_page(key).await?;
    name_site(&parts.extensions, &site);
    origin::check(&site, &parts.headers)?;
    if !app.config.chat {
        return Err(Refusal::NotFound);
    }
    app.budget.spend(site.id, Caller::Page)?;
    if !parts.headers.contains_key(header::ORIGIN) {
        return Err(Refusal::ForeignOrigin);
    }
    let client = Client::of(&parts.extensions, &parts.headers, &app.config.trusted_proxies);
    let own = parts.extensions.get::<OwnShare>().cloned().unwrap_or_default();
    Ok(WidgetPage { site, client, own })
}
