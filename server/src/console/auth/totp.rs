//! Two-factor authentication: one-time codes of an authenticator (TOTP, RFC 6238) beside the password.
//! `/api/security/codes` sets it up, turns it on with a first code, and off with a last one.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use protocol::console::{PasswordConfirmation, SecurityKind, TotpCode, TotpSetup};
use qrcodegen::{QrCode, QrCodeEcc};
use store::SecondFactor;
use totp_rs::{Builder, Secret, Totp};

use super::password::{self, Guesser};
use crate::app::{App, AppInner};
use crate::auth::SignedIn;
use crate::http::{Document, Refusal};

/// Makes a secret for an authenticator. Asks for the password again, so an unattended browser cannot change sign-in
/// settings. No code is asked for until [`confirm`].
///
/// # Errors
/// `TooManyTries`, `WrongPassword`, and `Malformed` while it is turned on.
pub async fn begin(
    State(app): State<App>,
    SignedIn { session, cookie, .. }: SignedIn,
    Document(PasswordConfirmation { password }): Document<PasswordConfirmation>,
) -> Result<Json<TotpSetup>, Refusal> {
    let email = session.email;
    let guesser = Guesser::known(&email, cookie);
    let right = password::verify(&app, &guesser, &email, password, app.clock.now()).await?;
    if right.second_factor.is_some() {
        return Err(Refusal::Malformed("codes are asked for already; switch that off first".into()));
    }
    right.accept();
    let secret = Secret::generate().to_base32();
    let address = totp(&email, &secret)?.to_url().map_err(|_| Refusal::Failed)?;
    app.store
        .set_second_factor(&email, Some(SecondFactor { totp_secret: secret.clone(), enabled: false }))
        .await?;
    Ok(Json(TotpSetup { qr_code: drawing(&address)?, secret, address }))
}

/// Turns it on with the first code.
///
/// # Errors
/// `NotFound` before [`begin`], `TooManyTries`, `WrongCode`.
pub async fn confirm(
    State(app): State<App>,
    signed: SignedIn,
    Document(TotpCode { code }): Document<TotpCode>,
) -> Result<StatusCode, Refusal> {
    let second = check_throttled(&app, &signed, &code).await?;
    let email = &signed.session.email;
    app.store.set_second_factor(email, Some(SecondFactor { enabled: true, ..second })).await?;
    app.security.note(SecurityKind::CodesOn, email, None, "").await;
    Ok(StatusCode::NO_CONTENT)
}

/// Turns it off with a last code.
///
/// # Errors
/// `NotFound` when it is off, `TooManyTries`, `WrongCode`.
pub async fn turn_off(
    State(app): State<App>,
    signed: SignedIn,
    Document(TotpCode { code }): Document<TotpCode>,
) -> Result<StatusCode, Refusal> {
    check_throttled(&app, &signed, &code).await?;
    let email = &signed.session.email;
    app.store.set_second_factor(email, None).await?;
    app.security.note(SecurityKind::CodesOff, email, None, "").await;
    Ok(StatusCode::NO_CONTENT)
}

/// Checks a code of an operator who is signed in, as slowly as at a sign-in.
async fn check_throttled(app: &AppInner, signed: &SignedIn, code: &str) -> Result<SecondFactor, Refusal> {
    let email = &signed.session.email;
    let key = Guesser::known(email, signed.cookie).key;
    let second = app.store.operator(email).await?.and_then(|operator| operator.second_factor);
    let second = second.ok_or(Refusal::NotFound)?;
    let (throttle, now) = (&app.passwords.throttle, app.clock.now());
    throttle.allow(&key, now)?;
    throttle.count(&key, now);
    check(app, email, &second, code).await?;
    throttle.forget(&key);
    Ok(second)
}

/// Checks a code, which can be used once.
///
/// # Errors
/// `WrongCode`.
pub(super) async fn check(
    app: &AppInner,
    email: &str,
    second: &SecondFactor,
    code: &str,
) -> Result<(), Refusal> {
    let seconds = app.clock.now().unsigned_abs() / 1000;
    let number = totp(email, &second.totp_secret)?.check(code.trim(), seconds).ok_or(Refusal::WrongCode)?;
    if app.store.use_totp_code(email, number).await? { Ok(()) } else { Err(Refusal::WrongCode) }
}

/// Six digits, thirty seconds, one step before and after: what every authenticator does.
fn totp(email: &str, secret: &str) -> Result<Totp, Refusal> {
    let secret = Secret::try_from_base32(secret).map_err(|_| Refusal::Failed)?;
    let account = email.replace(':', " ");
    let builder = Builder::new().with_secret(secret).with_account_name(account).with_issuer(Some("Tabiji"));
    builder.build().map_err(|_| Refusal::Failed)
}

/// Returns a QR code (ISO/IEC 18004) as the path of an SVG with one unit for each module, and its width.
fn drawing(text: &str) -> Result<(String, u32), Refusal> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).map_err(|_| Refusal::Failed)?;
    let size = code.size();
    let modules =
        (0..size).flat_map(|y| (0..size).map(move |x| (x, y))).filter(|(x, y)| code.get_module(*x, *y));
    Ok((modules.map(|(x, y)| format!("M{x},{y}h1v1h-1z")).collect(), size.unsigned_abs()))
}
