//! Signing in: the first time by a one-time link that sets the password, then with the password.
//!
//! The cookie is a random secret of which only the hash is kept; a new one is made at each sign-in.

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use protocol::Millis;
use protocol::console::{SignInRequest, SignedInOperator};
use store::{ConsoleSession, Grant, RedeemOutcome, StoreError};

use super::guard::{LONGEST, SignedIn, cookie, cookie_name};
use super::security;
use crate::app::App;
use crate::http::Refusal;
use crate::secret;

/// An address is no longer than this (RFC 5321).
const LONGEST_EMAIL: usize = 254;
/// How long a one-time link can wait.
const LINK: Millis = 24 * 60 * 60 * 1000;
const LEAST_PASSWORD: usize = 10;
const LONGEST_PASSWORD: usize = 1024;
/// Characters of what a browser says that it is.
const BROWSER: usize = 200;

/// `GET /api/session`: who is signed in, and what they see.
pub async fn viewer(State(app): State<App>, signed: SignedIn) -> Result<Json<SignedInOperator>, Refusal> {
    let sites = app.sites.all().await?;
    let theirs = sites.iter().filter(|site| signed.grant.allows(site.id));
    let sites = theirs.map(|site| (site.public_key.0.clone(), site.name.clone())).collect();
    Ok(Json(SignedInOperator { email: signed.session.email, sites }))
}

/// `POST /api/link`: whether a one-time link still works, without using it up.
pub async fn check_link(State(app): State<App>, Json(link): Json<String>) -> Result<StatusCode, Refusal> {
    let waiting = app.store.is_link_valid(secret::hash(&link), app.clock.now()).await?;
    if waiting { Ok(StatusCode::NO_CONTENT) } else { Err(Refusal::DeadLink) }
}

/// `POST /api/session`: signs in, with a link (which sets the password) or with the password, and with a code
/// where there is a second factor.
pub async fn sign_in(
    State(app): State<App>,
    headers: HeaderMap,
    Json(given): Json<SignInRequest>,
) -> Result<Response, Refusal> {
    let email = given.email.trim().to_lowercase();
    let now = app.clock.now();
    if email.len() > LONGEST_EMAIL || given.password.len() > LONGEST_PASSWORD {
        return Err(Refusal::Malformed("the e-mail address or the password is too long".into()));
    }
    match given.link {
        Some(link) => redeem(&app, &link, email.clone(), given.password, now).await?,
        None => check_password(&app, &email, given.password, given.code, now).await?,
    }
    let cookie = secret::fresh("");
    let browser = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    let browser = browser.chars().take(BROWSER).collect();
    let session = ConsoleSession { email, created: now, used: now, browser };
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

/// Makes a one-time link's secret, for somebody who is to see so much: for this address, or for any that nobody has.
///
/// # Errors
/// When the store does not answer.
pub async fn new_link(app: &App, grant: Grant, email: Option<String>) -> Result<String, StoreError> {
    let link = secret::fresh("");
    app.store.add_link(secret::hash(&link), grant, email, app.clock.now() + LINK).await?;
    Ok(link)
}

async fn redeem(app: &App, link: &str, email: String, password: String, now: Millis) -> Result<(), Refusal> {
    if !email.contains('@') {
        return Err(Refusal::Malformed("the e-mail address has no @".into()));
    }
    if password.chars().count() < LEAST_PASSWORD {
        return Err(Refusal::WeakPassword);
    }
    if !app.store.is_link_valid(secret::hash(link), now).await? {
        return Err(Refusal::DeadLink);
    }
    let _permit = app.hashing.acquire().await.map_err(|_| Refusal::Busy)?;
    let password = hashing(move || {
        Argon2::default().hash_password(password.as_bytes()).ok().map(|hash| hash.to_string())
    })
    .await?
    .ok_or(Refusal::Failed)?;
    match app.store.redeem_link(secret::hash(link), &email, &password, now).await? {
        RedeemOutcome::Redeemed => Ok(()),
        RedeemOutcome::Expired => Err(Refusal::DeadLink),
        RedeemOutcome::EmailTaken => Err(Refusal::AddressTaken),
    }
}

pub(super) async fn check_password(
    app: &App,
    email: &str,
    password: String,
    code: Option<String>,
    now: Millis,
) -> Result<(), Refusal> {
    // One at a time: a burst of guesses cannot pass before the first of them is noted.
    let _permit = app.hashing.acquire().await.map_err(|_| Refusal::Busy)?;
    app.tries.allow(email, now)?;
    app.tries.note(email, now);
    let operator = app.store.operator(email).await?;
    // An unknown address takes as long as a known one.
    let second =
        operator.as_ref().and_then(|operator| operator.second_factor.clone()).filter(|second| second.enabled);
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
    if let Some(second) = second {
        // Not forgotten until the code is right, too: codes could be guessed as well.
        let code = code.filter(|code| !code.is_empty()).ok_or(Refusal::CodeNeeded)?;
        security::check(app, email, &second, &code).await?;
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
