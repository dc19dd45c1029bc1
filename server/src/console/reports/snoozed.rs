//! `GET /api/postponed`: open steps that were snoozed, with the person who snoozed each and until when.

use axum::Json;
use axum::extract::State;
use protocol::console::SnoozedStep;
use protocol::files::Flow;
use protocol::ids::StepId;
use store::Vouched;

use crate::app::App;
use crate::auth::SiteAccess;
use crate::console::LocaleQuery;
use crate::http::{Query, Refusal};

/// Returns the snoozed steps of the newest flow, the one that is due next first.
pub async fn get(
    State(app): State<App>,
    SiteAccess { site, .. }: SiteAccess,
    Query(query): Query<LocaleQuery>,
) -> Result<Json<Vec<SnoozedStep>>, Refusal> {
    let Some(flow) = app.flows.newest(site.id, None).await? else { return Ok(Json(Vec::new())) };
    let title = |flow: &Flow, id: &StepId| {
        let step = flow.step(id).map(|(_, step)| step.title.pick(&query.locale, &flow.default_locale));
        step.map_or_else(|| id.to_string(), str::to_owned)
    };
    let mut shown = Vec::new();
    for of in [Vouched::Verified, Vouched::Guests] {
        let snoozed = app.store.snoozed_steps(site.id, &flow.name, of).await?;
        shown.extend(snoozed.into_iter().map(|snooze| SnoozedStep {
            guest: of == Vouched::Guests,
            step: title(&flow, &snooze.step),
            account: snooze.account,
            name: snooze.name,
            until: snooze.until,
            by: snooze.by,
            reason: snooze.reason,
        }));
    }
    Ok(Json(shown))
}
