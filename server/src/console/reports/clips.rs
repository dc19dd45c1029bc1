//! `GET /api/clips`: how many people watch which clip, how far, and whether it helps them with the step.
//! `GET /api/clips/accounts`: who is behind one of its counts.

use axum::Json;
use axum::extract::State;
use journey::reports::clips::{Viewer, watching};
use journey::reports::funnel::rate;
use protocol::console::{ClipCount, ClipEffect, ClipReport, CompletionShare, CountedAccounts};
use protocol::files::Flow;
use protocol::stored::Video;
use schemars::JsonSchema;
use serde::Deserialize;
use store::Site;

use super::counted::{Counted, list};
use crate::app::App;
use crate::auth::SiteAccess;
use crate::console::LocaleQuery;
use crate::http::{Query, Refusal};

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
        let seconds = length(&films, &clip.id);
        let (guests, viewers): (Vec<Viewer>, Vec<Viewer>) =
            app.store.clip_viewers(site.id, &clip.id).await?.into_iter().partition(is_guest);
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
            guests: guests.len() as u64,
        });
    }
    Ok(Json(reports))
}

/// A count of a clip.
#[derive(Deserialize, JsonSchema)]
pub struct CountQuery {
    clip: String,
    count: ClipCount,
}

/// Returns the people behind a count of a clip.
pub async fn accounts(
    State(app): State<App>,
    SiteAccess { site, .. }: SiteAccess,
    Query(CountQuery { clip, count }): Query<CountQuery>,
) -> Result<Json<CountedAccounts>, Refusal> {
    let seconds = length(&app.store.videos(site.id).await?, &clip).unwrap_or(f64::INFINITY);
    let viewers = app.store.clip_viewers(site.id, &clip).await?.into_iter();
    let counted = viewers.filter(|viewer| !is_guest(viewer) && viewer.counts_in(count, seconds));
    list(&app, site.id, counted.map(|viewer| Counted::person(viewer.who, viewer.last)).collect()).await
}

/// Whether no token vouched for a viewer.
fn is_guest(viewer: &Viewer) -> bool {
    viewer.who.0.is_unverified()
}

/// Returns the duration of a clip in seconds; none while its video is missing.
fn length(videos: &[Video], clip: &str) -> Option<f64> {
    videos.iter().find(|video| video.clip == clip).map(|video| video.seconds)
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
