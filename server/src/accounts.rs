//! `PUT /v1/accounts/{id}`: what the host and its sales know of a customer.

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use protocol::backend::AccountUpdate;
use protocol::ids::AccountId;
use store::{NewRecord, Source};

use crate::app::App;
use crate::http::{self, Refusal};
use crate::secret;

/// Lays an update over what is known; answers with what is known then.
///
/// # Errors
/// See [`Refusal`].
pub async fn put(
    State(app): State<App>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<AccountUpdate>, Refusal> {
    let _permit = app.intake.try_acquire().map_err(|_| Refusal::Busy)?;
    let site = app.sites.by_secret_key(&headers).await?;
    app.within_rate(site.id)?;
    let update: AccountUpdate = http::read_json(&headers, body).await?;
    if id.is_empty() || id.len() > 200 || id.starts_with('~') {
        return Err(Refusal::Malformed(
            "an account id has 1 to 200 characters and does not begin with ~".into(),
        ));
    }
    let account = AccountId(id);
    let now = app.clock.now();
    let mut known = app.store.account(site.id, &account).await?.known;
    let body = serde_json::to_string(&update).map_err(|error| Refusal::Malformed(error.to_string()))?;
    let record = NewRecord {
        site: site.id,
        id: secret::fresh_id(now),
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
