//! `GET /api/journey/accounts`: the accounts behind one part of a bar of the funnel.

use axum::Json;
use axum::extract::State;
use journey::reports::funnel::{Path, behind, links, stages};
use protocol::Millis;
use protocol::console::{CountedAccounts, FunnelFate};
use protocol::files::Flow;
use protocol::ids::{StageId, StepId};
use schemars::JsonSchema;
use serde::Deserialize;

use super::counted::{Counted, list};
use super::journey::{FunnelQuery, window};
use crate::app::App;
use crate::auth::SiteAccess;
use crate::http::{Query, Refusal};

/// The part of a bar: the entry, unless a step or a stage is named.
#[derive(Deserialize, JsonSchema)]
pub struct BarQuery {
    #[serde(default)]
    step: Option<StepId>,
    #[serde(default)]
    stage: Option<StageId>,
    #[serde(default)]
    fate: FunnelFate,
}

/// Returns the accounts behind it.
///
/// # Errors
/// `NotFound` when the flow has no such step or stage.
pub async fn get(
    State(app): State<App>,
    SiteAccess { site, .. }: SiteAccess,
    Query(query): Query<FunnelQuery>,
    Query(bar): Query<BarQuery>,
) -> Result<Json<CountedAccounts>, Refusal> {
    let flow = app.flows.newest(site.id, query.flow.as_deref()).await?.ok_or(Refusal::NotFound)?;
    let place = place(&flow, &bar).ok_or(Refusal::NotFound)?;
    let (paths, accounts) = app.store.funnel_accounts(site.id, &flow.reference()).await?;
    let times = (window(&flow), app.clock.now());
    let found = behind(&paths, &links(&flow), query.mode, times, place, bar.fate);
    let counted = found.into_iter().map(|at| Counted::account(accounts[at].clone(), moved(&paths[at])));
    list(&app, site.id, counted.collect()).await
}

/// Returns the place of the bar that is asked for, as the funnel numbers them: the entry, the steps, the stages.
fn place(flow: &Flow, bar: &BarQuery) -> Option<usize> {
    match (&bar.step, &bar.stage) {
        (Some(step), _) => Some(1 + flow.steps().position(|(_, one)| one.id == *step)?),
        (None, Some(stage)) => {
            Some(1 + flow.steps().count() + stages(flow).position(|one| one.id == *stage)?)
        }
        (None, None) => Some(0),
    }
}

/// Returns when an account last entered or completed a step.
fn moved(path: &Path) -> Millis {
    path.entered.iter().chain(path.completed.iter().flatten()).copied().max().unwrap_or_default()
}
