//! The page of help: how many people it solves the problem for, and which articles lead to a question all the
//! same.

use leptos::prelude::*;
use protocol::console::{ArticleReport, HelpCount, HelpReport};

use super::counted::{ChosenCount, Count, CountedDialog, guests_beside, number};
use crate::api::reports::{self, CountQuery};
use crate::context::{current_texts, site};
use crate::format::percent;
use crate::i18n::{Texts, fill};
use crate::ui::charts::table;
use crate::ui::{Load, Loaded};

/// What help came to on one site.
#[component]
pub fn Help() -> impl IntoView {
    let (texts, site) = (current_texts(), site());
    let load = Load::begin(move || {
        let site = site.clone();
        async move { reports::help(&site).await }
    });
    let none = move |report: &HelpReport| {
        (report.offered + report.guests == 0)
            .then(|| view! { <p class="note">{texts.help_none}</p> }.into_any())
    };
    let chosen = RwSignal::new(None);
    let content = move |report: &HelpReport| counts(texts, report, chosen);
    view! {
        <header class="head">
            <h1>{texts.help}</h1>
            <p class="facts">{texts.help_hint}</p>
        </header>
        <Loaded load empty=none content />
        <CountedDialog chosen />
    }
}

/// What a count of help counts, in words.
fn name(texts: &'static Texts, count: HelpCount) -> &'static str {
    match count {
        HelpCount::Offered => texts.help_offered,
        HelpCount::Read => texts.help_read,
        HelpCount::Helped => texts.help_helped,
        HelpCount::Moved => texts.help_moved,
        HelpCount::Wrote => texts.help_wrote,
        HelpCount::Solved => texts.help_solved,
        HelpCount::Left => texts.help_left,
        HelpCount::Open => texts.help_open,
    }
}

fn counts(texts: &'static Texts, report: &HelpReport, chosen: ChosenCount) -> AnyView {
    let query = |count: HelpCount| CountQuery::of("api/help").with("count", &count);
    let pressed = |count: HelpCount, n: u64| {
        let heading = fill(texts.count, &[("title", texts.help), ("name", name(texts, count))]);
        number(n, Count { heading, when: texts.when, query: query(count) }, chosen)
    };
    let count = |count: HelpCount, n: u64| {
        view! {
            <div>
                <dt>{name(texts, count)}</dt>
                <dd><b>{pressed(count, n)}</b></dd>
            </div>
        }
    };
    let rate = report.rate.as_ref().map(percent);
    let decided = report.solved + report.wrote + report.left;
    let of = fill(texts.of, &[("n", &report.solved.to_string()), ("m", &decided.to_string())]);
    let rows = report.articles.iter().map(|row| article(texts, row, chosen));
    view! {
        <section class="report feelings" aria-labelledby="solved">
            <h2 id="solved">{texts.help_solved}</h2>
            <p class="facts">{match rate {
                Some(rate) => view! { <b>{rate}</b> " · " {of} }.into_any(),
                None => view! { <b>{of}</b> " · " {texts.few} }.into_any(),
            }}</p>
            {guests_beside(texts, report.guests).map(|said| view! { <p class="facts">{said}</p> })}
            <dl class="scores">
                {count(HelpCount::Offered, report.offered)}
                {count(HelpCount::Read, report.read)}
                {count(HelpCount::Helped, report.helped)}
                {count(HelpCount::Moved, report.moved)}
                {count(HelpCount::Wrote, report.wrote)}
                {count(HelpCount::Left, report.left)}
                {count(HelpCount::Open, report.open)}
            </dl>
            {(!report.articles.is_empty()).then(|| view! {
                <h3>{texts.help_articles}</h3>
                {table(texts.help_articles, &[texts.help_article, texts.help_read, texts.help_helped, texts.help_wrote], rows)}
            })}
        </section>
    }
    .into_any()
}

fn article(texts: &'static Texts, row: &ArticleReport, chosen: ChosenCount) -> AnyView {
    let count = |count: HelpCount, n: u64| {
        let heading = fill(texts.count, &[("title", &row.title), ("name", name(texts, count))]);
        let query = CountQuery::of("api/help").with("count", &count).with("article", &row.article);
        view! { <td>{number(n, Count { heading, when: texts.when, query }, chosen)}</td> }
    };
    view! {
        <tr>
            <th scope="row">{row.title.clone()}</th>
            {count(HelpCount::Read, row.read)}
            {count(HelpCount::Helped, row.helped)}
            {count(HelpCount::Wrote, row.wrote)}
        </tr>
    }
    .into_any()
}
