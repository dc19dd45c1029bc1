//! `GET /api/inbox/moments`: the moments of clips that an agent can attach to an answer.

use axum::Json;
use axum::extract::State;
use protocol::Millis;
use protocol::chat::ClipMoment;
use protocol::console::ClipChoice;
use protocol::files::Clip;
use protocol::stored::{CaptionTrack, Cue, Video};
use store::Site;

use super::InboxQuery;
use crate::app::App;
use crate::auth::SiteAccess;
use crate::http::{Query, Refusal};
use crate::widget::clips::address;

/// Returns for each clip of the newest flow its start, its chapters and the lines of its transcript, in order.
pub async fn get(
    State(app): State<App>,
    SiteAccess { site, .. }: SiteAccess,
    Query(query): Query<InboxQuery>,
) -> Result<Json<Vec<ClipChoice>>, Refusal> {
    let Some(flow) = app.flows.newest(site.id, None).await? else { return Ok(Json(Vec::new())) };
    let videos = app.store.videos(site.id).await?;
    let now = app.clock.now();
    let of_clip = |clip: &Clip| {
        let video = videos.iter().find(|video| video.clip == clip.id)?;
        let title = clip.title.pick(&query.locale, &flow.default_locale);
        Some(choices(video, title, &poster(&site, video, now), &query.locale))
    };
    Ok(Json(flow.clips.iter().filter_map(of_clip).flatten().collect()))
}

fn choices(video: &Video, title: &str, poster: &Option<String>, locale: &str) -> Vec<ClipChoice> {
    let at = |from: f64, text: &str| ClipChoice {
        at: ClipMoment { clip: video.clip.clone(), from: from as u32 },
        title: title.to_owned(),
        text: text.replace('\n', " "),
        poster: poster.clone(),
    };
    let track = track(video, locale);
    let cues = track.map(|track| track.chapters.iter().chain(&track.cues)).into_iter().flatten();
    let mut cues: Vec<&Cue> = cues.collect();
    cues.sort_by(|one, other| one.from.total_cmp(&other.from));
    std::iter::once(at(0.0, "")).chain(cues.into_iter().map(|cue| at(cue.from, &cue.text))).collect()
}

/// Returns the captions in the reader's language, or else the first ones.
fn track<'a>(video: &'a Video, locale: &str) -> Option<&'a CaptionTrack> {
    let language = |tag: &str| tag.split('-').next().unwrap_or_default().to_lowercase();
    let own = video.captions.iter().find(|track| language(&track.lang) == language(locale));
    own.or(video.captions.first())
}

fn poster(site: &Site, video: &Video, now: Millis) -> Option<String> {
    video.poster.as_ref().map(|file| address(site, file, now))
}
