//! The conversation that is open: what was said, where the customer is stuck, and the answer.

use leptos::html::Div;
use leptos::prelude::*;
use protocol::{Blocker, Conversation, ConversationId, File, Handoff, Line, Log, Message, Said, Side};

use super::actions::{call, choices, deeds, labels, others};
use super::composer::answer;
use super::state::Desk;
use crate::api;
use crate::format::datetime::{lately, moment};
use crate::i18n::{Texts, fill};
use crate::ui::charts::duration;

/// The open conversation, or what to do to open one.
pub fn thread(desk: Desk) -> impl IntoView {
    let texts = desk.texts;
    let chosen = Memo::new(move |_| desk.chosen.get());
    move || {
        if chosen.get().is_none() {
            return view! { <p class="facts empty">{texts.choose_one}</p> }.into_any();
        }
        view! {
            <section class="thread" aria-label=texts.thread>
                {head(desk)}
                {choices(desk)}
                {lines(desk)}
                {answer(desk)}
            </section>
            <aside class="where" aria-label=texts.where_stuck>
                {move || desk.current().map(|one| context(desk, &one))}
                {labels(desk)}
                {move || desk.current().map(|one| others(desk, &one))}
            </aside>
        }
        .into_any()
    }
}

/// Who it is, and what can be done.
fn head(desk: Desk) -> impl IntoView {
    let texts = desk.texts;
    move || {
        let one = desk.current()?;
        let has = one.thread.agent.as_ref().map(|agent| fill(texts.has_it, &[("name", &agent.name)]));
        let transcript = api::transcript(&desk.site(), one.c);
        Some(view! {
            <header class="who">
                <button type="button" class="plain back" on:click=move |_| desk.chosen.set(None)>{texts.back}</button>
                <h2>{one.account.clone()} " " <small>{one.user.clone()}</small></h2>
                <p class="facts">
                    {has.unwrap_or_else(|| texts.nobody_has_it.to_owned())}
                    " · "
                    <a href=transcript download="">{texts.transcript}</a>
                </p>
                {deeds(desk, &one)}
                {call(desk, &one)}
            </header>
        })
    }
}

fn lines(desk: Desk) -> impl IntoView {
    let texts = desk.texts;
    let list = NodeRef::<Div>::new();
    Effect::new(move |_| {
        desk.lines.track();
        // When it is drawn.
        request_animation_frame(move || {
            if let Some(list) = list.get_untracked() {
                list.set_scroll_top(list.scroll_height());
            }
        });
    });
    view! {
        <div class="said" role="log" tabindex="0" aria-label=texts.thread node_ref=list>
            <ol>
                <For each=move || desk.lines.get() key=|line| (line.log, line.seq) let(one)>
                    {line(desk, one)}
                </For>
            </ol>
        </div>
        <p class="facts types" role="status">
            {move || desk.types.get()}
        </p>
    }
}

fn line(desk: Desk, one: Line) -> AnyView {
    let texts = desk.texts;
    let name = if one.author.name.is_empty() { texts.customer.to_owned() } else { one.author.name.clone() };
    let time = lately(one.at, &desk.locale());
    let deed = |text: &str| {
        let told = fill(text, &[("name", &name)]);
        view! { <li class="deed">{told} " · " {time.clone()}</li> }.into_any()
    };
    match &one.said {
        Said::Message(message) | Said::Note(message) => {
            let side = match (one.log, one.author.side) {
                (Log::Int, _) => "private",
                (_, Side::Agent) => "ours",
                _ => "theirs",
            };
            let label = (one.log == Log::Int).then(|| [" · ", texts.note_label].concat());
            view! {
                <li class=side>
                    <small>{name.clone()} " · " {time.clone()} {label}</small>
                    {(!message.text.is_empty()).then(|| view! { <p>{message.text.clone()}</p> })}
                    {message.file.as_ref().map(|file| file_of(desk, one.c, file))}
                    {shown(desk, message)}
                    {offered(message)}
                </li>
            }
            .into_any()
        }
        Said::Claimed => deed(texts.did_claim),
        Said::Released if one.author.side == Side::System => deed(texts.did_lapse),
        Said::Released => deed(texts.did_release),
        Said::Handed { agent } => deed(&fill(texts.did_hand, &[("to", &agent.name)])),
        Said::Escalated => deed(texts.did_escalate),
        Said::Callback(call) => deed(&fill(texts.did_ask_call, &[("name", &name), ("phone", &call.phone)])),
        Said::Called => deed(texts.did_call),
        Said::Labelled { labels } if labels.is_empty() => deed(texts.did_unlabel),
        Said::Labelled { labels } => {
            deed(&fill(texts.did_label, &[("name", &name), ("labels", &labels.join(", "))]))
        }
        Said::Blocked { on } => deed(match on {
            Some(Blocker::Us) => texts.did_block_us,
            Some(Blocker::Customer) => texts.did_block_customer,
            None => texts.did_unblock,
        }),
        Said::Resolved => deed(texts.did_resolve),
        Said::Reopened => deed(texts.did_reopen),
        Said::Snoozed { until } => {
            deed(&fill(texts.did_snooze, &[("name", &name), ("time", &moment(*until, &desk.locale()))]))
        }
        Said::Rated { score, comment } => {
            let told = fill(texts.did_rate, &[("name", &name), ("n", &score.to_string())]);
            let words = (!comment.is_empty()).then(|| view! { <p>{comment.clone()}</p> });
            view! { <li class="deed">{told} " · " {time.clone()} {words}</li> }.into_any()
        }
    }
}

