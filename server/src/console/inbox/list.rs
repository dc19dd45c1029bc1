//! `GET /api/inbox` and `GET /api/inbox/search`: which conversations there are.

use axum::Json;
use axum::extract::{Query, State};
use protocol::console::Conversation;
use protocol::ids::ConversationId;
use serde::Deserialize;

use super::InboxQuery;
use super::conversation::call_due;
use crate::app::App;
use crate::auth::SiteAccess;
use crate::http::Refusal;

/// Conversations in one answer; the console asks on from the last change.
const PAGE: u64 = 500;
/// Conversations that a search finds at most.
const MAX_FOUND: u64 = 200;
/// The longest text that is searched for, in bytes.
const MAX_SEARCH: usize = 200;

/// Returns the conversations that changed after a change, the oldest change first.
pub async fn get(
    State(app): State<App>,
    SiteAccess { site, .. }: SiteAccess,
    Query(query): Query<InboxQuery>,
) -> Result<Json<Vec<Conversation>>, Refusal> {
    let mut all = app.store.conversations(site.id, query.after, PAGE).await?;
    let support = app.support.config(site.id).await?;
    for one in &mut all {
        one.callback_due = call_due(&support, one);
    }
    if let Some(flow) = app.flows.newest(site.id, None).await? {
        for one in &mut all {
            let step = flow.steps().find(|(_, step)| one.context.step.as_ref() == Some(&step.id));
            one.step = step.map_or_else(String::new, |(_, step)| {
                step.title.pick(&query.locale, &flow.default_locale).to_owned()
            });
        }
    }
    Ok(Json(all))
}

/// The query of a search.
#[derive(Deserialize)]
pub struct SearchQuery {
    q: String,
}

/// Returns conversations in which these words were written, notes among them.
pub async fn search(
    State(app): State<App>,
    SiteAccess { site, .. }: SiteAccess,
    Query(SearchQuery { q }): Query<SearchQuery>,
) -> Result<Json<Vec<ConversationId>>, Refusal> {
    let words = q.trim();
    if words.is_empty() || words.len() > MAX_SEARCH {
        return Ok(Json(Vec::new()));
    }
    Ok(Json(app.store.search_conversations(site.id, words, MAX_FOUND).await?))
}
