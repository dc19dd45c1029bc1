//! `GET /api/postponed`: who promised to do which step later, and until when.

use axum::Json;
use axum::extract::{Query, State};
use protocol::console::SnoozedStep;
use protocol::files::Flow;
use protocol::ids::StepId;

use super::guard::AtSite;
use super::question::Question;

use crate::app::App;
use crate::http::Refusal;

/// Answers with the promises of the newest flow, the next first.
pub async fn get(
    State(app): State<App>,
    AtSite { site, .. }: AtSite,
    Query(question): Query<Question>,
) -> Result<Json<Vec<SnoozedStep>>, Refusal> {
    let Some(flow) = app.newest_flow(site.id, None).await? else { return Ok(Json(Vec::new())) };
    let title = |flow: &Flow, id: &StepId| {
        let step = flow.step(id).map(|(_, step)| step.title.pick(&question.locale, &flow.default_locale));
        step.map_or_else(|| id.to_string(), str::to_owned)
    };
    let promises = app.store.snoozed_steps(site.id, &flow.name).await?;
    let shown = promises.into_iter().map(|promise| SnoozedStep {
        step: title(&flow, &promise.step),
        account: promise.account,
        name: promise.name,
        until: promise.until,
        by: promise.by,
        reason: promise.reason,
    });
    Ok(Json(shown.collect()))
}
