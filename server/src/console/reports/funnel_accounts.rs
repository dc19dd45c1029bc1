//! `GET /api/journey/accounts`: the accounts behind one part of a bar of the funnel.

use axum::Json;
use axum::extract::{Query, State};
use journey::reports::funnel::{Path, behind};
use protocol::Millis;
use protocol::console::{CountedAccounts, FunnelFate};
use protocol::files::{Flow, Need};
use protocol::ids::{StageId, StepId};
use serde::Deserialize;

use super::counted::{Counted, list};
use super::journey::{FunnelQuery, links, window};
use crate::app::App;
use crate::auth::SiteAccess;
use crate::http::Refusal;

/// The part of a bar: the entry, unless a step or a stage is named.
#[derive(Deserialize)]
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
    let bars = bars(&flow, &bar).ok_or(Refusal::NotFound)?;
    let (paths, accounts) = app.store.funnel_accounts(site.id, &flow.reference()).await?;
    let times = (window(&flow), app.clock.now());
    let found = behind(&paths, &links(&flow), query.mode, times, &bars, bar.fate);
    let counted = found.into_iter().map(|at| Counted::account(accounts[at].clone(), moved(&paths[at])));
    list(&app, site.id, counted.collect()).await
}

/// Returns the bars that are asked for, as the funnel numbers them: those that have finished a stage reached the last
/// must-have step of it, and the others may be at any of its must-have steps.
fn bars(flow: &Flow, bar: &BarQuery) -> Option<Vec<usize>> {
    if let Some(step) = &bar.step {
        return flow.steps().position(|(_, one)| one.id == *step).map(|at| vec![at + 1]);
    }
    let Some(stage) = &bar.stage else { return Some(vec![0]) };
    let all = flow.steps().enumerate();
    let of_stage = all.filter(|(_, (one, step))| one.id == *stage && step.need == Need::MustHave);
    let of_stage: Vec<usize> = of_stage.map(|(at, _)| at + 1).collect();
    let last = *of_stage.last()?;
    Some(if bar.fate == FunnelFate::Converted { vec![last] } else { of_stage })
}

/// Returns when an account last entered or completed a step.
fn moved(path: &Path) -> Millis {
    path.entered.iter().chain(path.completed.iter().flatten()).copied().max().unwrap_or_default()
}
