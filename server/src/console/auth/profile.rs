//! What an operator changes about themselves: the name that customers see, and the password.

use axum::extract::State;
use axum::http::StatusCode;
use protocol::console::{OperatorName, PasswordChange, SecurityKind};

use super::password::{self, Guesser, MAX_PASSWORD};
use crate::app::App;
use crate::auth::SignedIn;
use crate::http::{Document, Refusal};
use crate::legible::is_legible;

/// The longest name, in characters.
const MAX_NAME: usize = 60;

/// `PUT /api/profile`: changes the name.
///
/// # Errors
/// `Malformed`.
pub async fn put(
    State(app): State<App>,
    SignedIn { session, .. }: SignedIn,
    Document(OperatorName { name }): Document<OperatorName>,
) -> Result<StatusCode, Refusal> {
    app.store.set_operator_name(&session.email, &checked(&name)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `PUT /api/security/password`: changes the password and signs out every other browser. Asks for the old one, so an
/// unattended browser cannot change it.
///
/// # Errors
/// `TooManyTries`, `WrongPassword`, `WeakPassword`, `Malformed`.
pub async fn put_password(
    State(app): State<App>,
    SignedIn { session, cookie, .. }: SignedIn,
    Document(PasswordChange { password, new }): Document<PasswordChange>,
) -> Result<StatusCode, Refusal> {
    if password.len() > MAX_PASSWORD || new.len() > MAX_PASSWORD {
        return Err(Refusal::Malformed("the password is too long".into()));
    }
    password::check_strength(&new)?;
    let guesser = Guesser::known(&session.email, cookie);
    password::verify(&app, &guesser, &session.email, password, app.clock.now()).await?.accept();
    let hash = password::hash(&app, new).await?;
    app.store.set_password(&session.email, &hash, cookie).await?;
    app.security.note(SecurityKind::PasswordChanged, &session.email, None, "").await;
    Ok(StatusCode::NO_CONTENT)
}

/// Returns a name without blanks at its ends.
///
/// # Errors
/// `Malformed` for one that is too long or has signs that nobody can see.
pub(super) fn checked(name: &str) -> Result<String, Refusal> {
    let name = name.trim();
    let is_odd =
        |sign: char| sign.is_control() || matches!(sign, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let is_blank = !name.is_empty() && !is_legible(name);
    if name.chars().count() > MAX_NAME || name.contains(is_odd) || is_blank {
        return Err(Refusal::Malformed(format!("a name has at most {MAX_NAME} visible characters")));
    }
    Ok(name.to_owned())
}
