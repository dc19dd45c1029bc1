//! What agents do in a conversation: append to it, upload a file, block the person.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Redirect;
use protocol::chat::{Author, LogEntryBody, ServerFrame, Side, UploadRequest, UploadTarget};
use protocol::console::AgentAction;
use protocol::ids::{ConversationId, EventId};
use schemars::JsonSchema;
use serde::Deserialize;
use store::{Party, Role, Uploader};

use super::author;
use crate::app::App;
use crate::auth::{AgentAccess, SiteAccess};
use crate::http::{Document, Path, Refusal};
use crate::{chat, uploads};

/// `POST /api/inbox/{conversation}`: appends what an agent says or does.
///
/// # Errors
/// `NotFound` when the conversation is assigned to an operator who is no agent of the site.
pub async fn append(
    State(app): State<App>,
    AgentAccess { signed, site }: AgentAccess,
    Path(conversation): Path<ConversationId>,
    Document(mut action): Document<AgentAction>,
) -> Result<Json<ServerFrame>, Refusal> {
    if let LogEntryBody::Assigned { agent } = &mut action.body {
        let operator = app.store.operator(&agent.id).await?;
        let operator = operator.filter(|one| one.grant.allows(site.id) && one.grant.role >= Role::Agent);
        let operator = operator.ok_or(Refusal::NotFound)?;
        // Named as agents are, whatever the console sent.
        *agent = Author { side: Side::Agent, id: operator.email, name: operator.name };
    }
    let author = author(&app, &signed.session.email).await?;
    Ok(Json(chat::append_agent_action(&app, &site, author, conversation, action).await))
}

/// What an agent signals beside entries of the log.
#[derive(Deserialize, JsonSchema)]
pub struct AgentSignal {
    /// The number of the last entry that was read.
    #[serde(default)]
    read: Option<u64>,
    /// Whether they type, or stopped.
    #[serde(default)]
    typing: Option<bool>,
}

/// `PATCH /api/inbox/{conversation}`: marks entries as read, and passes on that the agent types.
pub async fn patch(
    State(app): State<App>,
    AgentAccess { signed, site }: AgentAccess,
    Path(conversation): Path<ConversationId>,
    Document(signal): Document<AgentSignal>,
) -> Result<StatusCode, Refusal> {
    let party = Party::Agent(site.id);
    if let Some(seq) = signal.read {
        chat::mark_read(&app, &party, conversation, seq).await;
    }
    if let Some(on) = signal.typing {
        let author = author(&app, &signed.session.email).await?;
        chat::send_typing(&app, &party, conversation, on, author).await;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /api/inbox/{conversation}/files`: begins an agent's upload; its chunks go where those of customers go.
///
/// # Errors
/// `NotFound`, and as [`uploads::create_upload`].
pub async fn create_upload(
    State(app): State<App>,
    AgentAccess { signed, site }: AgentAccess,
    Path(conversation): Path<ConversationId>,
    Document(request): Document<UploadRequest>,
) -> Result<Json<UploadTarget>, Refusal> {
    app.store.conversation(&Party::Agent(site.id), conversation).await?.ok_or(Refusal::NotFound)?;
    let owner = Uploader::Agent(site.id, signed.session.email);
    uploads::create_upload(&app, &site, owner, request).await.map(Json)
}

/// `GET /api/inbox/{conversation}/files/{id}`: redirects to a file of a conversation.
///
/// # Errors
/// `NotFound`.
pub async fn download(
    State(app): State<App>,
    SiteAccess { site, .. }: SiteAccess,
    Path((conversation, id)): Path<(ConversationId, EventId)>,
) -> Result<Redirect, Refusal> {
    let url = uploads::signed_url(&app, &site, &Party::Agent(site.id), conversation, id).await?;
    Ok(Redirect::to(&app.config.public_path(&format!("/{url}"))))
}

/// `PUT /api/inbox/{conversation}/bar`: blocks the person of a conversation, and notes it in the internal log.
///
/// # Errors
/// `NotFound`.
pub async fn block(
    State(app): State<App>,
    access: AgentAccess,
    Path(conversation): Path<ConversationId>,
) -> Result<StatusCode, Refusal> {
    set_blocked(&app, conversation, &access, true).await
}

/// `DELETE /api/inbox/{conversation}/bar`: unblocks the person of a conversation.
///
/// # Errors
/// `NotFound`.
pub async fn unblock(
    State(app): State<App>,
    access: AgentAccess,
    Path(conversation): Path<ConversationId>,
) -> Result<StatusCode, Refusal> {
    set_blocked(&app, conversation, &access, false).await
}

async fn set_blocked(
    app: &App,
    id: ConversationId,
    AgentAccess { signed, site }: &AgentAccess,
    blocked: bool,
) -> Result<StatusCode, Refusal> {
    let found = app.store.conversation(&Party::Agent(site.id), id).await?;
    let (_, visitor) = found.ok_or(Refusal::NotFound)?;
    app.store.set_blocked(&visitor, blocked, app.clock.now()).await?;
    let body = LogEntryBody::Blocked { on: blocked };
    let author = author(app, &signed.session.email).await?;
    chat::append_of_agent(app, site.id, author, id, body).await;
    let by = &signed.session.email;
    if blocked {
        tracing::info!(%by, conversation = %id.0, "visitor blocked");
    } else {
        tracing::info!(%by, conversation = %id.0, "visitor unblocked");
    }
    app.chat.hub.list_changed(site.id);
    Ok(StatusCode::NO_CONTENT)
}
