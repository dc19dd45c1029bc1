//! Charts of plain numbers and labels. Colour never stands alone: every bar has its numbers beside it.

use leptos::prelude::*;
use protocol::{Interval, Millis};

use crate::i18n::{Texts, fill};

/// One bar: converted, in progress and dropped, out of a common whole.
pub struct Bar {
    /// What it is of, for whoever looks for it.
    pub key: String,
    /// What stands before it.
    pub label: String,
    /// The whole bar in words.
    pub spoken: String,
    /// Three counts.
    pub parts: [u64; 3],
}

/// Bars under each other; `names` say what the three parts are.
pub fn bars(bars: &[Bar], whole: u64, names: [&'static str; 3]) -> AnyView {
    let legend = names
        .iter()
        .zip(["done", "going", "gone"])
        .map(|(name, class)| view! { <li><i class=class></i>{*name}</li> }.into_any());
    let rows = bars.iter().map(|bar| row(bar, whole.max(1)));
    view! {
        <ul class="legend" aria-hidden="true">{legend.collect::<Vec<_>>()}</ul>
        <ol class="bars">{rows.collect::<Vec<_>>()}</ol>
    }
    .into_any()
}

fn row(bar: &Bar, whole: u64) -> AnyView {
    // Whole thousandths keep the drawing free of rounding words like 33.333333.
    let width = |part: u64| part * 1000 / whole;
    let [done, going, gone] = bar.parts.map(width);
    let rect = |class: &'static str, x: u64, width: u64| {
        view! { <rect class=class x=x.to_string() y="0" width=width.to_string() height="24" /> }.into_any()
    };
    view! {
        <li data-key=bar.key.clone()>
            <span class="label">{bar.label.clone()}</span>
            <svg viewBox="0 0 1000 24" preserveAspectRatio="none" role="img" aria-label=bar.spoken.clone()>
                {rect("track", 0, 1000)}
                {rect("done", 0, done)}
                {rect("going", done, going)}
                {rect("gone", done + going, gone)}
            </svg>
            <span class="numbers" aria-hidden="true">
                <b>{bar.parts[0]}</b>
                " / "{bar.parts[1]}" / "{bar.parts[2]}
            </span>
        </li>
    }
    .into_any()
}

/// One point of a curve.
pub struct Point {
    /// What stands below it.
    pub label: String,
    /// Its figure in words.
    pub note: String,
    /// The whole point in words.
    pub spoken: String,
    /// Where it is; none when too little is known.
    pub value: Option<Interval>,
}

/// Width of a point's column, height of the drawing, and room above and below the highest and lowest
/// value, in units of the drawing.
const COLUMN: f64 = 200.0;
const HEIGHT: f64 = 160.0;
const MARGIN: f64 = 12.0;

/// A curve through points at equal distances, each with its interval; `names` say what the highest, the
/// middle and the lowest value mean.
pub fn curve(points: &[Point], (low, high): (f64, f64), names: [&'static str; 3]) -> AnyView {
    let y = |value: f64| MARGIN + (high - value) / (high - low) * (HEIGHT - 2.0 * MARGIN);
    let x = |at: usize| (at as f64 + 0.5) * COLUMN;
    let width = COLUMN * points.len() as f64;
    let middle = f64::midpoint(low, high);
    let rules = [high, middle, low].map(|value| {
        let at = y(value).to_string();
        view! { <line class="rule" x1="0" x2=width.to_string() y1=at.clone() y2=at /> }.into_any()
    });
    let known: Vec<(f64, Interval)> =
        points.iter().enumerate().filter_map(|(at, point)| Some((x(at), point.value?))).collect();
    let line: Vec<String> = known.iter().map(|(x, value)| format!("{x},{}", y(value.value))).collect();
    let dots = known.iter().map(|(x, value)| {
        let x = x.to_string();
        view! {
            <line class="reach" x1=x.clone() x2=x.clone() y1=y(value.low).to_string() y2=y(value.high).to_string() />
            <line class="dot" x1=x.clone() x2=x y1=y(value.value).to_string() y2=y(value.value).to_string() />
        }
        .into_any()
    });
    let spoken: Vec<&str> = points.iter().map(|point| point.spoken.as_str()).collect();
    let labels = points
        .iter()
        .map(|point| view! { <li>{point.label.clone()} <small>{point.note.clone()}</small></li> }.into_any());
    view! {
        <div class="curve">
            <ol class="axis" aria-hidden="true">{names.map(|name| view! { <li>{name}</li> }.into_any()).into_iter().collect::<Vec<_>>()}</ol>
            <svg viewBox=format!("0 0 {width} {HEIGHT}") preserveAspectRatio="none" role="img" aria-label=spoken.join(" ")>
                {rules.into_iter().collect::<Vec<_>>()}
                <polyline class="line" points=line.join(" ") />
                {dots.collect::<Vec<_>>()}
            </svg>
            <ol class="points" aria-hidden="true">{labels.collect::<Vec<_>>()}</ol>
        </div>
    }
    .into_any()
}

/// A table that scrolls on its own where the page is narrow; the first head is that of the rows.
pub fn table(label: &'static str, heads: &[&'static str], rows: impl Iterator<Item = AnyView>) -> AnyView {
    let heads = heads.iter().map(|head| view! { <th scope="col">{*head}</th> }.into_any());
    view! {
        <div class="wide" tabindex="0" role="group" aria-label=label>
            <table>
                <thead>
                    <tr>{heads.collect::<Vec<_>>()}</tr>
                </thead>
                <tbody>{rows.collect::<Vec<_>>()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// A share with its interval: "60 % (23–88)".
pub fn percent(interval: &Interval) -> String {
    let whole = |share: f64| (share * 100.0).round();
    format!("{} % ({}–{})", whole(interval.value), whole(interval.low), whole(interval.high))
}

/// A length of time in its two largest units: "2 h 5 min".
pub fn duration(texts: &Texts, millis: Millis) -> String {
    let seconds = millis / 1000;
    let units = [
        (texts.days, seconds / 86_400),
        (texts.hours, seconds / 3_600 % 24),
        (texts.minutes, seconds / 60 % 60),
        (texts.seconds, seconds % 60),
    ];
    let first = units.iter().position(|(_, n)| *n > 0).unwrap_or(3);
    let shown = units[first..].iter().take(2).filter(|(_, n)| *n > 0 || seconds == 0);
    shown.map(|(unit, n)| fill(unit, &[("n", &n.to_string())])).collect::<Vec<_>>().join(" ")
}
