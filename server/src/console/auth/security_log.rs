//! `GET /api/security/log`: what happened to access, for administrators.

use axum::Json;
use axum::extract::State;
use protocol::console::SecurityEntry;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::app::App;
use crate::auth::AdminAccess;
use crate::http::{Query, Refusal};

/// Entries of one answer.
const PAGE: u32 = 50;

/// The query: entries before this number; the newest without one.
#[derive(Deserialize, JsonSchema)]
pub struct LogQuery {
    before: Option<i64>,
}

/// Returns entries, the newest first: of the sites that the administrator sees, and of none for who sees all.
///
/// # Errors
/// When the store does not answer.
pub async fn get(
    State(app): State<App>,
    AdminAccess { signed }: AdminAccess,
    Query(LogQuery { before }): Query<LogQuery>,
) -> Result<Json<Vec<SecurityEntry>>, Refusal> {
    let sites = app.sites.all().await?;
    let events = app.store.security_events(signed.grant.sites, before, PAGE).await?;
    let name = |id| sites.iter().find(|site| site.id == id).map(|site| site.name.clone());
    let entries = events.into_iter().map(|(id, event)| SecurityEntry {
        id,
        at: event.at,
        kind: event.kind,
        by: event.by,
        site: event.site.and_then(name),
        about: event.about,
        count: event.count,
    });
    Ok(Json(entries.collect()))
}
