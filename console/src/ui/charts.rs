//! Charts of plain numbers and labels. Colour never stands alone: every bar has its numbers beside it.

use leptos::prelude::*;

use super::number;

/// One bar: converted, in progress and dropped, out of a common whole.
pub struct Bar {
    /// The id of what is counted; the bar's `data-key`.
    pub key: String,
    /// The text in front of the bar.
    pub label: String,
    /// The whole bar in words, for a screen reader.
    pub spoken: String,
    /// The three counts.
    pub parts: [u64; 3],
    /// What a press on each of them shows, in words.
    pub shows: [String; 3],
}

/// Draws bars under each other; `names` say what the three parts are. A press on a part calls `on_choose` with the
/// numbers of the bar and of the part.
pub fn bars(
    bars: &[Bar],
    whole: u64,
    names: [&'static str; 3],
    on_choose: Callback<(usize, usize)>,
) -> AnyView {
    let legend = names
        .iter()
        .zip(["done", "going", "gone"])
        .map(|(name, class)| view! { <li><i class=class></i>{*name}</li> }.into_any());
    let rows = bars.iter().enumerate().map(|(at, bar)| {
        let choose = Callback::new(move |part| on_choose.run((at, part)));
        row(bar, whole.max(1), choose)
    });
    view! {
        <ul class="legend" aria-hidden="true">{legend.collect::<Vec<_>>()}</ul>
        <ol class="bars">{rows.collect::<Vec<_>>()}</ol>
    }
    .into_any()
}

fn row(bar: &Bar, whole: u64, on_choose: Callback<usize>) -> AnyView {
    // Whole thousandths keep the drawing free of rounding words like 33.333333.
    let width = |part: u64| part * 1000 / whole;
    let [done, going, gone] = bar.parts.map(width);
    let rect = |class: &'static str, x: u64, width: u64| {
        view! { <rect class=class x=x.to_string() y="0" width=width.to_string() height="24" /> }
    };
    // The numbers beside it are the same for the keyboard.
    let part = |class: &'static str, x: u64, width: u64, part: usize| {
        let choose = move |_| on_choose.run(part);
        view! { <g on:click=choose>{rect(class, x, width)}</g> }
    };
    let count = |part: usize| number(bar.parts[part], &bar.shows[part], move || on_choose.run(part));
    view! {
        <li data-key=bar.key.clone()>
            <span class="label">{bar.label.clone()}</span>
            <svg viewBox="0 0 1000 24" preserveAspectRatio="none" role="img" aria-label=bar.spoken.clone()>
                {rect("track", 0, 1000)}
                {part("done", 0, done, 0)}
                {part("going", done, going, 1)}
                {part("gone", done + going, gone, 2)}
            </svg>
            <span class="numbers">
                <b>{count(0)}</b>
                " / "{count(1)}" / "{count(2)}
            </span>
        </li>
    }
    .into_any()
}

/// A value with its interval.
#[derive(Clone, Copy)]
pub struct Estimate {
    /// The value itself.
    pub value: f64,
    /// The interval's lower bound.
    pub low: f64,
    /// The interval's upper bound.
    pub high: f64,
}

/// One point of a curve.
pub struct Point {
    /// The text below the point.
    pub label: String,
    /// Its value in words.
    pub note: String,
    /// The whole point in words, for a screen reader.
    pub spoken: String,
    /// The value; none when too few people are behind it.
    pub value: Option<Estimate>,
}

/// Width of a point's column, in units of the drawing.
const COLUMN: f64 = 200.0;
/// Height of the drawing, in its own units.
const HEIGHT: f64 = 160.0;
/// Room above the highest and below the lowest value, in units of the drawing.
const MARGIN: f64 = 12.0;

/// Draws a curve through points at equal distances, each with its interval; `names` say what the highest, the
/// middle and the lowest value mean. Where too few people are behind every point, only what their notes say is there.
pub fn curve(points: &[Point], (low, high): (f64, f64), names: [&'static str; 3]) -> AnyView {
    let y = |value: f64| MARGIN + (high - value) / (high - low) * (HEIGHT - 2.0 * MARGIN);
    let x = |at: usize| (at as f64 + 0.5) * COLUMN;
    let width = COLUMN * points.len() as f64;
    let middle = f64::midpoint(low, high);
    let rules = [high, middle, low].map(|value| {
        let at = y(value).to_string();
        view! { <line class="rule" x1="0" x2=width.to_string() y1=at.clone() y2=at /> }.into_any()
    });
    let known: Vec<(f64, Estimate)> =
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
        .map(|point| {
            view! { <li>{point.label.clone()}" "<small>{point.note.clone()}</small></li> }.into_any()
        })
        .collect::<Vec<_>>();
    if known.is_empty() {
        return view! { <ol class="points">{labels}</ol> }.into_any();
    }
    view! {
        <div class="curve">
            <ol class="axis" aria-hidden="true">{names.map(|name| view! { <li>{name}</li> }.into_any()).into_iter().collect::<Vec<_>>()}</ol>
            <svg viewBox=format!("0 0 {width} {HEIGHT}") preserveAspectRatio="none" role="img" aria-label=spoken.join(" ")>
                {rules.into_iter().collect::<Vec<_>>()}
                <polyline class="line" points=line.join(" ") />
                {dots.collect::<Vec<_>>()}
            </svg>
            <ol class="points" aria-hidden="true">{labels}</ol>
        </div>
    }
    .into_any()
}

/// Draws a table that scrolls on its own where the page is narrow; the first head is that of the rows.
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
