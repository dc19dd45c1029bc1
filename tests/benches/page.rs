//! What the widget costs the page that embeds it: time until launcher and checklist are there, the
//! worst task of its own while the page loads and after that (browsers name tasks in frames of 50 ms and
//! more; 0 is none), layout shift, and what the whole page uses. Medians of fresh browsers on the demo's dashboard:
//! at full speed, with a quarter of the processor, and over a slow line.
#![expect(clippy::print_stdout, reason = "a bench speaks on standard output")]

#[path = "page/answers.rs"]
mod answers;

use anyhow::{Context, Result};
use serde_json::{Value, json};
use tabiji_tests::{Browser, Stack, Widget};

const RUNS: usize = 7;

/// Where the page is opened: how many times slower the processor is, and the line.
const PLACES: [(&str, u32, Option<Line>); 3] = [
    ("here", 1, None),
    ("processor / 4", 4, None),
    ("1.6 Mbit/s, 150 ms", 1, Some(Line { bytes_per_second: 200_000, latency: 150 })),
];

/// A slow line.
#[derive(Clone, Copy)]
struct Line {
    bytes_per_second: u32,
    /// Milliseconds from a request to its answer.
    latency: u32,
}

/// Gathers what the browser says of itself, from the very start of the page.
const WATCH: &str = "
window.seen = { own: [], shift: 0 };
const watch = (type, take) => new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true });
watch('layout-shift', (entry) => { seen.shift += entry.value; });
watch('long-animation-frame', (frame) => frame.scripts.forEach((script) => {
  if (script.sourceURL.startsWith(COLLECTOR)) seen.own.push([script.duration, script.startTime < (performance.getEntriesByType('navigation')[0].loadEventEnd || Infinity)]);
}));
const inside = (selector) => document.querySelector('#tabiji')?.shadowRoot.querySelector(selector);
const look = () => {
  if (inside('.launcher')) seen.launcher ??= performance.now();
  if (inside('.launcher[aria-controls]') && /\\d/.test(inside('.launcher').textContent)) seen.checklist ??= performance.now();
  if (!seen.checklist) requestAnimationFrame(look);
};
requestAnimationFrame(look);";

struct Load {
    launcher: f64,
    checklist: f64,
    /// The worst task of the widget's own while the page loads, and after that.
    loading: f64,
    after: f64,
    script: f64,
    shift: f64,
    heap: f64,
}

#[tokio::main]
async fn main() -> Result<()> {
    let (stack, demo) = Stack::with_demo(&[]).await?;
    println!(
        "{:20}{:>12}{:>14}{:>16}{:>14}{:>12}{:>10}{:>8}",
        "", "launcher ms", "checklist ms", "worst, loading", "worst, after", "script ms", "heap MB", "shift"
    );
    for (place, slower, line) in PLACES {
        let mut loads = Vec::new();
        for _ in 0..RUNS {
            loads.push(load(&stack, &demo.url, slower, line).await?);
        }
        let median = |of: fn(&Load) -> f64| {
            let mut all: Vec<f64> = loads.iter().map(of).collect();
            all.sort_by(f64::total_cmp);
            all[RUNS / 2]
        };
        let worst = |of: fn(&Load) -> f64| loads.iter().map(of).fold(0.0, f64::max);
        println!(
            "{place:20}{:>12.0}{:>14.0}{:>16.0}{:>14.0}{:>12.0}{:>10.2}{:>8.3}",
            median(|load| load.launcher),
            median(|load| load.checklist),
            worst(|load| load.loading),
            worst(|load| load.after),
            median(|load| load.script),
            median(|load| load.heap),
            worst(|load| load.shift),
        );
        let long = |of: fn(&Load) -> f64| loads.iter().filter(|load| of(load) > 50.0).count();
        let (loading, after) = (long(|load| load.loading), long(|load| load.after));
        println!(
            "     loads of {RUNS} with a task of our own over 50 ms: {loading} while loading, {after} after"
        );
    }
    answers::print().await
}

async fn load(stack: &Stack, url: &str, slower: u32, line: Option<Line>) -> Result<Load> {
    let browser = Browser::start().await?;
    let watch = WATCH.replace("COLLECTOR", &json!(stack.url()).to_string());
    browser.tools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": watch })).await?;
    browser.tools("Performance.enable", json!({})).await?;
    browser.tools("Emulation.setCPUThrottlingRate", json!({ "rate": slower })).await?;
    if let Some(Line { bytes_per_second, latency }) = line {
        let conditions = json!({ "offline": false, "latency": latency,
            "downloadThroughput": bytes_per_second, "uploadThroughput": bytes_per_second });
        browser.tools("Network.enable", json!({})).await?;
        browser.tools("Network.emulateNetworkConditions", conditions).await?;
    }
    browser.open(url).await?;
    Widget(&browser).ready().await?;
    browser.wait("seen.checklist").await?;
    // What comes right after belongs to the start too.
    browser.wait("new Promise((done) => setTimeout(() => done(true), 500))").await?;
    let metrics = browser.tools("Performance.getMetrics", json!({})).await?;
    let metric = |name: &str| {
        let all = metrics["metrics"].as_array()?;
        all.iter().find(|metric| metric["name"] == name)?["value"].as_f64()
    };
    let seen = browser.eval("return seen").await?;
    let longest = |loading: bool| {
        let own = seen["own"].as_array().into_iter().flatten().filter(|task| task[1] == loading);
        own.filter_map(|task| task[0].as_f64()).fold(0.0, f64::max)
    };
    let number = |value: &Value| value.as_f64().context("the page did not say");
    Ok(Load {
        launcher: number(&seen["launcher"])?,
        checklist: number(&seen["checklist"])?,
        loading: longest(true),
        after: longest(false),
        script: metric("ScriptDuration").context("no ScriptDuration")? * 1e3,
        shift: number(&seen["shift"])?,
        heap: metric("JSHeapUsedSize").context("no JSHeapUsedSize")? / 1e6,
    })
}
