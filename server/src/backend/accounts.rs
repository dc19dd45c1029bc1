//! `PUT /v1/accounts/{id}`: what the host and its sales team know of a customer.

use axum::Json;
use axum::extract::State;
use protocol::backend::{AccountUpdate, FactValue};
use protocol::ids::AccountId;
use store::{NewRecord, Source};

use super::facts::NO_NUMBER;
use super::moment;
use crate::app::App;
use crate::auth::HostBackend;
use crate::auth::identity::check_id;
use crate::http::{Document, Path, Refusal};
use crate::legible::is_legible;
use crate::random;

/// Journals an update of an account and returns the account as it is then.
///
/// # Errors
/// `Malformed` for an id that cannot be one.
pub async fn put(
    State(app): State<App>,
    HostBackend { site, .. }: HostBackend,
    Path(id): Path<String>,
    Document(update): Document<AccountUpdate>,
) -> Result<Json<AccountUpdate>, Refusal> {
    check_id("the account", &id)?;
    if id.starts_with('~') {
        return Err(Refusal::Malformed("the account begins with ~, as those of guests do".into()));
    }
    if !update.traits.values().all(FactValue::is_sound) {
        return Err(Refusal::Malformed(NO_NUMBER.into()));
    }
    moment::check("contract_at", update.contract_at)?;
    if [&update.name, &update.contact].into_iter().flatten().any(|name| !name.is_empty() && !is_legible(name))
    {
        return Err(Refusal::Malformed("a name has signs that can be seen, or is left out".into()));
    }
    let account = AccountId(id);
    let now = app.clock.now();
    let mut known = app.store.account(site.id, &account).await?.known;
    let body = serde_json::to_string(&update).map_err(|error| Refusal::Malformed(error.to_string()))?;
    let record = NewRecord {
        site: site.id,
        id: random::id(now),
        source: Source::Account,
        received: now,
        at: now,
        account: Some(account),
        user: None,
        quarantine: None,
        body: body.into(),
    };
    app.store.append(vec![record]).await?;
    journey::account::merge(&mut known, update);
    Ok(Json(known))
}
