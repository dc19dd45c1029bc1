//! `GET /api/feelings`: the emotion curve, the scores, and what people wrote.

use axum::Json;
use axum::extract::{Query, State};
use journey::reports::surveys::{count, score};
use protocol::console::{StageMood, SurveyReport, SurveyScore};
use protocol::files::{Flow, Scale, Stage};
use store::SurveyCount;

use super::guard::AtSite;
use super::question::Question;

use crate::app::App;
use crate::http::Refusal;

/// Answers for the newest flow; with nothing when the site has published none.
pub async fn get(
    State(app): State<App>,
    AtSite { site, .. }: AtSite,
    Query(question): Query<Question>,
) -> Result<Json<SurveyReport>, Refusal> {
    let Some(flow) = app.newest_flow(site.id, None).await? else { return Ok(Json(SurveyReport::default())) };
    let answers = app.store.survey_counts(site.id, &flow.name).await?;
    Ok(Json(SurveyReport {
        moods: flow.stages.iter().map(|stage| mood(&flow, stage, &answers, &question.locale)).collect(),
        scores: [Scale::Ces, Scale::Nps].into_iter().filter_map(|scale| total(scale, &answers)).collect(),
        comments: app.store.survey_comments(site.id, &flow.name).await?,
    }))
}

fn mood(flow: &Flow, stage: &Stage, answers: &[SurveyCount], locale: &str) -> StageMood {
    let here = |one: &&SurveyCount| one.scale == Scale::Mood && one.stage == stage.id;
    let pairs: Vec<(u32, u64)> = answers.iter().filter(here).map(|one| (one.score, one.n)).collect();
    let of = |wanted: u32| pairs.iter().filter(|(score, _)| *score == wanted).map(|(_, n)| n).sum();
    StageMood {
        stage: stage.id.clone(),
        title: stage.title.pick(locale, &flow.default_locale).to_owned(),
        counts: [of(1), of(2), of(3), of(4), of(5)],
        mean: score(Scale::Mood, &pairs),
    }
}

/// A score over all stages; none when the question was never answered.
fn total(scale: Scale, answers: &[SurveyCount]) -> Option<SurveyScore> {
    let of_scale = answers.iter().filter(|one| one.scale == scale);
    let pairs: Vec<(u32, u64)> = of_scale.map(|one| (one.score, one.n)).collect();
    (!pairs.is_empty()).then(|| SurveyScore { scale, n: count(&pairs), value: score(scale, &pairs) })
}
