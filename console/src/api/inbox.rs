//! Requests about the conversations of a site.

use gloo_net::http::Request;
use protocol::chat::ServerFrame;
use protocol::console::{
    AgentAction, ClipChoice, ComposerOptions, Conversation, ConversationDetail, SearchHit,
};
use protocol::ids::{ConversationId, EventId};
use serde::Serialize;
use serde_json::json;

use super::Site;
use super::error::ApiError;
use super::request::{command, exchange, fetch, submit};

/// Conversations in one answer of the collector; an answer with fewer is the last one.
pub const PAGE: usize = 500;

/// Returns the conversations that changed after revision `after`, the newest change first and at most
/// [`PAGE`] of them.
pub async fn conversations(site: &Site, after: u64) -> Result<Vec<Conversation>, ApiError> {
    let query = [("site", &*site.key), ("locale", site.locale), ("after", &after.to_string())];
    fetch(Request::get("api/inbox").query(query)).await
}

/// Returns what an agent can attach to a message, the agents who are present, and the labels in use.
pub async fn composer_options(site: &Site) -> Result<ComposerOptions, ApiError> {
    let query = [("site", &*site.key), ("locale", site.locale)];
    fetch(Request::get("api/pointers").query(query)).await
}

/// Returns the moments of clips that can be attached.
pub async fn moments(site: &Site) -> Result<Vec<ClipChoice>, ApiError> {
    let query = [("site", &*site.key), ("locale", site.locale)];
    fetch(Request::get("api/inbox/moments").query(query)).await
}

/// Returns the conversations in which `words` were written, each with the newest passage.
pub async fn search(site: &Site, words: &str) -> Result<Vec<SearchHit>, ApiError> {
    fetch(Request::get("api/inbox/search").query([("site", &*site.key), ("q", words)])).await
}

/// Returns one conversation with the last entries of both logs.
pub async fn conversation(site: &Site, id: ConversationId) -> Result<ConversationDetail, ApiError> {
    fetch(Request::get(&path(id)).query([("site", &*site.key), ("locale", site.locale)])).await
}

/// Appends an entry to a conversation's log; the same id again appends nothing.
pub async fn append(
    site: &Site,
    conversation: ConversationId,
    entry: &AgentAction,
) -> Result<ServerFrame, ApiError> {
    exchange(Request::post(&path(conversation)).query([("site", &*site.key)]), entry).await
}

/// Marks the public log as read up to entry `seq`.
pub async fn mark_read(site: &Site, conversation: ConversationId, seq: u64) -> Result<(), ApiError> {
    signal(site, conversation, &json!({ "read": seq })).await
}

/// Says that the agent is typing; the customer sees it for some seconds.
pub async fn signal_typing(site: &Site, conversation: ConversationId) -> Result<(), ApiError> {
    signal(site, conversation, &json!({ "typing": true })).await
}

/// Blocks or unblocks the person of a conversation; no log records it.
pub async fn set_blocked(
    site: &Site,
    conversation: ConversationId,
    is_blocked: bool,
) -> Result<(), ApiError> {
    let path = [&path(conversation), "/bar"].concat();
    let request = if is_blocked { Request::put(&path) } else { Request::delete(&path) };
    command(request.query([("site", &*site.key)])).await
}

/// Returns the address of a conversation's transcript.
pub fn transcript(site: &Site, conversation: ConversationId) -> String {
    [&path(conversation), "/transcript?site=", &site.key].concat()
}

/// Returns the address of an attachment.
pub fn attachment(site: &Site, conversation: ConversationId, id: EventId) -> String {
    [&path(conversation), "/files/", &id.text(), "?site=", &site.key].concat()
}

/// Returns the address of the feed of everything that happens in the site's conversations.
pub fn live(site: &Site) -> String {
    ["api/inbox/live?site=", &site.key].concat()
}

/// Returns the path of a conversation.
pub(super) fn path(conversation: ConversationId) -> String {
    ["api/inbox/", &conversation.0.text()].concat()
}

async fn signal(site: &Site, conversation: ConversationId, signal: &impl Serialize) -> Result<(), ApiError> {
    submit(Request::patch(&path(conversation)).query([("site", &*site.key)]), signal).await
}
