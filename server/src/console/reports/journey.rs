//! `GET /api/journey`: the funnel of a site's flow.

use std::convert::Infallible;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use journey::reports::funnel::{Bar, Path, bars, links, rate, stages};
use protocol::console::{FunnelMode, FunnelReport, FunnelStep};
use protocol::files::{Flow, Stage, Step};
use protocol::{DAY, Millis};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::app::App;
use crate::auth::SiteAccess;
use crate::http::{Query, Refusal};

/// How often the funnels are brought up to date before anybody asks.
const WARM_INTERVAL: Duration = Duration::from_secs(20);

/// The query of a funnel.
#[derive(Deserialize, JsonSchema)]
pub struct FunnelQuery {
    #[serde(default)]
    pub(super) flow: Option<String>,
    #[serde(default)]
    pub(super) mode: FunnelMode,
    #[serde(default)]
    locale: String,
}

/// Returns the funnel, or `null` when the site has published no flow.
pub async fn get(
    State(app): State<App>,
    SiteAccess { site, .. }: SiteAccess,
    Query(query): Query<FunnelQuery>,
) -> Result<Json<Option<FunnelReport>>, Refusal> {
    let Some(flow) = app.flows.newest(site.id, query.flow.as_deref()).await? else {
        return Ok(Json(None));
    };
    let paths = app.store.funnel_paths(site.id, &flow.reference()).await?;
    let now = app.clock.now();
    let count = |paths: &[Path]| bars(paths, &links(&flow), query.mode, window(&flow), now);
    let counted = |paths| report(&flow, &count(paths), &query, now);
    Ok(Json(Some(beside(counted(&paths.verified), counted(&paths.guests)))))
}

/// Returns the time after which an account counts as dropped, in milliseconds.
pub(super) fn window(flow: &Flow) -> Millis {
    Millis::from(flow.window_days) * DAY
}

/// Keeps the funnels of the newest flows in memory, as long as the collector runs: reading every account takes long,
/// and the first request would have to wait for it (`docs/decisions/0005-intake.md`).
pub async fn keep_warm(app: &App) -> Infallible {
    let mut warm = None;
    loop {
        match app.store.cursor().await {
            Ok(cursor) if warm.as_ref() == Some(&cursor) => {}
            Ok(cursor) => match warm_all(app).await {
                Ok(()) => warm = Some(cursor),
                Err(error) => {
                    tracing::warn!(?error, "the funnels were not read; they are at the next interval")
                }
            },
            Err(error) => tracing::warn!(%error, "the funnels were not read; they are at the next interval"),
        }
        tokio::time::sleep(WARM_INTERVAL).await;
    }
}

async fn warm_all(app: &App) -> Result<(), Refusal> {
    for site in app.sites.all().await? {
        if let Some(flow) = app.flows.newest(site.id, None).await? {
            app.store.funnel_paths(site.id, &flow.reference()).await?;
        }
    }
    Ok(())
}

/// Puts guests beside the verified accounts.
fn beside(mut report: FunnelReport, guests: FunnelReport) -> FunnelReport {
    report.guests = guests.n;
    let rows = report.steps.iter_mut().chain(&mut report.stages);
    for (row, of_guests) in rows.zip(guests.steps.iter().chain(&guests.stages)) {
        row.guests = of_guests.converted;
    }
    report
}

fn report(flow: &Flow, bars: &[Bar], query: &FunnelQuery, now: Millis) -> FunnelReport {
    let say =
        |texts: &protocol::files::LocalizedText| texts.pick(&query.locale, &flow.default_locale).to_owned();
    let mut bars = bars.iter();
    let entry = bars.next().cloned().unwrap_or_default();
    let mut steps = vec![row(None, None, String::new(), &entry)];
    let of_step = |((stage, step), bar)| row(Some(step), Some(stage), say(&step.title), bar);
    steps.extend(flow.steps().zip(&mut bars).map(of_step));
    let of_stage = |(stage, bar): (&Stage, &Bar)| row(None, Some(stage), say(&stage.title), bar);
    let stages = stages(flow).zip(bars).map(of_stage).collect();
    FunnelReport {
        flow: flow.reference(),
        title: say(&flow.title),
        as_of: now,
        mode: query.mode,
        n: entry.converted,
        guests: 0,
        window_days: flow.window_days,
        steps,
        stages,
    }
}

fn row(step: Option<&Step>, stage: Option<&Stage>, title: String, bar: &Bar) -> FunnelStep {
    FunnelStep {
        step: step.map(|step| step.id.clone()),
        stage: stage.map(|stage| stage.id.clone()),
        title,
        converted: bar.converted,
        dropped: bar.dropped,
        in_progress: bar.in_progress,
        rate: rate(bar.converted, bar.converted + bar.dropped),
        median: bar.median,
        guests: 0,
    }
}
