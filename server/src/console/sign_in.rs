//! Signing in: the first time by a one-time link that sets the password, then with the password.
//!
//! The cookie is a random secret of which only the hash is kept; a new one is made at each sign-in.

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use axum::Json;
use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use protocol::{Millis, SignIn, Viewer};
use store::{Operator, SessionRow, StoreError};

use crate::app::App;
use crate::http::Refusal;
use crate::secret;

/// A session ends after half a day without use, and after two weeks in any case.
const IDLE: Millis = 12 * 60 * 60 * 1000;
const LONGEST: Millis = 14 * 24 * 60 * 60 * 1000;
/// A session's use is written down at most this often.
const NOTE_USE_AFTER: Millis = 60_000;
/// An address is no longer than this (RFC 5321).
const LONGEST_EMAIL: usize = 254;
/// How long a one-time link can wait.
const LINK: Millis = 24 * 60 * 60 * 1000;
const LEAST_PASSWORD: usize = 10;
const LONGEST_PASSWORD: usize = 1024;

/// Somebody who is signed in, and the hash of their cookie; a handler that takes this is closed to everyone else.
pub struct SignedIn(pub SessionRow, pub [u8; 32]);

impl FromRequestParts<App> for SignedIn {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let cookie = cookie(&parts.headers, app).ok_or(Refusal::SignedOut)?;
        let now = app.clock.now();
        let hash = secret::hash(&cookie);
        let session = app.store.session(hash).await?.ok_or(Refusal::SignedOut)?;
        if !is_good(&session, now) {
            app.store.end_session(hash).await?;
            return Err(Refusal::SignedOut);
        }
        if now - session.used > NOTE_USE_AFTER {
            app.store.note_use(hash, now).await?;
        }
        Ok(Self(session, hash))
    }
}

/// Whether a session has not run out.
pub(super) fn is_good(session: &SessionRow, now: Millis) -> bool {
    now - session.used <= IDLE && now - session.created <= LONGEST
}

/// `GET /api/session`: who is signed in.
pub async fn viewer(State(app): State<App>, SignedIn(session, _): SignedIn) -> Result<Json<Viewer>, Refusal> {
    let sites = app.sites.all().await?;
    let sites = sites.iter().map(|site| (site.public_key.0.clone(), site.name.clone())).collect();
    Ok(Json(Viewer { email: session.email, sites }))
}

/// `POST /api/link`: whether a one-time link still works, without using it up.
pub async fn check_link(State(app): State<App>, Json(link): Json<String>) -> Result<StatusCode, Refusal> {
    let waiting = app.store.link(secret::hash(&link), app.clock.now()).await?;
    if waiting { Ok(StatusCode::NO_CONTENT) } else { Err(Refusal::DeadLink) }
}

/// `POST /api/session`: signs in, with a link (which sets the password) or with the password.
pub async fn sign_in(State(app): State<App>, Json(given): Json<SignIn>) -> Result<Response, Refusal> {
    let email = given.email.trim().to_lowercase();
    let now = app.clock.now();
    if email.len() > LONGEST_EMAIL || given.password.len() > LONGEST_PASSWORD {
        return Err(Refusal::Malformed("the e-mail address or the password is too long".into()));
    }
    match given.link {
        Some(link) => redeem(&app, &link, email.clone(), given.password, now).await?,
        None => check_password(&app, &email, given.password, now).await?,
    }
    let cookie = secret::fresh("");
    let session = SessionRow { email, created: now, used: now };
    app.store.add_session(secret::hash(&cookie), session).await?;
    Ok(with_cookie(&app, &cookie, LONGEST / 1000))
}

/// `DELETE /api/session`: signs out.
pub async fn sign_out(State(app): State<App>, headers: HeaderMap) -> Result<Response, Refusal> {
    if let Some(cookie) = cookie(&headers, &app) {
        app.store.end_session(secret::hash(&cookie)).await?;
    }
    Ok(with_cookie(&app, "", 0))
}

/// Makes a one-time link's secret.
///
/// # Errors
/// When the store does not answer.
pub async fn new_link(app: &App) -> Result<String, StoreError> {
    let link = secret::fresh("");
    app.store.add_link(secret::hash(&link), app.clock.now() + LINK).await?;
    Ok(link)
}

async fn redeem(app: &App, link: &str, email: String, password: String, now: Millis) -> Result<(), Refusal> {
    if !email.contains('@') {
        return Err(Refusal::Malformed("the e-mail address has no @".into()));
    }
    if password.chars().count() < LEAST_PASSWORD {
        return Err(Refusal::WeakPassword);
    }
    if !app.store.link(secret::hash(link), now).await? {
        return Err(Refusal::DeadLink);
    }
    let _permit = app.hashing.acquire().await.map_err(|_| Refusal::Busy)?;
    let password = hashing(move || {
        Argon2::default().hash_password(password.as_bytes()).ok().map(|hash| hash.to_string())
    })
    .await?
    .ok_or(Refusal::Failed)?;
    let redeemed = app.store.redeem(secret::hash(link), Operator { email, password }, now).await?;
    if redeemed { Ok(()) } else { Err(Refusal::DeadLink) }
}

async fn check_password(app: &App, email: &str, password: String, now: Millis) -> Result<(), Refusal> {
    // One at a time: a burst of guesses cannot pass before the first of them is noted.
    let _permit = app.hashing.acquire().await.map_err(|_| Refusal::Busy)?;
    app.tries.allow(email, now)?;
    app.tries.note(email, now);
    let operator = app.store.operator(email).await?;
    // An unknown address takes as long as a known one.
    let known = operator.map_or_else(|| DECOY.to_owned(), |operator| operator.password);
    let right = hashing(move || {
        let hash = PasswordHash::new(&known).ok()?;
        Argon2::default().verify_password(password.as_bytes(), &hash).ok()
    })
    .await?
    .is_some();
    if !right {
        return Err(Refusal::WrongPassword);
    }
    app.tries.forget(email);
    Ok(())
}

/// A hash that no password has.
const DECOY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Hashes a password off the async threads; the caller holds the permit.
async fn hashing<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Refusal> {
    tokio::task::spawn_blocking(work).await.map_err(|_| Refusal::Failed)
}

/// Over TLS the name binds the cookie to this host; over plain HTTP browsers would not keep it.
fn cookie_name(app: &App) -> &'static str {
    if app.config.is_https() { "__Host-tabiji" } else { "tabiji" }
}

fn cookie(headers: &HeaderMap, app: &App) -> Option<String> {
    let all = headers.get(header::COOKIE)?.to_str().ok()?;
    let ours = |pair: &str| pair.trim().strip_prefix(cookie_name(app))?.strip_prefix('=').map(str::to_owned);
    all.split(';').find_map(ours).filter(|value| !value.is_empty())
}

fn with_cookie(app: &App, value: &str, seconds: i64) -> Response {
    let secure = if app.config.is_https() { "; Secure" } else { "" };
    let name = cookie_name(app);
    let cookie = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}");
    let mut response = StatusCode::NO_CONTENT.into_response();
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}
