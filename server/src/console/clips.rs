//! `GET /api/clips`: who watches what, how far, and whether it helps.

use axum::Json;
use axum::extract::{Query, State};
use journey::reports::clips::watching;
use journey::reports::funnel::rate;
use protocol::console::{ClipEffect, ClipReport, CompletionShare};
use protocol::files::Flow;
use store::Site;

use super::guard::AtSite;
use super::question::Question;

use crate::app::App;
use crate::http::Refusal;

/// The clips of the newest flow's shelf, in its order.
pub async fn get(
    State(app): State<App>,
    AtSite { site, .. }: AtSite,
    Query(question): Query<Question>,
) -> Result<Json<Vec<ClipReport>>, Refusal> {
    let Some(flow) = app.newest_flow(site.id, None).await? else { return Ok(Json(Vec::new())) };
    let films = app.store.videos(site.id).await?;
    let mut reports = Vec::new();
    for clip in &flow.clips {
        let seconds = films.iter().find(|film| film.clip == clip.id).map(|film| film.seconds);
        let viewers = app.store.clip_viewers(site.id, &clip.id).await?;
        let all = watching(seconds.unwrap_or(f64::INFINITY), &viewers);
        reports.push(ClipReport {
            clip: clip.id.clone(),
            title: clip.title.pick(&question.locale, &flow.default_locale).to_owned(),
            seconds,
            started: all.started,
            finished: all.finished,
            captioned: all.captioned,
            returns: all.returns,
            hasty: all.hasty,
            kept: all.kept.to_vec(),
            effects: effects(&app, &site, &flow, &clip.id, &question.locale).await?,
        });
    }
    Ok(Json(reports))
}

/// What the clip did for each step that it belongs to.
async fn effects(
    app: &App,
    site: &Site,
    flow: &Flow,
    clip: &str,
    locale: &str,
) -> Result<Vec<ClipEffect>, Refusal> {
    let mut effects = Vec::new();
    for (_, step) in
        flow.steps().filter(|(_, step)| step.video.as_ref().is_some_and(|video| video.clip == clip))
    {
        let [watched, others] =
            app.store.clip_effect(site.id, &flow.name, &step.id, clip, app.clock.now()).await?;
        let outcome = |(n, done)| CompletionShare { n, done, rate: rate(done, n) };
        effects.push(ClipEffect {
            step: step.title.pick(locale, &flow.default_locale).to_owned(),
            watched: outcome(watched),
            others: outcome(others),
        });
    }
    Ok(effects)
}
