//! `GET /api/feelings`: the emotion curve over the stages, the CES and NPS scores, and comments.
//! `GET /api/feelings/accounts`: who gave the answers.

use axum::Json;
use axum::extract::{Query, State};
use journey::reports::surveys::{count, score};
use protocol::console::{CountedAccounts, StageMood, SurveyReport, SurveyScore};
use protocol::files::{Flow, Scale, Stage};
use protocol::ids::StageId;
use serde::Deserialize;
use store::SurveyCount;

use super::counted::{Counted, list};
use crate::app::App;
use crate::auth::SiteAccess;
use crate::console::LocaleQuery;
use crate::http::Refusal;
use crate::legible::is_legible;

/// Returns the survey answers of the newest flow; an empty report when the site has published none.
pub async fn get(
    State(app): State<App>,
    SiteAccess { site, .. }: SiteAccess,
    Query(query): Query<LocaleQuery>,
) -> Result<Json<SurveyReport>, Refusal> {
    let Some(flow) = app.flows.newest(site.id, None).await? else { return Ok(Json(SurveyReport::default())) };
    let answers = app.store.survey_counts(site.id, &flow.name).await?;
    let comments = app.store.survey_comments(site.id, &flow.name).await?.into_iter();
    Ok(Json(SurveyReport {
        moods: flow.stages.iter().map(|stage| mood(&flow, stage, &answers, &query.locale)).collect(),
        scores: [Scale::Ces, Scale::Nps].into_iter().filter_map(|scale| total(scale, &answers)).collect(),
        comments: comments.filter(|comment| is_legible(&comment.text)).collect(),
    }))
}

/// Answers on a scale: all of them, those of one stage, or those that are alike.
#[derive(Deserialize)]
pub struct AnswerQuery {
    scale: Scale,
    #[serde(default)]
    stage: Option<StageId>,
    #[serde(default)]
    score: Option<u32>,
}

/// Returns the people who gave these answers.
pub async fn accounts(
    State(app): State<App>,
    SiteAccess { site, .. }: SiteAccess,
    Query(AnswerQuery { scale, stage, score }): Query<AnswerQuery>,
) -> Result<Json<CountedAccounts>, Refusal> {
    let Some(flow) = app.flows.newest(site.id, None).await? else {
        return Ok(Json(CountedAccounts::default()));
    };
    let people = app.store.survey_people(site.id, &flow.name, scale, stage.as_ref(), score).await?;
    list(&app, site.id, people.into_iter().map(|one| Counted::answer(one.who, one.at, one.score)).collect())
        .await
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

/// Returns a score over all stages; none when the question was never answered.
fn total(scale: Scale, answers: &[SurveyCount]) -> Option<SurveyScore> {
    let of_scale = answers.iter().filter(|one| one.scale == scale);
    let pairs: Vec<(u32, u64)> = of_scale.map(|one| (one.score, one.n)).collect();
    (!pairs.is_empty()).then(|| SurveyScore { scale, n: count(&pairs), value: score(scale, &pairs) })
}
