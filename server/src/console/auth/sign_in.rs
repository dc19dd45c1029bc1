//! `/api/session`: signs in, by a one-time link that sets the password and then by the password, and out.
//!
//! The cookie is a random secret of which only the hash is kept; each sign-in makes a new one.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use protocol::Millis;
use protocol::console::{SignInRequest, SignedInOperator};
use store::ConsoleSession;

use super::password::MAX_PASSWORD;
use super::{links, password, profile, totp};
use crate::app::{App, AppInner};
use crate::auth::{Anyone, SESSION_LIFETIME, SignedIn, cookie, cookie_name};
use crate::http::Refusal;
use crate::{crypto, random};

/// The longest e-mail address, in bytes (RFC 5321).
const MAX_EMAIL: usize = 254;
/// Characters of a browser's user agent that are kept.
const MAX_BROWSER: usize = 200;

/// Returns the operator who is signed in, with the sites that they see.
pub async fn get(State(app): State<App>, signed: SignedIn) -> Result<Json<SignedInOperator>, Refusal> {
    let sites = app.sites.all().await?;
    let visible = sites.iter().filter(|site| signed.grant.allows(site.id));
    let sites = visible.map(|site| (site.public_key.0.clone(), site.name.clone())).collect();
    let email = signed.session.email;
    let name = app.store.operator(&email).await?.map(|operator| operator.name).unwrap_or_default();
    Ok(Json(SignedInOperator { email, name, sites }))
}

/// Signs in, with a link (which sets the password) or with the password, and with a code where there is a second
/// factor.
///
/// # Errors
/// `Malformed`, `TooManyTries`, `WrongPassword`, `CodeNeeded`, `WrongCode`, and as [`links::redeem`].
pub async fn post(
    State(app): State<App>,
    _: Anyone,
    headers: HeaderMap,
    Json(given): Json<SignInRequest>,
) -> Result<Response, Refusal> {
    let email = given.email.trim().to_lowercase();
    let now = app.clock.now();
    if email.len() > MAX_EMAIL || given.password.len() > MAX_PASSWORD {
        return Err(Refusal::Malformed("the e-mail address or the password is too long".into()));
    }
    match given.link {
        Some(link) => {
            let name = given.name.map(|name| profile::checked(&name)).transpose()?;
            links::redeem(&app, &link, &email, given.password, now).await?;
            if let Some(name) = name {
                app.store.set_operator_name(&email, &name).await?;
            }
        }
        None => check(&app, &email, given.password, given.code, now).await?,
    }
    let cookie = random::secret("");
    let browser = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    let browser = browser.chars().take(MAX_BROWSER).collect();
    let session = ConsoleSession { email, created: now, used: now, browser };
    app.store.add_session(crypto::digest(&cookie), session).await?;
    Ok(with_cookie(&app, &cookie, SESSION_LIFETIME / 1000))
}

/// Signs out.
pub async fn delete(State(app): State<App>, _: Anyone, headers: HeaderMap) -> Result<Response, Refusal> {
    if let Some(cookie) = cookie(&headers, &app) {
        app.store.end_session(crypto::digest(&cookie)).await?;
    }
    Ok(with_cookie(&app, "", 0))
}

async fn check(
    app: &AppInner,
    email: &str,
    password: String,
    code: Option<String>,
    now: Millis,
) -> Result<(), Refusal> {
    let right = password::verify(app, email, password, now).await?;
    if let Some(second) = &right.second_factor {
        // Failed sign-ins are not forgotten until the code is right, too: codes could be guessed as well.
        let code = code.filter(|code| !code.is_empty()).ok_or(Refusal::CodeNeeded)?;
        totp::check(app, email, second, &code).await?;
    }
    right.accept();
    Ok(())
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
