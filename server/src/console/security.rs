//! What somebody can do about their own door: see where they are signed in and end it there, and ask for a code
//! of an authenticator beside the password (RFC 6238).

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use protocol::console::{PasswordConfirmation, SecuritySettings, SignedInBrowser, TotpCode, TotpSetup};
use qrcodegen::{QrCode, QrCodeEcc};
use store::SecondFactor;
use totp_rs::{Builder, Secret, Totp};

use super::guard::{SignedIn, is_good};
use super::sign_in::check_password;
use crate::app::App;
use crate::http::Refusal;
use crate::secret::hex;

/// Bytes of a session's hash that name it.
const NAME: usize = 8;

/// `GET /api/security`: the browsers in which they are signed in, and whether codes are asked for.
pub async fn get(State(app): State<App>, signed: SignedIn) -> Result<Json<SecuritySettings>, Refusal> {
    let email = &signed.session.email;
    let now = app.clock.now();
    let (good, over): (Vec<_>, Vec<_>) =
        app.store.sessions(email).await?.into_iter().partition(|(_, session)| is_good(session, now));
    for (hash, _) in over {
        app.store.end_session(hash).await?;
    }
    let browsers = good.into_iter().map(|(hash, session)| SignedInBrowser {
        id: hex(&hash[..NAME]),
        browser: session.browser,
        created: session.created,
        used: session.used,
        here: hash == signed.cookie,
    });
    let operator = app.store.operator(email).await?.ok_or(Refusal::SignedOut)?;
    let codes = operator.second_factor.is_some_and(|second| second.enabled);
    Ok(Json(SecuritySettings { browsers: browsers.collect(), codes }))
}

/// `DELETE /api/security/browsers/{id}`: signs one of them out.
pub async fn end(
    State(app): State<App>,
    signed: SignedIn,
    Path(id): Path<String>,
) -> Result<StatusCode, Refusal> {
    let all = app.store.sessions(&signed.session.email).await?;
    let (hash, _) = all.into_iter().find(|(hash, _)| hex(&hash[..NAME]) == id).ok_or(Refusal::NotFound)?;
    app.store.end_session(hash).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /api/security/codes`: a fresh secret for an authenticator, for whoever has the password and not only the
/// browser. Nothing is asked for until a code was given.
pub async fn begin(
    State(app): State<App>,
    signed: SignedIn,
    Json(PasswordConfirmation { password }): Json<PasswordConfirmation>,
) -> Result<Json<TotpSetup>, Refusal> {
    let email = signed.session.email;
    check_password(&app, &email, password, None, app.clock.now()).await.or_else(needless)?;
    let operator = app.store.operator(&email).await?.ok_or(Refusal::SignedOut)?;
    if operator.second_factor.is_some_and(|second| second.enabled) {
        return Err(Refusal::Malformed("codes are asked for already; switch that off first".into()));
    }
    let secret = Secret::generate().to_base32();
    let address = totp(&email, &secret)?.to_url().map_err(|_| Refusal::Failed)?;
    app.store
        .set_second_factor(&email, Some(SecondFactor { totp_secret: secret.clone(), enabled: false }))
        .await?;
    Ok(Json(TotpSetup { drawing: drawing(&address)?, secret, address }))
}

/// Whoever has codes already is told so, not asked for one.
fn needless(refusal: Refusal) -> Result<(), Refusal> {
    if refusal == Refusal::CodeNeeded { Ok(()) } else { Err(refusal) }
}

/// `PUT /api/security/codes`: the first code; from now on one is asked for at each sign-in.
pub async fn confirm(
    State(app): State<App>,
    signed: SignedIn,
    Json(TotpCode { code }): Json<TotpCode>,
) -> Result<StatusCode, Refusal> {
    let email = signed.session.email;
    let second = app.store.operator(&email).await?.and_then(|operator| operator.second_factor);
    let second = second.ok_or(Refusal::NotFound)?;
    guarded(&app, &email, &second, &code).await?;
    app.store.set_second_factor(&email, Some(SecondFactor { enabled: true, ..second })).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `DELETE /api/security/codes`: with a last code, none is asked for any more.
pub async fn forget(
    State(app): State<App>,
    signed: SignedIn,
    Json(TotpCode { code }): Json<TotpCode>,
) -> Result<StatusCode, Refusal> {
    let email = signed.session.email;
    let second = app.store.operator(&email).await?.and_then(|operator| operator.second_factor);
    guarded(&app, &email, &second.ok_or(Refusal::NotFound)?, &code).await?;
    app.store.set_second_factor(&email, None).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Checks a code of somebody who is signed in, as slowly as at the door.
async fn guarded(app: &App, email: &str, second: &SecondFactor, code: &str) -> Result<(), Refusal> {
    let now = app.clock.now();
    app.tries.allow(email, now)?;
    app.tries.note(email, now);
    check(app, email, second, code).await?;
    app.tries.forget(email);
    Ok(())
}

/// Checks a code: each is good once.
///
/// # Errors
/// `WrongCode`.
pub(super) async fn check(app: &App, email: &str, second: &SecondFactor, code: &str) -> Result<(), Refusal> {
    let seconds = app.clock.now().unsigned_abs() / 1000;
    let number = totp(email, &second.totp_secret)?.check(code.trim(), seconds).ok_or(Refusal::WrongCode)?;
    if app.store.use_totp_code(email, number).await? { Ok(()) } else { Err(Refusal::WrongCode) }
}

/// Six digits, thirty seconds, one before and after: what every authenticator does.
fn totp(email: &str, secret: &str) -> Result<Totp, Refusal> {
    let secret = Secret::try_from_base32(secret).map_err(|_| Refusal::Failed)?;
    let account = email.replace(':', " ");
    let builder = Builder::new().with_secret(secret).with_account_name(account).with_issuer(Some("Tabiji"));
    builder.build().map_err(|_| Refusal::Failed)
}

/// A QR code (ISO/IEC 18004) as the path of an SVG of which each dot is a unit, and its width.
fn drawing(text: &str) -> Result<(String, u32), Refusal> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).map_err(|_| Refusal::Failed)?;
    let size = code.size();
    let dots =
        (0..size).flat_map(|y| (0..size).map(move |x| (x, y))).filter(|(x, y)| code.get_module(*x, *y));
    Ok((dots.map(|(x, y)| format!("M{x},{y}h1v1h-1z")).collect(), size.unsigned_abs()))
}
