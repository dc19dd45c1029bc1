//! `DELETE /v1/users/{id}`: a person is forgotten, with a receipt.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use protocol::Millis;
use protocol::ids::UserId;
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::chat::files;
use crate::http::Refusal;

/// What was erased.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// Who.
    pub user: UserId,
    /// When.
    pub at: Millis,
    /// Conversations, in whatever accounts.
    pub conversations: u64,
    /// Messages, notes and what else stood in them.
    pub lines: u64,
    /// Files.
    pub files: u64,
}

/// Erases what a person wrote and was written to: messages, notes, files, and with them whatever a search finds.
/// The same again finds nothing and is no error.
///
/// # Errors
/// `UnknownKey`, `SecretInBrowser`.
pub async fn delete(
    State(app): State<App>,
    Path(user): Path<UserId>,
    headers: HeaderMap,
) -> Result<Json<Receipt>, Refusal> {
    let site = app.sites.by_secret_key(&headers).await?;
    let erased = app.store.erase_user(site.id, &user).await?;
    // What is erased is erased; files that nobody names any more go with the next sweep at the latest.
    if let Err(error) = files::tidy(&app, site.id).await {
        tracing::warn!(?error, "files of somebody who was erased wait for the next sweep");
    }
    app.chat.hub.changed(site.id);
    tracing::info!(conversations = erased.conversations, files = erased.files, "a person was forgotten");
    Ok(Json(Receipt {
        user,
        at: app.clock.now(),
        conversations: erased.conversations,
        lines: erased.entries,
        files: erased.files,
    }))
}
