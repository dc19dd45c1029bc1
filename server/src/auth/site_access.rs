//! An operator of the console at a site that they see, and what their role lets them do there.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use protocol::console::SecurityKind;
use protocol::ids::SiteKey;
use schemars::JsonSchema;
use serde::Deserialize;
use store::{Role, Site};

use super::{Admission, SignedIn};
use crate::app::App;
use crate::http::{Query, Refusal};
use crate::openapi::{Operation, Schemas, Security};

/// An operator who asks about a site (`?site=pk_…`) that they see. A site of others is not found, as one that
/// never was.
pub struct SiteAccess {
    /// The operator.
    pub signed: SignedIn,
    /// The site.
    pub site: Arc<Site>,
}

/// An operator at a site that they see, who may answer its customers.
pub struct AgentAccess {
    /// The operator.
    pub signed: SignedIn,
    /// The site.
    pub site: Arc<Site>,
}

#[derive(Deserialize, JsonSchema)]
struct SiteQuery {
    site: SiteKey,
}

impl Admission for SiteAccess {
    const NAME: &'static str = "SiteAccess";

    fn describe(operation: &mut Operation, schemas: &mut Schemas) {
        SignedIn::describe(operation, schemas);
        operation.admits(Self::NAME, Some(Security::Session));
        operation.query::<SiteQuery>(schemas);
        operation.refuses([Refusal::Malformed(String::new()), Refusal::NotFound]);
    }
}

impl FromRequestParts<App> for SiteAccess {
    type Rejection = Refusal;

    /// # Errors
    /// `SignedOut`, `NotFound`, and `Malformed` without a site.
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let signed = SignedIn::from_request_parts(parts, app).await?;
        let Query(SiteQuery { site }) = Query::of(parts)?;
        let site = app.sites.of_address(&site).await?;
        if signed.grant.allows(site.id) { Ok(Self { signed, site }) } else { Err(Refusal::NotFound) }
    }
}

impl Admission for AgentAccess {
    const NAME: &'static str = "AgentAccess";

    fn describe(operation: &mut Operation, schemas: &mut Schemas) {
        SiteAccess::describe(operation, schemas);
        operation.admits(Self::NAME, Some(Security::Session));
        operation.refuses([Refusal::RoleTooLow]);
    }
}

impl FromRequestParts<App> for AgentAccess {
    type Rejection = Refusal;

    /// # Errors
    /// As [`SiteAccess`], and `RoleTooLow`.
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let SiteAccess { signed, site } = SiteAccess::from_request_parts(parts, app).await?;
        require(app, &signed, Role::Agent, Some(&site), parts).await?;
        Ok(Self { signed, site })
    }
}

/// An operator who reads the security log, of the sites that they see.
pub struct AdminAccess {
    /// The operator.
    pub signed: SignedIn,
}

impl Admission for AdminAccess {
    const NAME: &'static str = "AdminAccess";

    fn describe(operation: &mut Operation, schemas: &mut Schemas) {
        SignedIn::describe(operation, schemas);
        operation.admits(Self::NAME, Some(Security::Session));
        operation.refuses([Refusal::RoleTooLow]);
    }
}

impl FromRequestParts<App> for AdminAccess {
    type Rejection = Refusal;

    /// # Errors
    /// `SignedOut` and `RoleTooLow`.
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let signed = SignedIn::from_request_parts(parts, app).await?;
        require(app, &signed, Role::Admin, None, parts).await?;
        Ok(Self { signed })
    }
}

/// Lets operators of a role pass, and notes others.
async fn require(
    app: &App,
    signed: &SignedIn,
    role: Role,
    site: Option<&Site>,
    parts: &Parts,
) -> Result<(), Refusal> {
    if signed.grant.role >= role {
        return Ok(());
    }
    let (site, about) = (site.map(|site| site.id), format!("{} {}", parts.method, parts.uri.path()));
    app.security.note_failure(SecurityKind::RoleRefused, &signed.session.email, site, &about).await;
    Err(Refusal::RoleTooLow)
}
