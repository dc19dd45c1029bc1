//! The requests that were refused, each with its sentence and the command that helps.

use leptos::prelude::*;
use protocol::console::{IntegrationReport, RefusedRequest};

use crate::context::{current_texts, language};
use crate::format::recent;
use crate::i18n::{Texts, fill};
use crate::ui::Code;

/// Refused requests, the newest first.
#[component]
pub fn Refused(
    /// The newest answer.
    report: Memo<Option<IntegrationReport>>,
) -> impl IntoView {
    let texts = current_texts();
    let all = Memo::new(move |_| {
        report.with(|report| report.as_ref().map_or_else(Vec::new, |one| one.refused.clone()))
    });
    // What is counted on is drawn again; the others stay, with the focus in them.
    let key = |one: &RefusedRequest| (one.tag.clone(), one.origin.clone(), one.count, one.at);
    view! {
        <section class="report" aria-labelledby="refused">
            <h2 id="refused">{texts.integration_refused}</h2>
            {move || all.with(Vec::is_empty).then(|| view! { <p class="facts">{texts.integration_refused_none}</p> })}
            <ul class="refusals">
                <For each=move || all.get() key let:one>
                    <Row one />
                </For>
            </ul>
        </section>
    }
}

#[component]
fn Row(
    /// The refused requests of one reason.
    one: RefusedRequest,
) -> impl IntoView {
    let (texts, locale) = (current_texts(), language().locale);
    let from = one.origin.unwrap_or_else(|| texts.integration_backend.to_owned());
    let time = recent(one.at, locale);
    let times = fill(texts.integration_refused_times, &[("n", &one.count.to_string()), ("time", &time)]);
    view! {
        <li data-tag=one.tag.clone()>
            <h3>{title(texts, &one.tag)}" "<span translate="no">{from}</span></h3>
            <p class="facts">{times}</p>
            <p lang="en">{one.message}</p>
            {one.remedy.map(|text| view! { <Code text /> })}
        </li>
    }
}

fn title(texts: &'static Texts, tag: &str) -> &'static str {
    match tag {
        "foreign_origin" => texts.integration_foreign,
        "unknown_key" => texts.integration_key,
        "secret_key_in_browser" => texts.integration_secret,
        "bad_token" | "token_expired" => texts.integration_token,
        "token_required" => texts.integration_token_missing,
        _ => texts.integration_malformed,
    }
}
