//! `GET /api/help`: who solves it themselves.

use axum::Json;
use axum::extract::{Query, State};
use journey::reports::help::count;
use protocol::Millis;
use protocol::console::HelpReport;

use super::guard::AtSite;
use super::question::Question;
use crate::app::App;
use crate::http::Refusal;

/// How far back it is counted: four weeks.
const COUNTED: Millis = 28 * 24 * 60 * 60 * 1000;

/// Answers with what became of help in the last four weeks.
pub async fn get(
    State(app): State<App>,
    AtSite { site, .. }: AtSite,
    Query(question): Query<Question>,
) -> Result<Json<HelpReport>, Refusal> {
    let now = app.clock.now();
    let since = now - COUNTED;
    let flow = app.newest_flow(site.id, None).await?;
    let name = flow.as_ref().map_or("", |flow| flow.name.as_str());
    let helping = app.store.help_usage(site.id, name, since).await?;
    let mut report = HelpReport { since, ..count(&helping.used, &helping.wrote, &helping.done, now) };
    let desk = app.desk(site.id).await?;
    for row in &mut report.articles {
        let known = desk.file.articles.iter().find(|article| article.id == row.article);
        row.title = known
            .map_or_else(|| row.article.clone(), |known| known.title.pick(&question.locale, "en").to_owned());
    }
    Ok(Json(report))
}
