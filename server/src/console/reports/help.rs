//! `GET /api/help`: the self-resolution rate, and what each article contributes to it. `GET /api/help/accounts`: who is
//! behind one of its counts.

use axum::Json;
use axum::extract::State;
use journey::reports::help::{HelpUsage, behind, count};
use protocol::console::{CountedAccounts, HelpCount, HelpReport};
use protocol::{DAY, Millis};
use schemars::JsonSchema;
use serde::Deserialize;
use store::SiteId;

use super::counted::{Counted, list};
use crate::app::App;
use crate::auth::SiteAccess;
use crate::console::LocaleQuery;
use crate::http::{Query, Refusal};

/// How far back it is counted: four weeks, in milliseconds.
const WINDOW: Millis = 28 * DAY;

/// Returns the outcomes of self-service in the last four weeks.
pub async fn get(
    State(app): State<App>,
    SiteAccess { site, .. }: SiteAccess,
    Query(query): Query<LocaleQuery>,
) -> Result<Json<HelpReport>, Refusal> {
    let now = app.clock.now();
    let usage = usage(&app, site.id, now).await?;
    let mut report = HelpReport { since: now - WINDOW, ..count(&usage, now) };
    let support = app.support.config(site.id).await?;
    for row in &mut report.articles {
        let known = support.file.articles.iter().find(|article| article.id == row.article);
        row.title = known
            .map_or_else(|| row.article.clone(), |known| known.title.pick(&query.locale, "en").to_owned());
    }
    Ok(Json(report))
}

/// One of its counts: of an article, or of all help.
#[derive(Deserialize, JsonSchema)]
pub struct CountQuery {
    count: HelpCount,
    #[serde(default)]
    article: Option<String>,
}

/// Returns the people behind a count.
pub async fn accounts(
    State(app): State<App>,
    SiteAccess { site, .. }: SiteAccess,
    Query(query): Query<CountQuery>,
) -> Result<Json<CountedAccounts>, Refusal> {
    let now = app.clock.now();
    let usage = usage(&app, site.id, now).await?;
    let found = behind(&usage, now, query.count, query.article.as_deref());
    list(&app, site.id, found.into_iter().map(|(who, at)| Counted::person(who, at)).collect()).await
}

async fn usage(app: &App, site: SiteId, now: Millis) -> Result<HelpUsage, Refusal> {
    let flow = app.flows.newest(site, None).await?;
    let name = flow.as_ref().map_or("", |flow| flow.name.as_str());
    Ok(app.store.help_usage(site, name, now - WINDOW).await?)
}
