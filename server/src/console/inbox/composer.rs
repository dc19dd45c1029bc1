//! `GET /api/pointers`: what an agent can attach to an answer, and the agents that they can assign a conversation to.

use axum::Json;
use axum::extract::State;
use protocol::console::{ComposerOptions, PlaceChoice};
use protocol::files::{Flow, LocalizedText, Step};

use super::InboxQuery;
use crate::app::App;
use crate::auth::SiteAccess;
use crate::http::{Query, Refusal};
use crate::pictures;

/// Returns canned replies, labels, agents who are online, and steps and clips of the newest flow.
pub async fn get(
    State(app): State<App>,
    SiteAccess { site, .. }: SiteAccess,
    Query(query): Query<InboxQuery>,
) -> Result<Json<ComposerOptions>, Refusal> {
    let support = app.support.config(site.id).await?;
    let options = ComposerOptions {
        replies: support.file.replies.clone(),
        labels: support.file.labels.clone(),
        agents: app.chat.hub.present(site.id, app.clock.now()),
        pictures: pictures::addresses(&app, site.id).await?.into_iter().collect(),
        hours: app.support.now(site.id).await?.0,
        ..ComposerOptions::default()
    };
    let Some(flow) = app.flows.newest(site.id, None).await? else { return Ok(Json(options)) };
    let titled = |title: &LocalizedText| title.pick(&query.locale, &flow.default_locale).to_owned();
    let videos = app.store.videos(site.id).await?;
    let video = |id: &str| videos.iter().find(|video| video.clip == id);
    let places = flow.steps().flat_map(|(_, step)| places(&flow, step, &query.locale)).collect();
    let guided = flow.steps().filter(|(_, step)| !step.guide.is_empty());
    Ok(Json(ComposerOptions {
        steps: guided.map(|(_, step)| (step.id.clone(), titled(&step.title))).collect(),
        clips: flow
            .clips
            .iter()
            .filter_map(|clip| Some((clip.id.clone(), titled(&clip.title), video(&clip.id)?.seconds as u32)))
            .collect(),
        places,
        ..options
    }))
}

/// Returns the places of a step: its guide, and each stop of it where there are several.
fn places(flow: &Flow, step: &Step, locale: &str) -> Vec<PlaceChoice> {
    let say = |text: &LocalizedText| text.pick(locale, &flow.default_locale).to_owned();
    let place = |stop, text| PlaceChoice { step: step.id.clone(), title: say(&step.title), stop, text };
    let stops = (1..).zip(&step.guide).map(|(number, stop)| place(Some(number), say(&stop.text)));
    match step.guide.len() {
        0 => Vec::new(),
        1 => vec![place(None, String::new())],
        _ => std::iter::once(place(None, String::new())).chain(stops).collect(),
    }
}
