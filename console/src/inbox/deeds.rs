//! What can be done with a conversation beside answering.

use leptos::prelude::*;
use protocol::{Author, Blocker, Conversation, Said, Standing, chat_limits};
use web_sys::SubmitEvent;

use super::desk::Desk;
use super::open::fresh_id;
use crate::i18n::{Texts, fill};
use crate::when::{moment, now, time};

/// How long "later today" is.
const LATER: i64 = 4 * 60 * 60 * 1000;

impl Desk {
    /// Does something with the open conversation.
    pub(super) fn act(self, said: Said) {
        self.say(fresh_id(), said, |_| {});
    }

    /// What one press does now, and what it is called.
    pub(super) fn acts(self, one: &Conversation) -> Vec<(&'static str, Said)> {
        let texts = self.texts;
        let mine = one.thread.agent.as_ref().is_some_and(|agent| agent.id == self.me());
        let mut acts =
            vec![if mine { (texts.release, Said::Released) } else { (texts.claim, Said::Claimed) }];
        if one.thread.standing == Standing::Resolved {
            acts.push((texts.reopen, Said::Reopened));
        } else {
            acts.push((texts.snooze, Said::Snoozed { until: now() + LATER }));
            acts.push((texts.resolve, Said::Resolved));
        }
        acts
    }
}

/// The presses, whom it waits for, and who else could have it.
pub fn deeds(desk: Desk, one: &Conversation) -> impl IntoView + use<> {
    let texts = desk.texts;
    let acts = desk.acts(one).into_iter().map(|(name, said)| {
        view! { <button type="button" class="plain" on:click=move |_| desk.act(said.clone())>{name}</button> }
    });
    let blocked = one.thread.blocked;
    let choices = [None, Some(Blocker::Us), Some(Blocker::Customer)];
    let options = choices.map(|on| view! { <option selected=on == blocked>{waits_for(texts, on)}</option> });
    let choose = move |event| {
        let name = event_target_value(&event);
        let on = choices.into_iter().find(|on| waits_for(texts, *on) == name);
        desk.act(Said::Blocked { on: on.flatten() });
    };
    view! {
        <div class="acts">
            {acts.collect_view()}
            <label class="pick">{texts.blocked} <select on:change=choose>{options.into_iter().collect_view()}</select></label>
            {hand(desk, one)}
        </div>
    }
}

fn waits_for(texts: &'static Texts, on: Option<Blocker>) -> &'static str {
    match on {
        None => texts.blocked_nobody,
        Some(Blocker::Us) => texts.blocked_us,
        Some(Blocker::Customer) => texts.blocked_customer,
    }
}

/// Gives it to a colleague who is there.
fn hand(desk: Desk, one: &Conversation) -> impl IntoView + use<> {
    let texts = desk.texts;
    let has = one.thread.agent.as_ref().map(|agent| agent.id.clone());
    move || {
        let has = has.clone();
        let others: Vec<Author> = desk.pointers.with(|known| {
            known
                .agents
                .iter()
                .filter(|agent| Some(&agent.id) != has.as_ref() && agent.id != desk.me())
                .cloned()
                .collect()
        });
        if others.is_empty() {
            return None;
        }
        let options =
            others.iter().map(|agent| view! { <option value=agent.id.clone()>{agent.name.clone()}</option> });
        let options = options.collect_view();
        let choose = move |event| {
            let id = event_target_value(&event);
            if let Some(agent) = others.iter().find(|agent| agent.id == id) {
                desk.act(Said::Handed { agent: agent.clone() });
            }
        };
        Some(view! {
            <label class="pick">
                {texts.hand}
                <select on:change=choose>
                    <option value="">{texts.hand_none}</option>
                    {options}
                </select>
            </label>
        })
    }
}

/// The call that the customer waits for: the number, when it suits them, and by when it was promised.
pub fn call(desk: Desk, one: &Conversation) -> Option<impl IntoView + use<>> {
    let texts = desk.texts;
    let (_, call) = one.thread.call.clone()?;
    let locale = desk.locale();
    let times: Vec<_> = call
        .windows
        .iter()
        .map(|[from, to]| [moment(*from, &locale), "–".into(), time(*to, &locale)].concat())
        .collect();
    let times = if times.is_empty() { texts.call_any.to_owned() } else { times.join(" / ") };
    let due = one.call_due.map(|due| fill(texts.call_until, &[("time", &moment(due, &locale))]));
    Some(view! {
        <div class="wants-call">
            <b>{texts.call_wanted}</b>
            <a href=["tel:", &call.phone.replace(' ', "")].concat()>{call.phone.clone()}</a>
            <span>{times}</span>
            <span class="due">{due}</span>
            <button type="button" class="plain" on:click=move |_| desk.act(Said::Called)>{texts.called}</button>
        </div>
    })
}

/// What it is about: labels that one press takes away, and a field for another.
pub fn labels(desk: Desk, one: &Conversation) -> impl IntoView + use<> {
    let texts = desk.texts;
    let has = one.thread.labels.clone();
    let chips = has.clone().into_iter().map(|label| {
        let rest: Vec<String> = has.iter().filter(|other| **other != label).cloned().collect();
        view! {
            <button
                type="button"
                class="mark"
                aria-label=fill(texts.label_remove, &[("label", &label)])
                on:click=move |_| desk.act(Said::Labelled { labels: rest.clone() })
            >
                {label.clone()}
                " ×"
            </button>
        }
    });
    let chips = chips.collect_view();
    let field = NodeRef::<leptos::html::Input>::new();
    let known = desk.pointers.with(|known| known.labels.clone());
    let known = known.into_iter().map(|label| view! { <option value=label></option> }).collect_view();
    let full = has.len() >= chat_limits::LABELS;
    let add = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(field) = field.get_untracked() else { return };
        let label = field.value().trim().to_owned();
        if !label.is_empty() && !has.contains(&label) {
            desk.act(Said::Labelled { labels: has.iter().cloned().chain([label]).collect() });
        }
        field.set_value("");
    };
    view! {
        <h3>{texts.labels}</h3>
        <div class="labels">{chips}</div>
        <form class="label" on:submit=add>
            <input
                list="labels"
                maxlength=chat_limits::LABEL
                disabled=full
                aria-label=texts.label_add
                placeholder=texts.label_add
                node_ref=field
            />
            <datalist id="labels">{known}</datalist>
        </form>
    }
}

/// What else people of the same company ask.
pub fn others(desk: Desk, one: &Conversation) -> Option<impl IntoView + use<>> {
    let texts = desk.texts;
    let others = desk.others(one);
    if others.is_empty() {
        return None;
    }
    let rows = others.into_iter().map(|other| {
        let c = other.c;
        let done = other.thread.standing == Standing::Resolved;
        view! {
            <li class:done=done>
                <button type="button" class="quiet" on:click=move |_| desk.open(c)>
                    {other.user}
                    <small>{other.thread.excerpt}</small>
                </button>
            </li>
        }
    });
    Some(view! {
        <h3>{texts.others}</h3>
        <ul class="others">{rows.collect_view()}</ul>
    })
}
