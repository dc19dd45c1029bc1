//! `DELETE /v1/users/{id}`: erases a person's conversations and answers with a receipt. What an erasure covers:
//! `docs/privacy.md`.

use axum::Json;
use axum::extract::{Path, State};
use protocol::Millis;
use protocol::ids::UserId;
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::auth::HostBackend;
use crate::http::Refusal;
use crate::uploads;

/// Receipt of an erasure.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The person.
    pub user: UserId,
    /// The time of the erasure.
    pub at: Millis,
    /// Conversations, in all accounts of the person.
    pub conversations: u64,
    /// Log entries of these conversations, messages and notes among them.
    pub lines: u64,
    /// Uploaded files.
    pub files: u64,
}

/// Erases everything that a person wrote and received: messages, notes, files. Idempotent: a second erasure finds
/// nothing and succeeds.
///
/// # Errors
/// When the store does not answer.
pub async fn delete(
    State(app): State<App>,
    HostBackend { site, .. }: HostBackend,
    Path(user): Path<UserId>,
) -> Result<Json<Receipt>, Refusal> {
    let erased = app.store.erase_user(site.id, &user).await?;
    // The rows are gone; files on disk that this does not reach are removed by the next sweep.
    if let Err(error) = uploads::remove_orphans(&app, site.id).await {
        tracing::warn!(?error, "files of an erased person are still on disk until the next sweep");
    }
    app.chat.hub.list_changed(site.id);
    tracing::info!(conversations = erased.conversations, files = erased.files, "person erased");
    Ok(Json(Receipt {
        user,
        at: app.clock.now(),
        conversations: erased.conversations,
        lines: erased.entries,
        files: erased.files,
    }))
}
