//! What agents do in a conversation: say something, bring a file, hear somebody no more.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use protocol::chat::{LogEntryBody, ServerFrame, UploadRequest, UploadTarget};
use protocol::console::AgentAction;
use protocol::ids::{ConversationId, EventId};
use serde::Deserialize;
use store::{Party, Uploader};

use super::author;
use crate::app::App;
use crate::chat::{self, files};
use crate::console::guard::AtSite;
use crate::http::Refusal;

/// Says or does something.
pub async fn say(
    State(app): State<App>,
    AtSite { signed, site }: AtSite,
    Path(c): Path<ConversationId>,
    Json(mut says): Json<AgentAction>,
) -> Result<Json<ServerFrame>, Refusal> {
    if let LogEntryBody::Assigned { agent } = &mut says.said {
        // To somebody who is an agent, by the name that agents have.
        let operator = app.store.operator(&agent.id).await?;
        let operator = operator.filter(|operator| operator.grant.allows(site.id)).ok_or(Refusal::NotFound)?;
        *agent = author(&operator.email);
    }
    Ok(Json(chat::agent_says(&app, &site, author(&signed.session.email), c, says).await))
}

/// What an agent does beside saying something.
#[derive(Deserialize)]
pub struct Sign {
    /// Everything up to this line was read.
    #[serde(default)]
    read: Option<u64>,
    /// They type, or stopped.
    #[serde(default)]
    typing: Option<bool>,
}

/// Notes what was read, and tells that somebody types.
pub async fn sign(
    State(app): State<App>,
    AtSite { signed, site }: AtSite,
    Path(c): Path<ConversationId>,
    Json(sign): Json<Sign>,
) -> Result<StatusCode, Refusal> {
    let party = Party::Agent(site.id);
    if let Some(seq) = sign.read {
        chat::has_read(&app, &party, c, seq).await;
    }
    if let Some(on) = sign.typing {
        chat::types(&app, &party, c, on, author(&signed.session.email)).await;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /api/inbox/{c}/files`: says where an agent's file goes; its pieces go where those of customers do.
pub async fn bring(
    State(app): State<App>,
    AtSite { signed, site }: AtSite,
    Path(c): Path<ConversationId>,
    Json(ask): Json<UploadRequest>,
) -> Result<Json<UploadTarget>, Refusal> {
    app.store.conversation(&Party::Agent(site.id), c).await?.ok_or(Refusal::NotFound)?;
    files::begin(&app, &site, Uploader::Agent(site.id, signed.session.email), ask).await
}

/// `GET /api/inbox/{c}/files/{id}`: leads to a file of a conversation.
pub async fn file(
    State(app): State<App>,
    AtSite { site, .. }: AtSite,
    Path((c, id)): Path<(ConversationId, EventId)>,
) -> Result<impl IntoResponse, Refusal> {
    let address = files::address(&app, &site, &Party::Agent(site.id), c, id).await?;
    Ok(Redirect::to(&format!("/{address}")))
}

/// `PUT /api/inbox/{c}/bar`: hears the person of a conversation no more.
pub async fn bar(state: State<App>, at: AtSite, c: Path<ConversationId>) -> Result<StatusCode, Refusal> {
    set_bar(state, at, c, true).await
}

/// `DELETE /api/inbox/{c}/bar`: hears them again.
pub async fn unbar(state: State<App>, at: AtSite, c: Path<ConversationId>) -> Result<StatusCode, Refusal> {
    set_bar(state, at, c, false).await
}

async fn set_bar(
    State(app): State<App>,
    AtSite { signed, site }: AtSite,
    Path(c): Path<ConversationId>,
    barred: bool,
) -> Result<StatusCode, Refusal> {
    let found = app.store.conversation(&Party::Agent(site.id), c).await?;
    let (_, visitor) = found.ok_or(Refusal::NotFound)?;
    app.store.set_blocked(&visitor, barred, app.clock.now()).await?;
    tracing::info!(by = %signed.session.email, conversation = %c.0, barred, "an agent hears somebody no more, or again");
    app.chat.hub.changed(site.id);
    Ok(StatusCode::NO_CONTENT)
}
