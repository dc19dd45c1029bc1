//! `DELETE /v1/users/{id}` and `DELETE /v1/accounts/{id}`: erase a person, or an account with everybody in it, and answer
//! with a receipt. What an erasure covers: `docs/privacy.md`.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use protocol::Millis;
use protocol::console::SecurityKind;
use protocol::ids::{AccountId, UserId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::{Erased, Site, SiteId};

use crate::app::App;
use crate::auth::HostBackend;
use crate::erasures::{self, Erasure};
use crate::http::{Path, Refusal};
use crate::uploads;

/// Receipt of an erasure.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Receipt {
    /// The person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<UserId>,
    /// The account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
    /// The time of the erasure.
    pub at: Millis,
    /// Conversations.
    pub conversations: u64,
    /// Log entries of these conversations, messages and notes among them.
    pub lines: u64,
    /// Uploaded files.
    pub files: u64,
    /// Records of the journal.
    pub records: u64,
    /// Rows by table, where there were any.
    pub tables: BTreeMap<String, u64>,
}

/// Erases a person in all accounts of the site. Idempotent: a second erasure finds nothing and succeeds.
///
/// # Errors
/// When the store does not answer.
pub async fn delete(
    State(app): State<App>,
    HostBackend { site, .. }: HostBackend,
    Path(user): Path<UserId>,
) -> Result<Json<Receipt>, Refusal> {
    let of = user.clone();
    note(&app, &site, Some(&user), None).await?;
    let erased =
        erase(app, site.id, move |app| async move { app.store.erase_user(site.id, &of).await }).await?;
    Ok(Json(Receipt { user: Some(user), ..erased }))
}

/// Erases an account with everybody in it. Idempotent, too.
///
/// # Errors
/// When the store does not answer.
pub async fn delete_account(
    State(app): State<App>,
    HostBackend { site, .. }: HostBackend,
    Path(account): Path<AccountId>,
) -> Result<Json<Receipt>, Refusal> {
    let of = account.clone();
    note(&app, &site, None, Some(&account)).await?;
    let erased =
        erase(app, site.id, move |app| async move { app.store.erase_account(site.id, &of).await }).await?;
    Ok(Json(Receipt { account: Some(account), ..erased }))
}

/// Erases to the end, whether or not the caller waits so long: a large journal takes its time.
async fn erase<F, W>(app: App, site: SiteId, work: F) -> Result<Receipt, Refusal>
where
    F: FnOnce(App) -> W,
    W: Future<Output = store::Result<Erased>> + Send + 'static,
{
    let erasing = work(app.clone());
    let task = tokio::spawn(async move {
        let Erased { conversations, entries, files, records, rows } = erasing.await?;
        // The rows are gone; files on disk that this does not reach are removed by the next sweep.
        if let Err(error) = uploads::remove_orphans(&app, site).await {
            tracing::warn!(?error, "files of an erased person are still on disk until the next sweep");
        }
        app.chat.hub.list_changed(site);
        // The log outlives the person, so it does not name them.
        app.security.note(SecurityKind::Erased, "backend", Some(site), "").await;
        tracing::info!(conversations, files, records, "a person or an account was erased");
        let at = app.clock.now();
        Ok(Receipt {
            user: None,
            account: None,
            at,
            conversations,
            lines: entries,
            files,
            records,
            tables: rows,
        })
    });
    task.await.map_err(|_| Refusal::Failed)?
}

/// Adds it to the list that is done again over a restored backup.
async fn note(
    app: &App,
    site: &Site,
    user: Option<&UserId>,
    account: Option<&AccountId>,
) -> Result<(), Refusal> {
    let (data, at) = (app.config.data.clone(), app.clock.now());
    let erasure =
        Erasure { site: site.public_key.clone(), user: user.cloned(), account: account.cloned(), at };
    let noted = tokio::task::spawn_blocking(move || erasures::note(&data, &erasure)).await;
    noted.map_err(|_| Refusal::Failed)?.map_err(|error| {
        tracing::error!(%error, "an erasure was not noted, and not done");
        Refusal::StoreAway
    })
}
