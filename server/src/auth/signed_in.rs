//! An operator of the console, known by a cookie of which only the hash is kept.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use protocol::{DAY, Millis};
use store::{ConsoleSession, Grant, SiteId};

use super::Admission;
use crate::app::App;
use crate::crypto;
use crate::http::Refusal;
use crate::openapi::{Operation, Schemas, Security};

/// A session ends after half a day without use.
pub(crate) const IDLE: Millis = 12 * 60 * 60 * 1000;
/// A session ends two weeks after the sign-in in any case, in milliseconds.
pub(crate) const SESSION_LIFETIME: Millis = 14 * DAY;
/// A session's use is written down at most this often, in milliseconds.
const NOTE_USE_AFTER: Millis = 60_000;

/// An operator who is signed in.
pub struct SignedIn {
    /// The session of their browser.
    pub session: ConsoleSession,
    /// The hash of its cookie.
    pub cookie: [u8; 32],
    /// What they may do.
    pub grant: Grant,
}

impl Admission for SignedIn {
    const NAME: &'static str = "SignedIn";

    fn describe(operation: &mut Operation, _: &mut Schemas) {
        operation.admits(Self::NAME, Some(Security::Session));
        operation.refuses([Refusal::SignedOut, Refusal::ForeignPage]);
        operation.asks_store();
    }
}

impl FromRequestParts<App> for SignedIn {
    type Rejection = Refusal;

    /// # Errors
    /// `SignedOut`.
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let cookie = crypto::digest(&cookie(&parts.headers, app).ok_or(Refusal::SignedOut)?);
        let now = app.clock.now();
        let (session, grant) = app.store.session(cookie).await?.ok_or(Refusal::SignedOut)?;
        // A failed "last used" update must not sign anyone out.
        let noted = if !is_valid(&session, now) {
            app.store.end_session(cookie).await
        } else if now - session.used > NOTE_USE_AFTER {
            app.store.touch_session(cookie, now).await
        } else {
            Ok(())
        };
        if let Err(error) = noted {
            tracing::warn!(%error, "the use of a session was not written");
        }
        if !is_valid(&session, now) {
            return Err(Refusal::SignedOut);
        }
        Ok(Self { session, cookie, grant })
    }
}

impl SignedIn {
    /// Whether they are still signed in, and still see a site: asked while a live feed is open.
    pub async fn still_sees(&self, app: &App, site: SiteId) -> bool {
        match app.store.session(self.cookie).await {
            Ok(Some((session, grant))) => is_valid(&session, app.clock.now()) && grant.allows(site),
            _ => false,
        }
    }
}

/// Whether a session has not expired.
pub(crate) fn is_valid(session: &ConsoleSession, now: Millis) -> bool {
    now - session.used <= IDLE && now - session.created <= SESSION_LIFETIME
}

/// Where the session cookie is sent: to what the console asks for, and to no file, page or script of this host.
pub(crate) const COOKIE_PATH: &str = "/api";

/// Over TLS the `__Secure-` prefix keeps plain HTTP from setting the cookie; there browsers would not keep it. `__Host-`
/// asks for the path `/`.
pub(crate) fn cookie_name(app: &App) -> &'static str {
    if app.config.is_https() { "__Secure-tabiji" } else { "tabiji" }
}

/// The value of the session cookie, when there is one. Several are none: another host of the domain has set one of them,
/// and nothing says which.
pub(crate) fn cookie(headers: &HeaderMap, app: &App) -> Option<String> {
    cookie_named(headers, cookie_name(app))
}

/// The value of a cookie of this name, when there is exactly one.
pub(crate) fn cookie_named(headers: &HeaderMap, name: &str) -> Option<String> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|all| all.to_str().ok());
    let ours = |pair: &str| pair.trim().strip_prefix(name)?.strip_prefix('=').map(str::to_owned);
    let mut ours = all.flat_map(|all| all.split(';')).filter_map(ours).filter(|value| !value.is_empty());
    let cookie = ours.next()?;
    ours.next().is_none().then_some(cookie)
}
