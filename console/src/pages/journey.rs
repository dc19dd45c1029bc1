//! The journey page: the funnel of stages and steps as it is now, with surveys and snoozed steps.

use leptos::prelude::*;
use protocol::console::{FunnelMode, FunnelReport, SnoozedStep, SurveyReport};

use super::counted::{ChosenCount, CountedDialog, guests_beside};
use super::{funnel, snoozed, surveys};
use crate::api::{ApiError, Site, reports};
use crate::context::{Language, language, site};
use crate::format::time_with_seconds;
use crate::i18n::fill;
use crate::live::{FeedHandler, follow};
use crate::ui::{Load, Loaded};

/// Everything that the page shows.
struct JourneyReports {
    /// None when the site has published no flow.
    funnel: Option<FunnelReport>,
    surveys: SurveyReport,
    snoozed: Vec<SnoozedStep>,
}

/// Loads all parts, so that they are drawn together.
async fn load_reports(site: Site, mode: FunnelMode) -> Result<JourneyReports, ApiError> {
    let snoozed = reports::snoozed(&site).await?;
    let surveys = reports::surveys(&site).await?;
    let funnel = reports::journey(&site, mode).await?;
    Ok(JourneyReports { funnel, surveys, snoozed })
}

/// Follows one site: a message of the live feed says that a report may have changed.
#[component]
pub fn Journey() -> impl IntoView {
    let (language, site) = (language(), site());
    let mode = RwSignal::new(FunnelMode::First);
    let is_online = RwSignal::new(true);
    let feed = reports::live(&site);
    // The feed's first message, which comes at once, sends the first request.
    let load = Load::new(move || load_reports(site.clone(), mode.get_untracked()));
    follow(
        feed,
        FeedHandler { is_online, on_message: move |_| load.reload(), on_refused: move || load.reload() },
    );
    let is_live = Signal::derive(move || is_online.get() && !load.is_stale());
    let choose = Callback::new(move |chosen| {
        mode.set(chosen);
        load.reload();
    });
    let count = RwSignal::new(None);
    let none = move |all: &JourneyReports| all.funnel.is_none().then(|| no_flow(language));
    let content = move |all: &JourneyReports| match &all.funnel {
        Some(funnel) => report(language, all, funnel, is_live, (choose, count)),
        None => ().into_any(),
    };
    view! {
        <Loaded load empty=none content />
        <CountedDialog chosen=count />
    }
}

fn no_flow(Language { texts, .. }: Language) -> AnyView {
    view! {
        <h1>{texts.empty_title}</h1>
        <p>{texts.empty_text}</p>
    }
    .into_any()
}

fn report(
    language: Language,
    all: &JourneyReports,
    funnel: &FunnelReport,
    is_live: Signal<bool>,
    (choose, count): (Callback<FunnelMode>, ChosenCount),
) -> AnyView {
    let texts = language.texts;
    view! {
        <header class="head">
            <h1>{texts.journey}</h1>
            <p class="facts">{facts(language, funnel)}</p>
            <p class="live" role="status" class:broken=move || !is_live.get()>
                {move || if is_live.get() { texts.live } else { texts.not_live }}
            </p>
            {mode_select(language, funnel.mode, choose)}
        </header>
        {(funnel.n == 0).then(|| view! { <p class="note">{texts.no_accounts}</p> })}
        {funnel::section(texts, "stages", texts.stages, &funnel.stages, (funnel.n, funnel.mode), count)}
        {funnel::section(texts, "steps", texts.steps, &funnel.steps, (funnel.n, funnel.mode), count)}
        {surveys::section(language, &all.surveys, count)}
        {snoozed::section(language, &all.snoozed)}
    }
    .into_any()
}

/// Says what is counted: the flow, how many accounts, when, and within which time.
fn facts(Language { texts, locale }: Language, funnel: &FunnelReport) -> String {
    let guests = guests_beside(texts, funnel.guests);
    let accounts = fill(texts.accounts, &[("n", &funnel.n.to_string())]);
    [
        format!("{} {}", funnel.title, funnel.flow),
        [Some(accounts), guests].into_iter().flatten().collect::<Vec<_>>().join(" · "),
        fill(texts.as_of, &[("time", &time_with_seconds(funnel.as_of, locale))]),
        fill(texts.window, &[("days", &funnel.window_days.to_string())]),
        texts.few.to_owned(),
    ]
    .join(" · ")
}

/// Chooses which attempt of an account counts.
fn mode_select(
    Language { texts, .. }: Language,
    current: FunnelMode,
    choose: Callback<FunnelMode>,
) -> AnyView {
    let chosen = move |event| {
        choose.run(match event_target_value(&event).as_str() {
            "latest" => FunnelMode::Latest,
            "best" => FunnelMode::Best,
            _ => FunnelMode::First,
        });
    };
    view! {
        <label class="mode">
            {texts.mode}
            <select on:change=chosen>
                <option value="first" selected=current == FunnelMode::First>{texts.mode_first}</option>
                <option value="latest" selected=current == FunnelMode::Latest>{texts.mode_latest}</option>
                <option value="best" selected=current == FunnelMode::Best>{texts.mode_best}</option>
            </select>
        </label>
    }
    .into_any()
}
