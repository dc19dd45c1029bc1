//! One entry of a conversation: a message or note with what is attached to it, or a sentence about what was
//! done.

use leptos::prelude::*;
use protocol::chat::{Attachment, Log, LogEntry, LogEntryBody, Message, Side, WaitingOn};
use protocol::ids::ConversationId;

use crate::api;
use crate::format::{bytes, clock, moment, recent};
use crate::i18n::{Texts, fill};
use crate::inbox::assignment::name_of;
use crate::inbox::finder::place_name;
use crate::inbox::state::InboxState;

/// Shows an entry.
pub fn entry(inbox: InboxState, one: LogEntry) -> AnyView {
    let (texts, locale) = (inbox.agent.texts, inbox.agent.locale);
    let name = match one.author.side {
        Side::Agent => name_of(&one.author).to_owned(),
        _ if one.author.name.is_empty() => texts.customer.to_owned(),
        _ => one.author.name.clone(),
    };
    let time = recent(one.at, locale);
    match &one.body {
        LogEntryBody::Message(message) | LogEntryBody::Note(message) => {
            written(inbox, &one, message, &name, &time)
        }
        LogEntryBody::Rated { score, comment } => {
            let done = fill(texts.did_rate, &[("name", &name), ("n", &score.to_string())]);
            let comment = (!comment.is_empty()).then(|| view! { <p>{comment.clone()}</p> });
            view! { <li class="deed">{done} " · " {time} {comment}</li> }.into_any()
        }
        _ => {
            let done = sentence(inbox, &one, &name);
            view! { <li class="deed">{done} " · " {time}</li> }.into_any()
        }
    }
}

/// A message, or a note that only agents see.
fn written(inbox: InboxState, one: &LogEntry, message: &Message, name: &str, time: &str) -> AnyView {
    let side = match (one.log, one.author.side) {
        (Log::Internal, _) => "private",
        (_, Side::Agent) => "ours",
        _ => "theirs",
    };
    let label = (one.log == Log::Internal).then(|| [" · ", inbox.agent.texts.note_label].concat());
    view! {
        <li class=side>
            <small>{face(inbox, one)} {name.to_owned()} " · " {time.to_owned()} {label}</small>
            {(!message.text.is_empty()).then(|| view! { <p>{message.text.clone()}</p> })}
            {message.file.as_ref().map(|file| attachment(inbox, one.conversation, file))}
            {shown(inbox, message)}
            {quick_replies(message)}
        </li>
    }
    .into_any()
}

/// The picture of the agent who wrote it.
fn face(inbox: InboxState, one: &LogEntry) -> Option<impl IntoView + use<>> {
    let address = inbox.options.with_untracked(|known| {
        let its = |(agent, _): &&(String, String)| one.author.side == Side::Agent && *agent == one.author.id;
        known.pictures.iter().find(its).map(|(_, address)| address.clone())
    });
    address.map(|address| view! { <img class="face" src=address alt="" /> })
}

/// Returns the sentence about what was done.
fn sentence(inbox: InboxState, one: &LogEntry, name: &str) -> String {
    let texts = inbox.agent.texts;
    let by = ("name", name);
    match &one.body {
        LogEntryBody::Released if one.author.side == Side::System => texts.did_lapse.to_owned(),
        LogEntryBody::Labelled { labels } if !labels.is_empty() => {
            fill(texts.did_label, &[by, ("labels", &labels.join(", "))])
        }
        LogEntryBody::Assigned { agent } => fill(texts.did_hand, &[by, ("to", name_of(agent))]),
        LogEntryBody::Callback(call) => fill(texts.did_ask_call, &[by, ("phone", &call.phone)]),
        LogEntryBody::Snoozed { until } => {
            fill(texts.did_snooze, &[by, ("time", &moment(*until, inbox.agent.locale))])
        }
        other => fill(plain_sentence(texts, other), &[by]),
    }
}

/// Returns a sentence that has no place but `{name}`; empty for entries that are shown in another way.
fn plain_sentence(texts: &'static Texts, body: &LogEntryBody) -> &'static str {
    match body {
        LogEntryBody::Claimed => texts.did_claim,
        LogEntryBody::Released => texts.did_release,
        LogEntryBody::Escalated => texts.did_escalate,
        LogEntryBody::Called => texts.did_call,
        LogEntryBody::Labelled { .. } => texts.did_unlabel,
        LogEntryBody::WaitingOn { on: Some(WaitingOn::Us) } => texts.did_block_us,
        LogEntryBody::WaitingOn { on: Some(WaitingOn::Customer) } => texts.did_block_customer,
        LogEntryBody::WaitingOn { on: None } => texts.did_unblock,
        LogEntryBody::Blocked { on: true } => texts.did_bar,
        LogEntryBody::Blocked { on: false } => texts.did_unbar,
        LogEntryBody::Resolved => texts.did_resolve,
        LogEntryBody::Reopened => texts.did_reopen,
        _ => "",
    }
}

/// An attachment: pictures are shown, and everything can be saved.
fn attachment(
    inbox: InboxState,
    conversation: ConversationId,
    file: &Attachment,
) -> Option<impl IntoView + use<>> {
    let address = api::inbox::attachment(&inbox.agent.site()?, conversation, file.id);
    let picture = file.kind.starts_with("image/").then(|| {
        // The name stands beside it.
        view! { <img src=address.clone() alt="" /> }
    });
    Some(view! {
        <a class="file" href=address download="">
            {picture}
            {file.name.clone()}
            " · "
            {bytes(file.size)}
        </a>
    })
}

/// Answers that the customer can send with a press.
fn quick_replies(message: &Message) -> Option<impl IntoView + use<>> {
    let quick = &message.quick_replies;
    (!quick.is_empty()).then(|| {
        let chips = quick.iter().map(|text| view! { <b class="mark">{text.clone()}</b> });
        view! { <span class="labels">{chips.collect_view()}</span> }
    })
}

/// The step or the clip that a message shows the customer, by its title.
fn shown(inbox: InboxState, message: &Message) -> Option<AnyView> {
    let texts = inbox.agent.texts;
    let step = message.step.as_ref().map(|step| {
        let title = inbox.options.with_untracked(|known| {
            known.steps.iter().find(|(id, _)| id == step).map(|(_, title)| title.clone())
        });
        let name = place_name(texts, &title.unwrap_or_else(|| step.to_string()), message.stop);
        fill(texts.points_at, &[("title", &name)])
    });
    let clip = message.clip.as_ref().map(|clip| {
        let title = inbox.options.with_untracked(|known| {
            known.clips.iter().find(|(id, ..)| *id == clip.clip).map(|(_, title, _)| title.clone())
        });
        let time = clock(f64::from(clip.from));
        fill(texts.plays, &[("title", &title.unwrap_or_else(|| clip.clip.clone())), ("time", &time)])
    });
    step.or(clip).map(|what| view! { <small class="pointed">{what}</small> }.into_any())
}
