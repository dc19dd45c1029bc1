//! A section of the journey page: how many accounts passed each stage or step, as bars and as a table.

use leptos::prelude::*;
use protocol::console::FunnelStep;

use crate::format::{duration, percent};
use crate::i18n::{Texts, fill};
use crate::ui::charts::{self, Bar, bars};

/// Draws the rows of a funnel of `n` accounts.
pub fn section(
    texts: &'static Texts,
    id: &'static str,
    title: &'static str,
    rows: &[FunnelStep],
    n: u64,
) -> AnyView {
    let charted: Vec<Bar> = rows.iter().map(|row| bar(texts, row)).collect();
    let names = [texts.converted, texts.in_progress, texts.dropped];
    view! {
        <section class="report" aria-labelledby=id>
            <h2 id=id>{title}</h2>
            {bars(&charted, n, names)}
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
    }
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
