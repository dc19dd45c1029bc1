//! A section of the journey page: how many accounts passed each stage or step, as bars and as a table.

use leptos::prelude::*;
use protocol::console::{FunnelFate, FunnelStep};

use super::funnel_accounts::Part;
use crate::format::{duration, percent};
use crate::i18n::{Texts, fill};
use crate::ui::charts::{self, Bar, bars};

/// The parts of a bar, in their order.
const FATES: [FunnelFate; 3] = [FunnelFate::Converted, FunnelFate::InProgress, FunnelFate::Dropped];

/// Draws the rows of a funnel of `n` accounts; a press on a part of a bar calls `on_choose`.
pub fn section(
    texts: &'static Texts,
    id: &'static str,
    title: &'static str,
    rows: &[FunnelStep],
    n: u64,
    on_choose: Callback<Part>,
) -> AnyView {
    let parts: Vec<[Part; 3]> = rows.iter().map(|row| FATES.map(|fate| part(texts, row, fate))).collect();
    let choose = Callback::new(move |(bar, fate): (usize, usize)| {
        if let Some(part) = parts.get(bar).and_then(|parts| parts.get(fate)) {
            on_choose.run(part.clone());
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
        shows: FATES.map(|fate| part(texts, row, fate).heading(texts)),
    }
}

fn part(texts: &'static Texts, row: &FunnelStep, fate: FunnelFate) -> Part {
    let bar = match (&row.step, &row.stage) {
        (Some(step), _) => ("step", step.to_string()),
        (None, Some(stage)) => ("stage", stage.to_string()),
        (None, None) => ("", String::new()),
    };
    Part { bar, title: name(texts, row), fate }
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
            </tr>
        }
        .into_any()
    });
    let counts = [texts.converted, texts.in_progress, texts.dropped];
    let heads = [&[texts.step], counts.as_slice(), &[texts.rate, texts.median]].concat();
    charts::table(caption, &heads, rows)
}
