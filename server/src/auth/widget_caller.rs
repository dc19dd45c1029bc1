//! A person in the widget.

use std::sync::Arc;

use axum::extract::{FromRequest, Request};
use axum::http::HeaderMap;
use protocol::chat::Hello;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use store::{RejectedBody, Sighting, Site, SiteId};

use super::identity::{Identity, identify};
use super::noting::{name_site, origin as page_origin};
use super::{BodyAdmission, CallerBody, Claim};
use crate::app::App;
use crate::app::limits::{Caller, Place};
use crate::app::shares::{OwnShare, Share};
use crate::http::{self, Bottleneck, Client, Refusal, Unread, origin};
use crate::openapi::{Operation, Schemas, body_refusals};

/// How much of a body that cannot be read is kept, in bytes.
const REJECTED_PREFIX: usize = 1024;

/// A person in the widget of a site, with what they send.
pub struct WidgetCaller<B> {
    /// Whose widget it is.
    pub site: Arc<Site>,
    /// The person.
    pub identity: Identity,
    /// What they send.
    pub body: B,
    _intake: Option<(Place, Option<Share<SiteId>>)>,
}

impl<B: CallerBody + JsonSchema> BodyAdmission for WidgetCaller<B> {
    const NAME: &'static str = "WidgetCaller";

    fn describe(operation: &mut Operation, schemas: &mut Schemas) {
        operation.admits(Self::NAME, None);
        operation.takes_json::<B>(schemas);
        operation.refuses(body_refusals());
        operation.refuses([
            Refusal::UnknownKey,
            Refusal::SecretInBrowser,
            Refusal::ForeignOrigin,
            Refusal::BadToken(""),
            Refusal::TokenExpired,
            Refusal::TokenRequired,
            Refusal::TooFast(0),
            Refusal::Busy(Bottleneck::Requests),
        ]);
        if B::NEEDS_CHAT {
            operation.refuses([Refusal::NotFound]);
        }
        operation.asks_store();
    }
}

impl<B: CallerBody + DeserializeOwned + Send> FromRequest<App> for WidgetCaller<B> {
    type Rejection = Refusal;

    /// # Errors
    /// `Busy`, whatever is wrong with the body, `UnknownKey`, `SecretInBrowser`, `ForeignOrigin`, `TooFast`,
    /// `BadToken` or `TokenRequired`.
    async fn from_request(request: Request, app: &App) -> Result<Self, Refusal> {
        let (parts, body) = request.into_parts();
        let place =
            app.intake.enter(Client::of(&parts.extensions, &parts.headers, &app.config.trusted_proxies))?;
        let read = http::read(&parts.headers, body)
            .await
            .and_then(|text| http::parse(&text).map_err(|refusal| Unread { refusal, start: text }));
        let body: B = match read {
            Ok(body) => body,
            Err(unread) => return Err(keep_start::<B>(app, unread).await),
        };
        let Claim { site, token, who } = body.claim();
        let site = app.sites.of_page(site).await?;
        name_site(&parts.extensions, &site);
        origin::check(&site, &parts.headers)?;
        body.check(app)?;
        let identity = identify(&site, token, who, app.clock.now());
        let is_verified = identity.as_ref().is_ok_and(|identity| identity.verified);
        app.budget.spend(site.id, if is_verified { Caller::Verified } else { Caller::Guest })?;
        let identity = identity?;
        let guest = (B::HOLDS_INTAKE && !is_verified).then(|| app.intake.enter_guest(site.id)).transpose()?;
        // A question that is held open must not hold a place of those that are read.
        let intake = B::HOLDS_INTAKE.then_some((place, guest));
        if is_verified && let Some(own) = parts.extensions.get::<OwnShare>() {
            own.pass_to(identity.visitor(site.id))?;
        }
        note_admitted(app, &site, &parts.headers, &identity);
        Ok(Self { site, identity, body, _intake: intake })
    }
}

/// Notes that the site's tag works on this page, and for this person.
fn note_admitted(app: &App, site: &Site, headers: &HeaderMap, identity: &Identity) {
    let Some(origin) = page_origin(headers) else { return };
    app.integration.saw(site.id, Sighting::Page { origin });
    if identity.verified {
        let (user, account) = (identity.user.clone(), identity.account.clone());
        app.integration.saw(site.id, Sighting::Person { user, account });
    }
}

/// Finds out who says hello over a connection that is open already.
///
/// # Errors
/// `BadToken`, `TokenRequired`, or `Malformed` for another version of the protocol.
pub fn identify_hello(app: &App, site: &Site, hello: &Hello) -> Result<Identity, Refusal> {
    hello.check(app)?;
    let Claim { token, who, .. } = hello.claim();
    identify(site, token, who, app.clock.now())
}

/// Keeps the start of a body that cannot be read, where there is any.
async fn keep_start<B: CallerBody>(app: &App, Unread { refusal, start }: Unread) -> Refusal {
    // Unauthenticated input: what of it is written to disk is limited by time.
    if B::KEEPS_REJECTED && !start.is_empty() && app.allow_rejected_body() {
        let prefix = String::from_utf8_lossy(&start[..start.len().min(REJECTED_PREFIX)]).into_owned();
        let body = RejectedBody { received: app.clock.now(), tag: refusal.tag().to_owned(), prefix };
        if let Err(error) = app.store.record_rejected_body(body).await {
            tracing::warn!(%error, "the start of a rejected body was not written");
        }
    }
    refusal
}
