//! The journey page: the funnel of stages and steps, as it is now.

use gloo_events::EventListener;
use leptos::prelude::*;
use leptos::task::spawn_local;
use protocol::{Feelings, FunnelReport, FunnelStep, Mode, Postponed};
use web_sys::EventSource;

use crate::api;
use crate::i18n::{Texts, fill};
use crate::ui::charts;
use crate::ui::charts::{Bar, bars, duration, percent};

use super::{snoozed, surveys};

/// Follows one site.
#[component]
pub fn Journey(texts: &'static Texts, locale: String, site: String, leave: Callback<()>) -> impl IntoView {
    let report = RwSignal::new(None::<Option<FunnelReport>>);
    let put_off = RwSignal::new(Vec::<Postponed>::new());
    let felt = RwSignal::new(Feelings::default());
    let mode = RwSignal::new(Mode::First);
    let live = RwSignal::new(true);
    let fetch = {
        let (site, locale) = (site.clone(), locale.clone());
        move || {
            let (site, locale, mode) = (site.clone(), locale.clone(), mode.get_untracked());
            spawn_local(async move {
                // The funnel comes last, so that all is drawn together.
                if let Ok(all) = api::postponed(&site, &locale).await {
                    put_off.set(all);
                }
                if let Ok(all) = api::feelings(&site, &locale).await {
                    felt.set(all);
                }
                match api::journey(&site, mode, &locale).await {
                    Ok(newest) => report.set(Some(newest)),
                    Err(tag) if tag == "signed_out" => leave.run(()),
                    Err(_) => live.set(false),
                }
            });
        }
    };
    let feed = Feed::open(&site, live, fetch.clone());
    let feed = StoredValue::new_local(feed);
    on_cleanup(move || feed.dispose());
    let choose = move |event| {
        mode.set(match event_target_value(&event).as_str() {
            "latest" => Mode::Latest,
            "best" => Mode::Best,
            _ => Mode::First,
        });
        fetch();
    };
    let choose = StoredValue::new_local(choose);
    let chosen = move |event| choose.with_value(|choose| choose(event));
    move || match report.get() {
        None => view! { <div class="skeleton" aria-busy="true"></div> }.into_any(),
        Some(None) => view! {
            <h1>{texts.empty_title}</h1>
            <p>{texts.empty_text}</p>
        }
        .into_any(),
        Some(Some(report)) => {
            let head = head(texts, &locale, &report);
            let felt = surveys::section(texts, &locale, &felt.get_untracked());
            let put_off = snoozed::list(texts, &locale, &put_off.get_untracked());
            view! {
                <header class="head">
                    <h1>{texts.journey}</h1>
                    {head}
                    <p class="live" role="status" class:broken=move || !live.get()>
                        {move || if live.get() { texts.live } else { texts.not_live }}
                    </p>
                    <label class="mode">
                        {texts.mode}
                        <select on:change=chosen>
                            <option value="first" selected=report.mode == Mode::First>{texts.mode_first}</option>
                            <option value="latest" selected=report.mode == Mode::Latest>{texts.mode_latest}</option>
                            <option value="best" selected=report.mode == Mode::Best>{texts.mode_best}</option>
                        </select>
                    </label>
                </header>
                {(report.n == 0).then(|| view! { <p class="note">{texts.no_accounts}</p> })}
                {section(texts, "stages", texts.stages, &report.stages, report.n)}
                {section(texts, "steps", texts.steps, &report.steps, report.n)}
                {felt}
                {put_off}
            }
            .into_any()
        }
    }
}

/// The live feed: every note means that the report may have changed.
struct Feed {
    source: EventSource,
    _listeners: Vec<EventListener>,
}

impl Feed {
    fn open(site: &str, live: RwSignal<bool>, fetch: impl Fn() + 'static) -> Option<Self> {
        let source = EventSource::new(&format!("/api/live?site={site}")).ok()?;
        let _listeners = vec![
            EventListener::new(&source, "message", move |_| {
                live.set(true);
                fetch();
            }),
            EventListener::new(&source, "error", move |_| live.set(false)),
        ];
        Some(Self { source, _listeners })
    }
}

impl Drop for Feed {
    fn drop(&mut self) {
        self.source.close();
    }
}

fn head(texts: &'static Texts, locale: &str, report: &FunnelReport) -> AnyView {
    let time = js_sys::Date::new(&(report.as_of as f64).into());
    let time = String::from(time.to_locale_time_string(locale));
    let facts = [
        format!("{} {}", report.title, report.flow),
        fill(texts.accounts, &[("n", &report.n.to_string())]),
        fill(texts.as_of, &[("time", &time)]),
        fill(texts.window, &[("days", &report.window_days.to_string())]),
        texts.few.to_owned(),
    ];
    view! { <p class="facts">{facts.join(" · ")}</p> }.into_any()
}

fn section(
    texts: &'static Texts,
    id: &'static str,
    title: &'static str,
    rows: &[FunnelStep],
    n: u64,
) -> AnyView {
    let name =
        |row: &FunnelStep| if row.title.is_empty() { texts.entry.to_owned() } else { row.title.clone() };
    let charted: Vec<Bar> = (rows.iter())
        .map(|row| {
            let count = |n: u64| n.to_string();
            let values = [
                ("title", name(row)),
                ("converted", count(row.converted)),
                ("in_progress", count(row.in_progress)),
                ("dropped", count(row.dropped)),
            ];
            let values: Vec<(&str, &str)> =
                values.iter().map(|(key, value)| (*key, value.as_str())).collect();
            Bar {
                key: key_of(row),
                label: name(row),
                spoken: fill(texts.bar, &values),
                parts: [row.converted, row.in_progress, row.dropped],
            }
        })
        .collect();
    let names = [texts.converted, texts.in_progress, texts.dropped];
    view! {
        <section class="report" aria-labelledby=id>
            <h2 id=id>{title}</h2>
            {bars(&charted, n, names)}
            <details>
                <summary>{texts.table}</summary>
                {table(texts, title, rows, &name)}
            </details>
        </section>
    }
    .into_any()
}

fn key_of(row: &FunnelStep) -> String {
    let id = row.step.as_ref().map(|id| id.as_str()).or(row.stage.as_ref().map(|id| id.as_str()));
    id.unwrap_or("entry").to_owned()
}

fn table(
    texts: &'static Texts,
    caption: &'static str,
    rows: &[FunnelStep],
    name: &dyn Fn(&FunnelStep) -> String,
) -> AnyView {
    let rows = rows.iter().map(|row| {
        let rate = row.rate.map_or_else(|| texts.none.to_owned(), |rate| percent(&rate));
        let median = row.median.map_or_else(|| texts.none.to_owned(), |median| duration(texts, median));
        view! {
            <tr>
                <th scope="row">{name(row)}</th>
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
