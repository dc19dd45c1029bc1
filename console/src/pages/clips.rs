//! The page of clips: who watches what, where people leave, and whether it helps.

use leptos::prelude::*;
use protocol::console::{ClipCount, ClipReport, CompletionShare, ReplayedMoment};

use super::counted::{ChosenCount, Count, CountedDialog, guests_beside, number};
use crate::api::reports::{self, CountQuery};
use crate::context::{current_texts, site};
use crate::format::{clock, percent};
use crate::i18n::{Texts, fill};
use crate::ui::charts::{Estimate, Point, curve, table};
use crate::ui::{Load, Loaded};

/// Below this number of people only counts are shown, no shares.
const FEWEST: u64 = 5;

/// The clips of one site.
#[component]
pub fn Clips() -> impl IntoView {
    let (texts, site) = (current_texts(), site());
    let load = Load::begin(move || {
        let site = site.clone();
        async move { reports::clips(&site).await }
    });
    let none = move |all: &Vec<ClipReport>| {
        all.is_empty().then(|| view! { <p class="note">{texts.no_clips}</p> }.into_any())
    };
    let chosen = RwSignal::new(None);
    let sections = move |all: &Vec<ClipReport>| {
        all.iter().map(|clip| one(texts, clip, chosen)).collect::<Vec<_>>().into_any()
    };
    view! {
        <header class="head">
            <h1>{texts.clips}</h1>
        </header>
        <Loaded load empty=none content=sections />
        <CountedDialog chosen />
    }
}

fn one(texts: &'static Texts, clip: &ClipReport, chosen: ChosenCount) -> AnyView {
    let heading = ["clip-", &clip.clip].concat();
    let length = clip.seconds.map_or_else(|| texts.no_film.to_owned(), clock);
    let hasty =
        (clip.implausible > 0).then(|| fill(texts.clip_hasty, &[("n", &clip.implausible.to_string())]));
    let is_watched = clip.started > 0;
    let unwatched = (!is_watched).then(|| texts.clip_unwatched.to_owned());
    let facts = [Some(length), unwatched, hasty, guests_beside(texts, clip.guests)]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" · ");
    view! {
        <section class="report feelings" aria-labelledby=heading.clone()>
            <h2 id=heading.clone()>{clip.title.clone()}</h2>
            <p class="facts">{facts}</p>
            {is_watched.then(|| counts(texts, clip, chosen))}
            {is_watched.then(|| kept(texts, clip))}
            {(!clip.replays.is_empty()).then(|| returns(texts, clip))}
            {(is_watched && !clip.effects.is_empty()).then(|| effects(texts, clip))}
        </section>
    }
    .into_any()
}

/// Draws how many watched, each number with the people behind it.
fn counts(texts: &'static Texts, clip: &ClipReport, chosen: ChosenCount) -> AnyView {
    let count = |(count, name, n): (ClipCount, &'static str, u64)| {
        let heading = fill(texts.count, &[("title", &clip.title), ("name", name)]);
        let query = CountQuery::of("api/clips").with("clip", &clip.clip).with("count", &count);
        view! {
            <div>
                <dt>{name}</dt>
                <dd><b>{number(n, Count { heading, when: texts.when, query }, chosen)}</b></dd>
            </div>
        }
    };
    let all = [
        (ClipCount::Started, texts.clip_started, clip.started),
        (ClipCount::Finished, texts.clip_finished, clip.finished),
        (ClipCount::Stopped, texts.clip_stopped, clip.started - clip.finished),
        (ClipCount::Captioned, texts.clip_captioned, clip.captioned),
    ];
    view! { <dl class="scores">{all.map(count).into_iter().collect::<Vec<_>>()}</dl> }.into_any()
}

/// Draws where people leave: the share of viewers that each tenth of the clip kept.
fn kept(texts: &'static Texts, clip: &ClipReport) -> AnyView {
    let share = |n: u64| n as f64 / clip.started.max(1) as f64;
    let tenth = clip.seconds.unwrap_or_default() / clip.retention.len().max(1) as f64;
    let points: Vec<Point> = clip
        .retention
        .iter()
        .enumerate()
        .map(|(at, n)| {
            let (from, n_text) = (clock(at as f64 * tenth), n.to_string());
            let spoken = fill(texts.kept_point, &[("at", &from), ("n", &n_text)]);
            // Every viewer is counted, so the interval has no width.
            let whole = |value| Estimate { value, low: value, high: value };
            let value = (clip.started >= FEWEST).then(|| whole(share(*n)));
            Point { label: from, note: n_text, spoken, value }
        })
        .collect();
    let few = || fill(texts.few_viewers, &[("n", &clip.started.to_string())]);
    view! {
        <h3>{texts.kept}</h3>
        {(clip.started < FEWEST).then(|| view! { <p class="facts">{few()}</p> })}
        {curve(&points, (0.0, 1.0), ["100 %", "50 %", "0 %"])}
    }
    .into_any()
}

/// Lists what was watched again: there the clip, or the product, is hard to follow.
fn returns(texts: &'static Texts, clip: &ClipReport) -> AnyView {
    let row = |moment: &ReplayedMoment| {
        let (times, people) = (moment.times.to_string(), moment.people.to_string());
        let counts = fill(texts.return_counts, &[("n", &times), ("m", &people)]);
        view! {
            <tr>
                <th scope="row">{clock(f64::from(moment.at))}</th>
                <td>{counts}</td>
            </tr>
        }
        .into_any()
    };
    view! {
        <h3>{texts.returns}</h3>
        {table(texts.returns, &[texts.moment, texts.how_often], clip.replays.iter().map(row))}
    }
    .into_any()
}

/// Compares how often a step was done soon after, with and without watching.
fn effects(texts: &'static Texts, clip: &ClipReport) -> AnyView {
    let count = |outcome: &CompletionShare| {
        let counts = fill(texts.of, &[("n", &outcome.done.to_string()), ("m", &outcome.n.to_string())]);
        outcome.rate.as_ref().map_or(counts.clone(), |rate| [counts, percent(rate)].join(" · "))
    };
    let rows = clip.effects.iter().map(|effect| {
        view! {
            <tr>
                <th scope="row">{effect.step.clone()}</th>
                <td>{count(&effect.watched)}</td>
                <td>{count(&effect.others)}</td>
            </tr>
        }
        .into_any()
    });
    view! {
        <h3>{texts.helps}</h3>
        {table(texts.helps, &[texts.step, texts.who_watched, texts.who_did_not], rows)}
    }
    .into_any()
}
