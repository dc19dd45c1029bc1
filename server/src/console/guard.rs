//! The doors of the console: a handler that takes [`SignedIn`] is closed to strangers, and one that takes
//! [`AtSite`] to everybody who does not see the site.

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use protocol::Millis;
use protocol::ids::SiteKey;
use serde::Deserialize;
use store::{ConsoleSession, Grant, Site, SiteId};

use crate::app::App;
use crate::http::Refusal;
use crate::secret;

/// A session ends after half a day without use, and after two weeks in any case.
const IDLE: Millis = 12 * 60 * 60 * 1000;
pub(super) const LONGEST: Millis = 14 * 24 * 60 * 60 * 1000;
/// A session's use is written down at most this often.
const NOTE_USE_AFTER: Millis = 60_000;

/// Somebody who is signed in.
pub struct SignedIn {
    /// Their browser.
    pub session: ConsoleSession,
    /// The hash of its cookie.
    pub cookie: [u8; 32],
    /// What they see.
    pub grant: Grant,
}

impl FromRequestParts<App> for SignedIn {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let cookie = secret::hash(&cookie(&parts.headers, app).ok_or(Refusal::SignedOut)?);
        let now = app.clock.now();
        let (session, grant) = app.store.session(cookie).await?.ok_or(Refusal::SignedOut)?;
        // A disk that takes nothing shuts nobody out.
        let noted = if !is_good(&session, now) {
            app.store.end_session(cookie).await
        } else if now - session.used > NOTE_USE_AFTER {
            app.store.touch_session(cookie, now).await
        } else {
            Ok(())
        };
        if let Err(error) = noted {
            tracing::warn!(%error, "a session's use was not noted");
        }
        if !is_good(&session, now) {
            return Err(Refusal::SignedOut);
        }
        Ok(Self { session, cookie, grant })
    }
}

impl SignedIn {
    /// Whether they are still signed in, and still see a site: asked while a feed is open.
    pub async fn still_sees(&self, app: &App, site: SiteId) -> bool {
        match app.store.session(self.cookie).await {
            Ok(Some((session, grant))) => is_good(&session, app.clock.now()) && grant.allows(site),
            _ => false,
        }
    }
}

/// Somebody who is signed in and asks about a site (`?site=pk_…`) that they see. A site of others is not found,
/// as one that never was.
pub struct AtSite {
    /// Who.
    pub signed: SignedIn,
    /// The site.
    pub site: Site,
}

#[derive(Deserialize)]
struct Which {
    site: SiteKey,
}

impl FromRequestParts<App> for AtSite {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let signed = SignedIn::from_request_parts(parts, app).await?;
        let which = Query::<Which>::try_from_uri(&parts.uri);
        let Query(Which { site }) = which.map_err(|error| Refusal::Malformed(error.body_text()))?;
        let site = app.store.site_by_public_key(&site).await?.filter(|site| signed.grant.allows(site.id));
        Ok(Self { signed, site: site.ok_or(Refusal::NotFound)? })
    }
}

/// Whether a session has not run out.
pub(super) fn is_good(session: &ConsoleSession, now: Millis) -> bool {
    now - session.used <= IDLE && now - session.created <= LONGEST
}

/// Over TLS the name binds the cookie to this host; over plain HTTP browsers would not keep it.
pub(super) fn cookie_name(app: &App) -> &'static str {
    if app.config.is_https() { "__Host-tabiji" } else { "tabiji" }
}

pub(super) fn cookie(headers: &HeaderMap, app: &App) -> Option<String> {
    let all = headers.get(header::COOKIE)?.to_str().ok()?;
    let ours = |pair: &str| pair.trim().strip_prefix(cookie_name(app))?.strip_prefix('=').map(str::to_owned);
    all.split(';').find_map(ours).filter(|value| !value.is_empty())
}
