//! `GET /api/help`: the self-resolution rate, and what each article contributes to it.

use axum::Json;
use axum::extract::{Query, State};
use journey::reports::help::count;
use protocol::Millis;
use protocol::console::HelpReport;

use crate::app::App;
use crate::auth::SiteAccess;
use crate::console::LocaleQuery;
use crate::http::Refusal;

/// How far back it is counted: four weeks, in milliseconds.
const WINDOW: Millis = 28 * 24 * 60 * 60 * 1000;

/// Returns the outcomes of self-service in the last four weeks.
pub async fn get(
    State(app): State<App>,
    SiteAccess { site, .. }: SiteAccess,
    Query(query): Query<LocaleQuery>,
) -> Result<Json<HelpReport>, Refusal> {
    let now = app.clock.now();
    let since = now - WINDOW;
    let flow = app.flows.newest(site.id, None).await?;
    let name = flow.as_ref().map_or("", |flow| flow.name.as_str());
    let helping = app.store.help_usage(site.id, name, since).await?;
    let mut report = HelpReport { since, ..count(&helping.used, &helping.wrote, &helping.done, now) };
    let support = app.support.config(site.id).await?;
    for row in &mut report.articles {
        let known = support.file.articles.iter().find(|article| article.id == row.article);
        row.title = known
            .map_or_else(|| row.article.clone(), |known| known.title.pick(&query.locale, "en").to_owned());
    }
    Ok(Json(report))
}
