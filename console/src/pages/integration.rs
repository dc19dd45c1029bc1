//! The page of integration: what works of embedding the widget, ticked as it happens, and what was refused. It asks
//! again while it is open, so that a product team keeps it beside their own page.

mod intake;
mod refused;
mod step;

use std::time::Duration;

use leptos::prelude::*;
use protocol::console::IntegrationReport;

use crate::api::{Site, reports};
use crate::context::{current_texts, site};
use crate::format::recent;
use crate::i18n::{Texts, fill};
use crate::ids::fresh_id;
use crate::ui::Load;
use intake::Intake;
use refused::Refused;
use step::{How, Step};

/// How often it asks again.
const INTERVAL: Duration = Duration::from_secs(2);
/// The number of steps.
const STEPS: usize = 5;

/// What works of one site.
#[component]
pub fn Integration() -> impl IntoView {
    let (texts, site) = (current_texts(), site());
    let asked = site.clone();
    let load = Load::begin(move || {
        let site = asked.clone();
        async move { reports::integration(&site).await }
    });
    if let Ok(interval) = set_interval_with_handle(move || load.reload(), INTERVAL) {
        on_cleanup(move || interval.clear());
    }
    // An answer that says the same leaves the page, and the focus in it, as it is.
    let report = Memo::new(move |_| load.answer());
    let is_there = Memo::new(move |_| report.with(Option::is_some));
    view! {
        <header class="head">
            <h1>{texts.integration}</h1>
            <p class="facts">{texts.integration_hint}</p>
            <p class="live" class:broken=move || load.is_stale()>
                {move || if load.is_stale() { texts.not_live } else { texts.live }}
            </p>
        </header>
        {move || if is_there.get() {
            view! { <Steps report site=site.clone() /> <Intake report site=site.clone() /> <Refused report /> }.into_any()
        } else {
            view! { <div class="skeleton" aria-busy="true"></div> }.into_any()
        }}
    }
}

/// The steps with how far they are.
#[component]
fn Steps(
    /// The newest answer.
    report: Memo<Option<IntegrationReport>>,
    /// The site.
    site: Site,
) -> impl IntoView {
    let texts = current_texts();
    let first = report.get_untracked().unwrap_or_default();
    let locale = site.locale;
    let detail = move |of: fn(&'static Texts, &'static str, &IntegrationReport) -> Option<String>| {
        Memo::new(move |_| report.with(|report| of(texts, locale, report.as_ref()?)))
    };
    let steps = [
        (texts.integration_staff, detail(staff), staff_how(texts, &first)),
        (texts.integration_page, detail(page), page_how(texts, &first, &site)),
        (texts.integration_flow, detail(flow), flow_how(texts, &first)),
        (texts.integration_person, detail(person), person_how(texts, &first)),
        (texts.integration_fact, detail(fact), fact_how(texts, &first)),
    ];
    let details = steps.each_ref().map(|(_, detail, _)| *detail);
    // One thing at a time: the next step shows how, the others on demand.
    let next = Memo::new(move |_| details.iter().position(|detail| detail.with(Option::is_none)));
    let count = move || details.iter().filter(|detail| detail.with(Option::is_some)).count();
    let said = move || match count() {
        STEPS => texts.integration_whole.to_owned(),
        n => fill(texts.integration_count, &[("n", &n.to_string()), ("m", &STEPS.to_string())]),
    };
    view! {
        <section class="report" aria-labelledby="works">
            <h2 id="works" role="status">{said}</h2>
            <ol class="checks">
                {steps.into_iter().enumerate().map(|(at, (name, detail, how))| {
                    let is_next = Memo::new(move |_| next.get() == Some(at));
                    view! { <Step name detail is_next how /> }
                }).collect_view()}
            </ol>
        </section>
    }
}

fn staff(texts: &'static Texts, _: &'static str, report: &IntegrationReport) -> Option<String> {
    let n = report.operators;
    (n > 0).then(|| fill(texts.integration_staff_done, &[("n", &n.to_string())]))
}

fn page(_: &'static Texts, locale: &'static str, report: &IntegrationReport) -> Option<String> {
    let seen = |page: &protocol::console::SeenPage| format!("{} · {}", page.origin, recent(page.at, locale));
    let pages: Vec<String> = report.pages.iter().map(seen).collect();
    (!pages.is_empty()).then(|| pages.join("\n"))
}

fn flow(_: &'static Texts, _: &'static str, report: &IntegrationReport) -> Option<String> {
    report.flow.as_ref().map(ToString::to_string)
}

fn person(texts: &'static Texts, locale: &'static str, report: &IntegrationReport) -> Option<String> {
    let seen = report.person.as_ref()?;
    let who = match seen.user.as_str() {
        "" => texts.integration_erased.to_owned(),
        user => format!("{user} / {}", seen.account.as_str()),
    };
    Some(format!("{who} · {}", recent(seen.at, locale)))
}

fn fact(_: &'static Texts, locale: &'static str, report: &IntegrationReport) -> Option<String> {
    let seen = report.fact.as_ref()?;
    Some(format!("{} / {} · {}", seen.name, seen.account.as_str(), recent(seen.at, locale)))
}

fn staff_how(texts: &'static Texts, report: &IntegrationReport) -> How {
    let lines = format!("tabiji link --site {}", word(&report.site));
    How { text: texts.integration_staff_how.to_owned(), lines: vec![lines] }
}

fn page_how(texts: &'static Texts, report: &IntegrationReport, site: &Site) -> How {
    let text = fill(texts.integration_page_how, &[("origins", &report.origins.join(", "))]);
    let (collector, key) = (&report.collector, &site.key);
    How {
        text,
        lines: vec![format!("<script async src=\"{collector}/tabiji.js\" data-site=\"{key}\"></script>")],
    }
}

fn flow_how(texts: &'static Texts, report: &IntegrationReport) -> How {
    let publish = format!("tabiji publish flow.toml --url {} --key sk_…", report.collector);
    How {
        text: texts.integration_flow_how.to_owned(),
        lines: vec![format!("tabiji flow new flow.toml\n{publish}")],
    }
}

fn person_how(texts: &'static Texts, report: &IntegrationReport) -> How {
    let try_one = format!("tabiji token --site {} --user user-1 --account acct-1", word(&report.site));
    let stub =
        "window.tabiji = window.tabiji || function () { (tabiji.q = tabiji.q || []).push(arguments) };";
    let call = format!("<script>\n  {stub}\n  tabiji('identify', 'user-1', {{ token: 'eyJ…' }});\n</script>");
    How { text: texts.integration_person_how.to_owned(), lines: vec![try_one, call] }
}

fn fact_how(texts: &'static Texts, report: &IntegrationReport) -> How {
    let (collector, id) = (&report.collector, fresh_id());
    let body = format!(
        "{{\"facts\":[{{\"id\":\"{id}\",\"account\":\"acct-1\",\"user\":\"user-1\",\"name\":\"users\",\"value\":1}}]}}"
    );
    let command = format!("curl {collector}/v1/facts -H 'Authorization: Bearer sk_…' -d '{body}'");
    How { text: texts.integration_fact_how.to_owned(), lines: vec![command] }
}

/// A site's name as a shell reads it.
fn word(name: &str) -> String {
    let is_plain = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "-_.".contains(c));
    if is_plain { name.to_owned() } else { format!("'{}'", name.replace('\'', "'\\''")) }
}