/// A file: pictures are shown, and everything can be saved.
fn file_of(desk: Desk, c: ConversationId, file: &File) -> impl IntoView + use<> {
    let address = api::file(&desk.site(), c, file.id);
    let picture = file.kind.starts_with("image/").then(|| {
        // There is a name beside it.
        view! { <img src=address.clone() alt="" loading="lazy" /> }
    });
    view! {
        <a class="file" href=address download="">
            {picture}
            {file.name.clone()}
            " · "
            {amount(file.size)}
        </a>
    }
}

/// Bytes as people read them.
fn amount(bytes: u64) -> String {
    if bytes < 1024 * 1024 {
        format!("{} KB", (bytes / 1024).max(1))
    } else {
        format!("{:.1} MB", bytes as f64 / 1024.0 / 1024.0)
    }
}

/// Answers that the customer can send with a press.
fn offered(message: &Message) -> Option<impl IntoView + use<>> {
    let quick = &message.quick;
    (!quick.is_empty()).then(|| {
        let chips = quick.iter().map(|text| view! { <b class="mark">{text.clone()}</b> });
        view! { <span class="labels">{chips.collect_view()}</span> }
    })
}

/// What an answer points at, by its title.
fn shown(desk: Desk, message: &Message) -> Option<AnyView> {
    let texts = desk.texts;
    let pointers = desk.pointers.get_untracked();
    let step = message.step.as_ref().map(|step| {
        let title = pointers.steps.iter().find(|(id, _)| id == step).map(|(_, title)| title.clone());
        fill(texts.points_at, &[("title", &title.unwrap_or_else(|| step.to_string()))])
    });
    let clip = message.clip.as_ref().map(|clip| {
        let title =
            pointers.clips.iter().find(|(id, ..)| *id == clip.clip).map(|(_, title, _)| title.clone());
        let time = format!("{}:{:02}", clip.from / 60, clip.from % 60);
        fill(texts.plays, &[("title", &title.unwrap_or_else(|| clip.clip.clone())), ("time", &time)])
    });
    step.or(clip).map(|what| view! { <small class="pointed">{what}</small> }.into_any())
}

/// Where the customer is stuck: nobody has to ask.
fn context(desk: Desk, one: &Conversation) -> impl IntoView + use<> {
    let texts = desk.texts;
    let context = &one.context;
    let clip =
        context.clip.as_ref().map(|clip| format!("{} {}:{:02}", clip.clip, clip.from / 60, clip.from % 60));
    let facts = [
        (texts.fact_step, Some(one.step.clone()).filter(|step| !step.is_empty())),
        (texts.fact_stuck, context.stuck.map(|stuck| duration(texts, stuck))),
        (texts.fact_page, Some(context.page.clone()).filter(|page| !page.is_empty())),
        (texts.fact_error, Some(context.error.clone()).filter(|error| !error.is_empty())),
        (texts.fact_clip, clip),
        (texts.fact_article, Some(context.article.clone()).filter(|article| !article.is_empty())),
        (texts.fact_done, desk.step_done.get().map(|at| lately(at, &desk.locale()))),
        (texts.fact_first, desk.first_response.get().map(|time| duration(texts, time))),
        (texts.fact_score, one.thread.score.map(|score| [&score.to_string(), " / 5"].concat())),
    ];
    let facts = facts.into_iter().filter_map(|(name, value)| {
        let value = value?;
        Some(view! {
            <dt>{name}</dt>
            <dd>{value}</dd>
        })
    });
    view! {
        <h3>{texts.where_stuck}</h3>
        <dl>{facts.collect_view()}</dl>
        {move || sheet(texts, desk.handoff.get()?)}
    }
}

/// What sales heard: it is not asked twice.
fn sheet(texts: &'static Texts, sheet: Handoff) -> Option<impl IntoView> {
    let facts = [
        (texts.sheet_challenge, sheet.challenge),
        (texts.sheet_expectation, sheet.expectation),
        (texts.sheet_concern, sheet.concern),
        (texts.sheet_plan, sheet.plan),
    ];
    let facts: Vec<_> = facts.into_iter().filter(|(_, text)| !text.is_empty()).collect();
    if facts.is_empty() {
        return None;
    }
    let rows = facts.into_iter().map(|(name, text)| {
        view! {
            <dt>{name}</dt>
            <dd>{text}</dd>
        }
    });
    Some(view! {
        <h3>{texts.sheet}</h3>
        <dl>{rows.collect_view()}</dl>
    })
}
