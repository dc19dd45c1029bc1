//! `/api/security`: the browsers in which an operator is signed in, and signing out of one of them.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use protocol::console::{SecurityKind, SecuritySettings, SignedInBrowser};

use crate::app::App;
use crate::auth::{SignedIn, is_valid};
use crate::crypto::hex;
use crate::http::{Path, Refusal};

/// Bytes of a session's hash that name it.
const NAME: usize = 8;

/// Returns the operator's sessions, and whether they have turned on two-factor authentication.
pub async fn get(State(app): State<App>, signed: SignedIn) -> Result<Json<SecuritySettings>, Refusal> {
    let email = &signed.session.email;
    let now = app.clock.now();
    let (valid, expired): (Vec<_>, Vec<_>) =
        app.store.sessions(email).await?.into_iter().partition(|(_, session)| is_valid(session, now));
    for (hash, _) in expired {
        app.store.end_session(hash).await?;
    }
    let browsers = valid.into_iter().map(|(hash, session)| SignedInBrowser {
        id: hex(&hash[..NAME]),
        browser: session.browser,
        created: session.created,
        used: session.used,
        current: hash == signed.cookie,
    });
    let operator = app.store.operator(email).await?.ok_or(Refusal::SignedOut)?;
    let codes = operator.second_factor.is_some_and(|second| second.enabled);
    Ok(Json(SecuritySettings { browsers: browsers.collect(), two_factor: codes }))
}

/// `DELETE /api/security/browsers/{id}`: signs the operator out of one browser.
///
/// # Errors
/// `NotFound`.
pub async fn delete(
    State(app): State<App>,
    signed: SignedIn,
    Path(id): Path<String>,
) -> Result<StatusCode, Refusal> {
    let all = app.store.sessions(&signed.session.email).await?;
    let (hash, _) = all.into_iter().find(|(hash, _)| hex(&hash[..NAME]) == id).ok_or(Refusal::NotFound)?;
    app.store.end_session(hash).await?;
    app.security.note(SecurityKind::SignOut, &signed.session.email, None, "").await;
    Ok(StatusCode::NO_CONTENT)
}
