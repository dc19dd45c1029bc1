//! The right pane: where the customer is stuck, what sales learned from them, and what else their company asks.

use leptos::prelude::*;
use protocol::Millis;
use protocol::backend::HandoffSheet;
use protocol::chat::ConversationStatus;
use protocol::console::{Conversation, DoneStep};

use crate::format::{clock, duration, recent};
use crate::i18n::{Texts, fill};
use crate::inbox::state::InboxState;

/// Shows where the customer is stuck, so that the agent need not ask.
pub fn details(inbox: InboxState, one: &Conversation) -> impl IntoView + use<> {
    let (texts, locale) = (inbox.agent.texts, inbox.agent.locale);
    let (context, details) = (&one.context, inbox.conversation.details());
    let filled = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
    let clip = context.clip.as_ref().map(|clip| [&clip.clip, " ", &clock(f64::from(clip.from))].concat());
    let progress =
        details.progress.map(|[done, total]| [&done.to_string(), "/", &total.to_string()].concat());
    let facts = [
        (texts.fact_progress, progress),
        (texts.fact_step, filled(&one.step)),
        (texts.fact_stuck, context.step_open_for.map(|stuck| duration(texts, stuck))),
        (texts.fact_page, filled(&context.page)),
        (texts.fact_error, filled(&context.error)),
        (texts.fact_clip, clip),
        (texts.fact_article, filled(&context.article)),
        (texts.fact_done, details.step_done.map(|at| recent(at, locale))),
        (texts.fact_first, first_response(texts, one, details.first_response)),
        (texts.fact_score, one.state.score.map(|score| [&score.to_string(), " / 5"].concat())),
    ];
    view! {
        <h3>{texts.where_stuck}</h3>
        {list(facts.into_iter().filter_map(|(name, value)| Some((name, value?))))}
        {done_since(inbox, details.done_since)}
        {details.handoff.and_then(|sheet| handoff_sheet(texts, sheet))}
    }
}

/// What the customer's company has done since the question was asked.
fn done_since(inbox: InboxState, done: Vec<DoneStep>) -> Option<impl IntoView> {
    let locale = inbox.agent.locale;
    let rows = done.iter().map(|step| {
        let by = Some(step.by.as_str()).filter(|by| !by.is_empty());
        let facts: Vec<String> = by.map(str::to_owned).into_iter().chain([recent(step.at, locale)]).collect();
        view! { <li>{step.title.clone()}" "<small>{facts.join(" · ")}</small></li> }
    });
    (!done.is_empty()).then(|| {
        view! {
            <h3>{inbox.agent.texts.done_since}</h3>
            <ul class="since">{rows.collect_view()}</ul>
        }
    })
}

/// Says how long the first answer took, and what of it was within support hours.
fn first_response(texts: &Texts, one: &Conversation, counted: Option<Millis>) -> Option<String> {
    let [asked, answered] = one.state.first_response?;
    let whole = duration(texts, answered - asked);
    match counted {
        Some(counted) if counted + 1000 < answered - asked => {
            Some(fill(texts.first_counted, &[("time", &whole), ("counted", &duration(texts, counted))]))
        }
        _ => Some(whole),
    }
}

/// What sales learned, so that customer success does not ask again.
fn handoff_sheet(texts: &'static Texts, sheet: HandoffSheet) -> Option<impl IntoView> {
    let facts = [
        (texts.sheet_challenge, sheet.challenge),
        (texts.sheet_expectation, sheet.expectation),
        (texts.sheet_concern, sheet.concern),
        (texts.sheet_plan, sheet.plan),
    ];
    let facts: Vec<_> = facts.into_iter().filter(|(_, text)| !text.is_empty()).collect();
    (!facts.is_empty()).then(|| {
        view! {
            <h3>{texts.sheet}</h3>
            {list(facts.into_iter())}
        }
    })
}

fn list(facts: impl Iterator<Item = (&'static str, String)>) -> impl IntoView {
    let rows = facts.map(|(name, value)| {
        view! {
            <dt>{name}</dt>
            <dd>{value}</dd>
        }
    });
    view! { <dl>{rows.collect_view()}</dl> }
}

/// The other conversations of the customer's company.
pub fn others_of_account(inbox: InboxState, one: &Conversation) -> Option<impl IntoView + use<>> {
    let others = inbox.list.others_of_account(one);
    if others.is_empty() {
        return None;
    }
    let rows = others.into_iter().map(|other| {
        let id = other.id;
        let is_resolved = other.state.status == ConversationStatus::Resolved;
        view! {
            <li class:answered=is_resolved>
                <button type="button" class="quiet" on:click=move |_| inbox.open(id)>
                    {other.user}
                    <small>{other.state.excerpt}</small>
                </button>
            </li>
        }
    });
    Some(view! {
        <h3>{inbox.agent.texts.others}</h3>
        <ul class="others">{rows.collect_view()}</ul>
    })
}
