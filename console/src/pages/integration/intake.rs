//! How much of what browsers counted has arrived, and what is kept without being counted.

use leptos::prelude::*;
use protocol::console::{IntakeReport, IntegrationReport, QuarantineReason, QuarantinedRecord};

use crate::api::{Site, reports};
use crate::context::{current_texts, language};
use crate::format::recent;
use crate::i18n::Texts;
use crate::ui::{Load, Loaded, charts};

/// The ledger of the last days, and the quarantine.
#[component]
pub fn Intake(
    /// The newest answer.
    report: Memo<Option<IntegrationReport>>,
    /// The site.
    site: Site,
) -> impl IntoView {
    let texts = current_texts();
    let ledger = Memo::new(move |_| report.with(|report| report.as_ref().map(|one| one.intake.clone())));
    let reasons = Memo::new(move |_| {
        report.with(|report| report.as_ref().map_or_else(Vec::new, |one| one.quarantine.clone()))
    });
    view! {
        <section class="report" aria-labelledby="intake">
            <h2 id="intake">{texts.intake}</h2>
            <p class="facts">{texts.intake_hint}</p>
            {move || ledger.get().map(|ledger| counts(texts, &ledger))}
        </section>
        <section class="report" aria-labelledby="quarantine">
            <h2 id="quarantine">{texts.quarantine}</h2>
            <p class="facts">{texts.quarantine_hint}</p>
            {move || quarantine(texts, language().locale, &reasons.get(), &site)}
        </section>
    }
}

fn counts(texts: &'static Texts, ledger: &IntakeReport) -> AnyView {
    let &IntakeReport { tracked, stored, quarantined, pending, missing, .. } = ledger;
    let dropped: u64 = ledger.dropped.iter().map(|one| one.n).sum();
    if tracked == 0 {
        return view! { <p class="note">{texts.intake_none}</p> }.into_any();
    }
    let share = format!("{:.1} %", (stored + quarantined) as f64 / tracked as f64 * 100.0);
    let all = [
        ("complete", texts.intake_complete, share),
        ("tracked", texts.intake_tracked, tracked.to_string()),
        ("stored", texts.intake_stored, stored.to_string()),
        ("quarantined", texts.quarantine, quarantined.to_string()),
        ("dropped", texts.intake_dropped, dropped.to_string()),
        ("pending", texts.intake_pending, pending.to_string()),
        ("missing", texts.intake_missing, missing.to_string()),
    ];
    let one = |(key, name, value): (&'static str, &'static str, String)| {
        view! { <div data-count=key><dt>{name}</dt><dd><b>{value}</b></dd></div> }
    };
    let why: Vec<String> = ledger.dropped.iter().map(|one| format!("{} {}", one.reason, one.n)).collect();
    view! {
        <dl class="scores">{all.map(one).into_iter().collect::<Vec<_>>()}</dl>
        {(!why.is_empty()).then(|| view! {
            <p class="facts">{texts.intake_dropped} ": " <span translate="no">{why.join(", ")}</span></p>
        })}
    }
    .into_any()
}

fn quarantine(
    texts: &'static Texts,
    locale: &'static str,
    reasons: &[QuarantineReason],
    site: &Site,
) -> AnyView {
    if reasons.is_empty() {
        return view! { <p class="facts">{texts.quarantine_none}</p> }.into_any();
    }
    let row = |one: &QuarantineReason| {
        view! {
            <tr>
                <th scope="row" translate="no">{one.reason.clone()}</th>
                <td>{one.n}</td>
                <td>{recent(one.at, locale)}</td>
            </tr>
        }
        .into_any()
    };
    let heads = [texts.quarantine_reason, texts.quarantine_count, texts.when];
    let opened = RwSignal::new(false);
    let site = site.clone();
    view! {
        {charts::table(texts.quarantine, &heads, reasons.iter().map(row))}
        <details on:toggle=move |_| opened.set(true)>
            <summary>{texts.quarantine_newest}</summary>
            {move || opened.get().then(|| view! { <Newest site=site.clone() /> })}
        </details>
    }
    .into_any()
}

/// The newest quarantined records.
#[component]
fn Newest(
    /// The site.
    site: Site,
) -> impl IntoView {
    let (texts, locale) = (current_texts(), language().locale);
    let load = Load::begin(move || {
        let site = site.clone();
        async move { reports::quarantine(&site).await }
    });
    let none = move |all: &Vec<QuarantinedRecord>| {
        all.is_empty().then(|| view! { <p class="facts">{texts.quarantine_none}</p> }.into_any())
    };
    let content = move |all: &Vec<QuarantinedRecord>| {
        let row = |one: &QuarantinedRecord| {
            view! {
                <li>
                    <p class="facts"><span translate="no">{one.reason.clone()}</span> " · " {recent(one.at, locale)}</p>
                    <pre tabindex="0" translate="no">{one.body.clone()}</pre>
                </li>
            }
        };
        view! { <ul class="words">{all.iter().map(row).collect::<Vec<_>>()}</ul> }.into_any()
    };
    view! { <Loaded load empty=none content /> }
}
