//! The page of help: how many people it solves the problem for, and which articles lead to a question all the
//! same.

use leptos::prelude::*;
use protocol::console::{ArticleReport, HelpReport};

use crate::api::reports;
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
        (report.offered == 0).then(|| view! { <p class="note">{texts.help_none}</p> }.into_any())
    };
    let content = move |report: &HelpReport| figures(texts, report);
    view! {
        <header class="head">
            <h1>{texts.help}</h1>
            <p class="facts">{texts.help_hint}</p>
        </header>
        <Loaded load empty=none content />
    }
}

fn figures(texts: &'static Texts, report: &HelpReport) -> AnyView {
    let figure = |name: &'static str, n: u64| {
        view! {
            <div>
                <dt>{name}</dt>
                <dd><b>{n}</b></dd>
            </div>
        }
    };
    let solved = report.rate.as_ref().map_or_else(|| texts.few.to_owned(), percent);
    let decided = report.solved + report.wrote + report.left;
    let of = fill(texts.of, &[("n", &report.solved.to_string()), ("m", &decided.to_string())]);
    let rows = report.articles.iter().map(|row| article(texts, row));
    view! {
        <section class="report feelings" aria-labelledby="solved">
            <h2 id="solved">{texts.help_solved}</h2>
            <p class="facts"><b>{solved}</b> " · " {of}</p>
            <dl class="scores">
                {figure(texts.help_offered, report.offered)}
                {figure(texts.help_read, report.read)}
                {figure(texts.help_helped, report.helped)}
                {figure(texts.help_moved, report.moved)}
                {figure(texts.help_wrote, report.wrote)}
                {figure(texts.help_left, report.left)}
                {figure(texts.help_open, report.open)}
            </dl>
            {(!report.articles.is_empty()).then(|| view! {
                <h3>{texts.help_articles}</h3>
                {table(texts.help_articles, &[texts.help_article, texts.help_read, texts.help_helped, texts.help_wrote], rows)}
            })}
        </section>
    }
    .into_any()
}

fn article(texts: &'static Texts, row: &ArticleReport) -> AnyView {
    let of = |n: u64| fill(texts.of, &[("n", &n.to_string()), ("m", &row.read.to_string())]);
    view! {
        <tr>
            <th scope="row">{row.title.clone()}</th>
            <td>{row.read}</td>
            <td>{of(row.helped)}</td>
            <td>{of(row.wrote)}</td>
        </tr>
    }
    .into_any()
}
