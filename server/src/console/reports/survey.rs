//! `GET /api/feelings`: the emotion curve over the stages, the CES and NPS scores, and comments.
//! `GET /api/feelings/accounts`: who gave the answers.

use axum::Json;
use axum::extract::State;
use journey::reports::surveys::{count, score};
use protocol::console::{CountedAccounts, StageMood, SurveyReport, SurveyScore};
use protocol::files::{Flow, Scale, Stage};
use protocol::ids::StageId;
use schemars::JsonSchema;
use serde::Deserialize;
use store::{SurveyCount, Vouched};

use super::counted::{Counted, list};
use crate::app::App;
use crate::auth::SiteAccess;
use crate::console::LocaleQuery;
use crate::http::{Query, Refusal};
use crate::legible::is_legible;

/// Returns the survey answers of the newest flow; an empty report when the site has published none.
pub async fn get(
    State(app): State<App>,
    SiteAccess { site, .. }: SiteAccess,
    Query(query): Query<LocaleQuery>,
) -> Result<Json<SurveyReport>, Refusal> {
    let Some(flow) = app.flows.newest(site.id, None).await? else { return Ok(Json(SurveyReport::default())) };
    let asked = questions(&flow);
    let answers = app.store.survey_counts(site.id, &flow.name, &asked).await?;
    let comments = async |of| -> Result<Vec<_>, Refusal> {
        let all = app.store.survey_comments(site.id, &flow.name, &asked, of).await?;
        Ok(all.into_iter().filter(|comment| is_legible(&comment.text)).collect())
    };
    Ok(Json(SurveyReport {
        moods: flow.stages.iter().map(|stage| mood(&flow, stage, &answers, &query.locale)).collect(),
        scores: [Scale::Ces, Scale::Nps].into_iter().filter_map(|scale| total(scale, &answers)).collect(),
        comments: comments(Vouched::Verified).await?,
        guest_comments: comments(Vouched::Guests).await?,
    }))
}

/// The questions of a flow: one mood at the end of each stage, and the author's own. A page can name others, and no
/// report counts those.
fn questions(flow: &Flow) -> Vec<String> {
    let of_stage = |stage: &Stage| {
        let own = stage.surveys.iter().map(|question| question.id.clone());
        own.chain([format!("mood-{}", stage.id)]).collect::<Vec<_>>()
    };
    flow.stages.iter().flat_map(of_stage).collect()
}

/// Answers on a scale: all of them, those of one stage, or those that are alike.
#[derive(Deserialize, JsonSchema)]
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
    let asked = questions(&flow);
    let people = app.store.survey_people(site.id, &flow.name, &asked, scale, stage.as_ref(), score).await?;
    list(&app, site.id, people.into_iter().map(|one| Counted::answer(one.who, one.at, one.score)).collect())
        .await
}

fn mood(flow: &Flow, stage: &Stage, answers: &[SurveyCount], locale: &str) -> StageMood {
    let here = |one: &&SurveyCount| one.scale == Scale::Mood && one.stage == stage.id;
    let (pairs, guests) = tally(answers.iter().filter(here));
    let of = |wanted: u32| pairs.iter().filter(|(score, _)| *score == wanted).map(|(_, n)| n).sum();
    StageMood {
        stage: stage.id.clone(),
        title: stage.title.pick(locale, &flow.default_locale).to_owned(),
        counts: [of(1), of(2), of(3), of(4), of(5)],
        mean: score(Scale::Mood, &pairs),
        guests,
    }
}

/// Returns a score over all stages; none when the question was never answered.
fn total(scale: Scale, answers: &[SurveyCount]) -> Option<SurveyScore> {
    let (pairs, guests) = tally(answers.iter().filter(|one| one.scale == scale));
    let total = SurveyScore { scale, n: count(&pairs), guests, value: score(scale, &pairs) };
    (!pairs.is_empty()).then_some(total)
}

/// Returns how often each score was given by people that a token vouched for, and how many guests answered.
fn tally<'a>(answers: impl Iterator<Item = &'a SurveyCount>) -> (Vec<(u32, u64)>, u64) {
    answers.fold((Vec::new(), 0), |(mut pairs, guests), one| {
        pairs.push((one.score, one.n));
        (pairs, guests + one.guests)
    })
}
