//! `/api/session`: signs in, by a one-time link that sets the password and then by the password, and out.
//!
//! The cookie is a random secret of which only the hash is kept; each sign-in makes a new one.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use protocol::Millis;
use protocol::console::{SecurityKind, SignInRequest, SignedInOperator};
use store::ConsoleSession;

use super::password::{Guesser, MAX_PASSWORD};
use super::{links, password, profile, totp};
use crate::app::security::BROWSERS_KEPT;
use crate::app::{App, AppInner};
use crate::auth::{Anyone, COOKIE_PATH, SESSION_LIFETIME, SignedIn, cookie, cookie_name, cookie_named};
use crate::http::{Document, Refusal};
use crate::{crypto, random};

/// The longest e-mail address, in bytes (RFC 5321).
const MAX_EMAIL: usize = 254;
/// Characters of a browser's user agent that are kept.
const MAX_BROWSER: usize = 200;

/// Where the cookie is sent by which a browser is known again: to sign in.
const BROWSER_PATH: &str = "/api/session";

/// Returns the operator who is signed in, with the sites that they see.
pub async fn get(State(app): State<App>, signed: SignedIn) -> Result<Json<SignedInOperator>, Refusal> {
    let sites = app.sites.all().await?;
    let visible = sites.iter().filter(|site| signed.grant.allows(site.id));
    let sites = visible.map(|site| (site.public_key.0.clone(), site.name.clone())).collect();
    let email = signed.session.email;
    let name = app.store.operator(&email).await?.map(|operator| operator.name).unwrap_or_default();
    Ok(Json(SignedInOperator { email, name, sites, role: signed.grant.role }))
}

/// Signs in, with a link (which sets the password) or with the password, and with a code where there is a second
/// factor.
///
/// # Errors
/// `Malformed`, `TooManyTries`, `WrongPassword`, `CodeNeeded`, `WrongCode`, and as [`links::redeem`].
pub async fn post(
    State(app): State<App>,
    Anyone { client }: Anyone,
    headers: HeaderMap,
    Document(given): Document<SignInRequest>,
) -> Result<Response, Refusal> {
    let email = given.email.trim().to_lowercase();
    let now = app.clock.now();
    if email.len() > MAX_EMAIL || given.password.len() > MAX_PASSWORD {
        return Err(Refusal::Malformed("the e-mail address or the password is too long".into()));
    }
    let known = known_browser(&app, &headers, &email).await?;
    // A client of strangers does not keep a browser out in which the operator was signed in before.
    if known.is_none() && given.link.is_none() {
        app.knocks.spend(client)?;
    }
    match given.link {
        Some(link) => {
            let name = given.name.map(|name| profile::checked(&name)).transpose()?;
            links::redeem(&app, &link, &email, given.password, now).await?;
            if let Some(name) = name {
                app.store.set_operator_name(&email, &name).await?;
            }
            app.security.note(SecurityKind::LinkUsed, &email, None, "").await;
        }
        None => {
            let guesser = match known {
                Some(browser) => Guesser::known(&email, browser),
                None => Guesser::stranger(&email),
            };
            if let Err(refusal) = check(&app, &guesser, &email, given.password, given.code, now).await {
                note_failure(&app, &email, &refusal).await?;
                return Err(refusal);
            }
        }
    }
    let cookie = random::secret("");
    let browser = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    let browser: String = browser.chars().take(MAX_BROWSER).collect();
    app.security.note(SecurityKind::SignIn, &email, None, &browser).await;
    let session = ConsoleSession { email: email.clone(), created: now, used: now, browser };
    app.store.add_session(crypto::digest(&cookie), session).await?;
    let response = with_cookie(&app, cookie_name(&app), &cookie, COOKIE_PATH, SESSION_LIFETIME);
    Ok(match known {
        Some(browser) => {
            app.store.add_known_browser(browser, &email, now).await?;
            response
        }
        None => {
            let mark = random::secret("");
            app.store.add_known_browser(crypto::digest(&mark), &email, now).await?;
            append_cookie(response, &app, &browser_cookie(&app), &mark, BROWSER_PATH, BROWSERS_KEPT)
        }
    })
}

/// The cookie by which a browser is known again; it lets nobody in.
fn browser_cookie(app: &App) -> String {
    format!("{}-browser", cookie_name(app))
}

/// Returns the hash of the browser's mark, when this operator was signed in there before.
async fn known_browser(app: &App, headers: &HeaderMap, email: &str) -> Result<Option<[u8; 32]>, Refusal> {
    let Some(mark) = cookie_named(headers, &browser_cookie(app)) else { return Ok(None) };
    let hash = crypto::digest(&mark);
    Ok(app.store.is_known_browser(hash, email).await?.then_some(hash))
}

/// Notes a sign-in that failed. Who is asked for by another name than an operator's is nobody: people type passwords there.
async fn note_failure(app: &AppInner, email: &str, refusal: &Refusal) -> Result<(), Refusal> {
    if !matches!(refusal, Refusal::WrongPassword | Refusal::WrongCode | Refusal::TooManyTries(_)) {
        return Ok(());
    }
    let is_operator = app.store.operator(email).await?.is_some();
    let about = if is_operator { email } else { "" };
    app.security.note_failure(SecurityKind::SignInFailed, "", None, about).await;
    Ok(())
}

/// Signs out.
pub async fn delete(State(app): State<App>, _: Anyone, headers: HeaderMap) -> Result<Response, Refusal> {
    if let Some(cookie) = cookie(&headers, &app) {
        let hash = crypto::digest(&cookie);
        if let Some((session, _)) = app.store.session(hash).await? {
            app.security.note(SecurityKind::SignOut, &session.email, None, "").await;
        }
        app.store.end_session(hash).await?;
    }
    Ok(with_cookie(&app, cookie_name(&app), "", COOKIE_PATH, 0))
}

async fn check(
    app: &AppInner,
    guesser: &Guesser,
    email: &str,
    password: String,
    code: Option<String>,
    now: Millis,
) -> Result<(), Refusal> {
    let right = password::verify(app, guesser, email, password, now).await?;
    if let Some(second) = &right.second_factor {
        // Failed sign-ins are not forgotten until the code is right, too: codes could be guessed as well.
        let code = code.filter(|code| !code.is_empty()).ok_or(Refusal::CodeNeeded)?;
        totp::check(app, email, second, &code).await?;
    }
    right.accept();
    Ok(())
}

/// Answers with a cookie for what is here below a path, which lasts so many milliseconds.
fn with_cookie(app: &App, name: &str, value: &str, path: &str, lasts: Millis) -> Response {
    append_cookie(StatusCode::NO_CONTENT.into_response(), app, name, value, path, lasts)
}

fn append_cookie(
    mut response: Response,
    app: &App,
    name: &str,
    value: &str,
    path: &str,
    lasts: Millis,
) -> Response {
    let secure = if app.config.is_https() { "; Secure" } else { "" };
    let (path, seconds) = (app.config.public_path(path), lasts / 1000);
    let cookie = format!("{name}={value}; Path={path}; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}
