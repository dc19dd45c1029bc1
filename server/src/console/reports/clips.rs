//! `GET /api/clips`: how many people watch which clip, how far, and whether it helps them with the step.

use axum::Json;
use axum::extract::{Query, State};
use journey::reports::clips::watching;
use journey::reports::funnel::rate;
use protocol::console::{ClipEffect, ClipReport, CompletionShare};
use protocol::files::Flow;
use store::Site;

use crate::app::App;
use crate::auth::SiteAccess;
use crate::console::LocaleQuery;
use crate::http::Refusal;

/// Returns the clips of the newest flow, in its order.
pub async fn get(
    State(app): State<App>,
    SiteAccess { site, .. }: SiteAccess,
    Query(query): Query<LocaleQuery>,
) -> Result<Json<Vec<ClipReport>>, Refusal> {
    let Some(flow) = app.flows.newest(site.id, None).await? else { return Ok(Json(Vec::new())) };
    let films = app.store.videos(site.id).await?;
    let mut reports = Vec::new();
    for clip in &flow.clips {
        let seconds = films.iter().find(|film| film.clip == clip.id).map(|film| film.seconds);
        let viewers = app.store.clip_viewers(site.id, &clip.id).await?;
        let all = watching(seconds.unwrap_or(f64::INFINITY), &viewers);
        reports.push(ClipReport {
            clip: clip.id.clone(),
            title: clip.title.pick(&query.locale, &flow.default_locale).to_owned(),
            seconds,
            started: all.started,
            finished: all.finished,
            captioned: all.captioned,
            replays: all.returns,
            implausible: all.hasty,
            retention: all.kept.to_vec(),
            effects: effects(&app, &site, &flow, &clip.id, &query.locale).await?,
        });
    }
    Ok(Json(reports))
}

/// Compares, for each step that the clip belongs to, accounts that watched it with those that did not.
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
