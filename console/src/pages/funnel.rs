//! A section of the journey page: how many accounts passed each stage or step, as bars and as a table.

use leptos::prelude::*;
use protocol::console::{FunnelFate, FunnelMode, FunnelStep};

use super::counted::{ChosenCount, Count};
use crate::api::reports::CountQuery;
use crate::format::{duration, percent};
use crate::i18n::{Texts, fill};
use crate::ui::charts::{self, Bar, bars};

/// The parts of a bar, in their order.
const FATES: [FunnelFate; 3] = [FunnelFate::Converted, FunnelFate::InProgress, FunnelFate::Dropped];

/// Draws the rows of a funnel of `n` accounts; a press on a part of a bar chooses its count.
pub fn section(
    texts: &'static Texts,
    id: &'static str,
    title: &'static str,
    rows: &[FunnelStep],
    (n, mode): (u64, FunnelMode),
    chosen: ChosenCount,
) -> AnyView {
    let counts: Vec<[Count; 3]> =
        rows.iter().map(|row| FATES.map(|fate| count(texts, row, mode, fate))).collect();
    let choose = Callback::new(move |(bar, fate): (usize, usize)| {
        if let Some(count) = counts.get(bar).and_then(|counts| counts.get(fate)) {
            chosen.set(Some(count.clone()));
        }
    });
    let charted: Vec<Bar> = rows.iter().map(|row| bar(texts, row)).collect();
    let names = [texts.converted, texts.in_progress, texts.dropped];
    view! {
        <section class="report" aria-labelledby=id>
            <h2 id=id>{title}</h2>
            {bars(&charted, n, names, choose)}
            <details>
                <summary>{texts.table}</summary>
                {table(texts, title, rows)}
            </details>
        </section>
    }
    .into_any()
}

fn bar(texts: &'static Texts, row: &FunnelStep) -> Bar {
    let label = name(texts, row);
    let counts = [row.converted, row.in_progress, row.dropped].map(|n| n.to_string());
    let [converted, in_progress, dropped] = &counts;
    let values = [
        ("title", label.as_str()),
        ("converted", converted),
        ("in_progress", in_progress),
        ("dropped", dropped),
    ];
    Bar {
        key: key(row),
        spoken: fill(texts.bar, &values),
        label,
        parts: [row.converted, row.in_progress, row.dropped],
        shows: FATES.map(|fate| heading(texts, row, fate)),
    }
}

fn count(texts: &'static Texts, row: &FunnelStep, mode: FunnelMode, fate: FunnelFate) -> Count {
    let query = CountQuery::of("api/journey").with("mode", &mode).with("fate", &fate);
    let query = match (&row.step, &row.stage) {
        (Some(step), _) => query.with("step", step),
        (None, Some(stage)) => query.with("stage", stage),
        (None, None) => query,
    };
    Count { heading: heading(texts, row, fate), when: texts.moved, query }
}

/// Says what a part of a bar counts.
fn heading(texts: &'static Texts, row: &FunnelStep, fate: FunnelFate) -> String {
    let fate = match fate {
        FunnelFate::Converted => texts.converted,
        FunnelFate::InProgress => texts.in_progress,
        FunnelFate::Dropped => texts.dropped,
    };
    fill(texts.behind, &[("title", &name(texts, row)), ("fate", fate)])
}

/// Returns the row's title; the first row, which has none, counts who started.
fn name(texts: &'static Texts, row: &FunnelStep) -> String {
    if row.title.is_empty() { texts.entry.to_owned() } else { row.title.clone() }
}

fn key(row: &FunnelStep) -> String {
    let id = row.step.as_ref().map(|id| id.as_str()).or(row.stage.as_ref().map(|id| id.as_str()));
    id.unwrap_or("entry").to_owned()
}

fn table(texts: &'static Texts, caption: &'static str, rows: &[FunnelStep]) -> AnyView {
    let rows = rows.iter().map(|row| {
        let rate = row.rate.map_or_else(|| texts.none.to_owned(), |rate| percent(&rate));
        let median = row.median.map_or_else(|| texts.none.to_owned(), |median| duration(texts, median));
        view! {
            <tr>
                <th scope="row">{name(texts, row)}</th>
                <td>{row.converted}</td>
                <td>{row.in_progress}</td>
                <td>{row.dropped}</td>
                <td>{rate}</td>
                <td>{median}</td>
                <td>{row.guests}</td>
            </tr>
        }
        .into_any()
    });
    let counts = [texts.converted, texts.in_progress, texts.dropped];
    let heads = [&[texts.step], counts.as_slice(), &[texts.rate, texts.median, texts.guests]].concat();
    charts::table(caption, &heads, rows)
}
