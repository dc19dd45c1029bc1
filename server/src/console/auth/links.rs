//! One-time links: the first way in, and the way back for a forgotten password. Only the hash of a link's secret is
//! kept.

use axum::extract::State;
use axum::http::StatusCode;
use protocol::{DAY, Millis};
use store::{Grant, RedeemOutcome, StoreError};

use super::password;
use crate::app::{App, AppInner};
use crate::auth::Anyone;
use crate::http::{Document, Refusal};
use crate::{crypto, random};

/// How long a link may wait to be used, in milliseconds: a day.
pub const LIFETIME: Millis = DAY;

/// `POST /api/link`: whether a link can still be used, without using it.
///
/// # Errors
/// `TooManyTries` and `DeadLink`.
pub async fn post(
    State(app): State<App>,
    Anyone { client }: Anyone,
    Document(link): Document<String>,
) -> Result<StatusCode, Refusal> {
    app.knocks.spend(client)?;
    let is_valid = app.store.is_link_valid(crypto::digest(&link), app.clock.now()).await?;
    if is_valid { Ok(StatusCode::NO_CONTENT) } else { Err(Refusal::DeadLink) }
}

/// Makes a link for an operator with this grant; for one address, or for any that no operator has.
///
/// # Errors
/// When the store does not answer.
pub async fn new_link(app: &AppInner, grant: Grant, email: Option<String>) -> Result<String, StoreError> {
    let link = random::secret("");
    app.store.add_link(crypto::digest(&link), grant, email, app.clock.now() + LIFETIME).await?;
    Ok(link)
}

/// Uses a link: sets the password of an address.
///
/// # Errors
/// `Malformed`, `WeakPassword`, `DeadLink`, `AddressTaken`.
pub(super) async fn redeem(
    app: &AppInner,
    link: &str,
    email: &str,
    password: String,
    now: Millis,
) -> Result<(), Refusal> {
    if !email.contains('@') {
        return Err(Refusal::Malformed("the e-mail address has no @".into()));
    }
    password::check_strength(&password)?;
    // Looked at before the hash is computed, which is slow on purpose.
    if !app.store.is_link_valid(crypto::digest(link), now).await? {
        return Err(Refusal::DeadLink);
    }
    let hash = password::hash(app, password).await?;
    match app.store.redeem_link(crypto::digest(link), email, &hash, now).await? {
        RedeemOutcome::Redeemed => Ok(()),
        RedeemOutcome::Expired => Err(Refusal::DeadLink),
        RedeemOutcome::EmailTaken => Err(Refusal::AddressTaken),
    }
}
