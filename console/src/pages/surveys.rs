//! A section of the journey page: the answers to surveys as an emotion curve over the stages, scores and
//! comments.

use leptos::prelude::*;
use protocol::console::{Interval, StageMood, SurveyComment, SurveyReport, SurveyScore};
use protocol::files::Scale;

use super::counted::{ChosenCount, Count, guests_beside, number};
use crate::api::reports::CountQuery;
use crate::context::Language;
use crate::format::{estimate, moment};
use crate::i18n::{Texts, fill};
use crate::ui::charts::{self, Estimate, Point, curve};

/// Draws the answers; a sentence says so while no survey was answered.
pub fn section(language: Language, all: &SurveyReport, chosen: ChosenCount) -> AnyView {
    let texts = language.texts;
    let nothing = all.scores.is_empty() && all.moods.iter().all(|mood| n(mood) + mood.guests == 0);
    let content = if nothing {
        view! { <p class="facts">{texts.nobody_asked}</p> }.into_any()
    } else {
        let points: Vec<Point> = all.moods.iter().map(|mood| point(texts, mood)).collect();
        view! {
            {curve(&points, (1.0, 5.0), [texts.mood_5, texts.mood_3, texts.mood_1])}
            <details>
                <summary>{texts.table}</summary>
                {table(texts, &all.moods, chosen)}
            </details>
            {(!all.scores.is_empty()).then(|| scores(texts, &all.scores, chosen))}
            {comments(language, texts.words, &all.comments)}
            {comments(language, texts.guest_words, &all.guest_comments)}
        }
        .into_any()
    };
    view! {
        <section class="report feelings" aria-labelledby="feelings">
            <h2 id="feelings">{texts.feelings}</h2>
            {content}
        </section>
    }
    .into_any()
}

/// Returns how many answers a stage has.
fn n(mood: &StageMood) -> u64 {
    mood.counts.iter().sum()
}

fn point(texts: &'static Texts, mood: &StageMood) -> Point {
    let n = n(mood).to_string();
    let few = fill(texts.few_answers, &[("n", &n)]);
    let note = match &mood.mean {
        Some(mean) => fill(texts.mean, &[("value", &estimate(mean)), ("n", &n)]),
        None => few,
    };
    let spoken = fill(texts.mood_point, &[("stage", &mood.title), ("note", &note)]);
    let value = mood.mean.map(|Interval { value, low, high }| Estimate { value, low, high });
    Point { label: mood.title.clone(), note, spoken, value }
}

fn table(texts: &'static Texts, moods: &[StageMood], chosen: ChosenCount) -> AnyView {
    let marks = [texts.mood_1, texts.mood_2, texts.mood_3, texts.mood_4, texts.mood_5];
    let row = |mood: &StageMood| {
        let counts = (1u32..).zip(marks).zip(mood.counts).map(|((score, mark), n)| {
            let heading = fill(texts.count, &[("title", &mood.title), ("name", mark)]);
            let query = answers(Scale::Mood).with("stage", &mood.stage).with("score", &score);
            view! { <td>{number(n, Count { heading, when: texts.when, query }, chosen)}</td> }
        });
        let mean = mood.mean.as_ref().map_or_else(|| texts.none.to_owned(), estimate);
        view! {
            <tr>
                <th scope="row">{mood.title.clone()}</th>
                {counts.collect::<Vec<_>>()}
                <td>{mean}</td>
                <td>{mood.guests}</td>
            </tr>
        }
        .into_any()
    };
    let heads = [&[texts.stage], marks.as_slice(), &[texts.mean_head, texts.guests]].concat();
    charts::table(texts.feelings, &heads, moods.iter().map(row))
}

/// The answers on a scale.
fn answers(scale: Scale) -> CountQuery {
    CountQuery::of("api/feelings").with("scale", &scale)
}

fn name(texts: &'static Texts, scale: Scale) -> &'static str {
    match scale {
        Scale::Mood => texts.mood,
        Scale::Ces => texts.ces,
        Scale::Nps => texts.nps,
    }
}

fn scores(texts: &'static Texts, scores: &[SurveyScore], chosen: ChosenCount) -> AnyView {
    let one = |score: &SurveyScore| {
        let value = match (&score.value, score.scale) {
            (None, _) => texts.none.to_owned(),
            (Some(value), Scale::Nps) => format!("{:+.0}", value.value),
            (Some(value), _) => format!("{:.1}", value.value),
        };
        let reach = score.value.map(|value| {
            let (low, high) = (format!("{:.1}", value.low), format!("{:.1}", value.high));
            fill(texts.score_reach, &[("low", &low), ("high", &high)])
        });
        let heading = name(texts, score.scale).to_owned();
        let count = Count { heading, when: texts.when, query: answers(score.scale) };
        view! {
            <div>
                <dt>{name(texts, score.scale)}</dt>
                <dd><b>{value}</b> <small>{reach} " n = " {number(score.n, count, chosen)} " " {guests_beside(texts, score.guests)}</small></dd>
            </div>
        }
        .into_any()
    };
    view! { <dl class="scores">{scores.iter().map(one).collect::<Vec<_>>()}</dl> }.into_any()
}

fn comments(Language { texts, locale }: Language, heading: &'static str, all: &[SurveyComment]) -> AnyView {
    if all.is_empty() {
        return ().into_any();
    }
    let one = |comment: &SurveyComment| {
        let (_, high) = comment.scale.bounds();
        let answer = format!("{} {}/{high}", name(texts, comment.scale), comment.score);
        let by = [comment.account.as_str(), &comment.by, &answer, &moment(comment.at, locale)].join(" · ");
        view! {
            <li>
                <p>{comment.text.clone()}</p>
                <p class="facts">{by}</p>
            </li>
        }
        .into_any()
    };
    view! {
        <h3>{heading}</h3>
        <ul class="words" tabindex="0">{all.iter().map(one).collect::<Vec<_>>()}</ul>
    }
    .into_any()
}
