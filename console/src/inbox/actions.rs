//! What can be done with a conversation beside answering.

use leptos::prelude::*;
use leptos::task::spawn_local;
use protocol::{Author, Blocker, Conversation, Said, Standing, chat_limits};
use web_sys::SubmitEvent;

use super::conversation::fresh_id;
use super::state::Desk;
use crate::api;
use crate::format::datetime::{moment, now, time};
use crate::i18n::{Texts, fill};

/// How long "later today" is.
const LATER: i64 = 4 * 60 * 60 * 1000;

/// What a press or a choice does.
#[derive(Clone)]
pub(super) enum Deed {
    /// Says it in the log.
    Say(Said),
    /// Hears the person no more, or again: no log tells of it.
    Bar(bool),
}

impl Desk {
    /// Does a deed.
    pub(super) fn carry_out(self, deed: Deed) {
        match deed {
            Deed::Say(said) => self.act(said),
            Deed::Bar(barred) => self.bar(barred),
        }
    }

    fn bar(self, barred: bool) {
        let Some(c) = self.chosen.get_untracked() else { return };
        spawn_local(async move {
            match api::bar(&self.site(), c, barred).await {
                Ok(()) => self.look(),
                Err(tag) if tag == "signed_out" => self.go(),
                Err(_) => drop(self.wrong.try_set(self.texts.not_sent.to_owned())),
            }
        });
    }

    /// Does something with the open conversation; says why, when it is not done.
    pub(super) fn act(self, said: Said) {
        self.act_then(said, || {});
    }

    fn act_then(self, said: Said, done: impl FnOnce() + 'static) {
        // The second press of a double click meant the first.
        if self.acting.get_untracked() || self.chosen.get_untracked().is_none() {
            return;
        }
        self.acting.set(true);
        self.say(fresh_id(), said, move |taken| match taken {
            Ok(()) => {
                self.wrong.set(String::new());
                done();
            }
            Err(why) => self.wrong.set(why),
        });
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

    /// Whom it could wait for instead, and who could have it: for the command menu.
    pub(super) fn more_acts(self, one: &Conversation) -> Vec<(String, Deed)> {
        let texts = self.texts;
        let others = [None, Some(Blocker::Us), Some(Blocker::Customer)];
        let blocked = others.into_iter().filter(|on| *on != one.thread.blocked);
        let blocked = blocked.map(|on| {
            ([texts.blocked, ": ", waits_for(texts, on)].concat(), Deed::Say(Said::Blocked { on }))
        });
        let handed = self.colleagues(one).into_iter();
        let handed =
            handed.map(|agent| ([texts.hand, ": ", &agent.name].concat(), Deed::Say(Said::Handed { agent })));
        let bar = if one.barred { texts.unbar } else { texts.bar_person };
        blocked.chain(handed).chain([(bar.to_owned(), Deed::Bar(!one.barred))]).collect()
    }

    /// Who is there and does not have it.
    fn colleagues(self, one: &Conversation) -> Vec<Author> {
        let has = one.thread.agent.as_ref().map(|agent| &agent.id);
        let me = self.me();
        let other = |agent: &&Author| Some(&agent.id) != has && agent.id != me;
        self.pointers.with(|known| known.agents.iter().filter(other).cloned().collect())
    }
}

/// The presses, whom it waits for, and who else could have it.
pub fn deeds(desk: Desk, one: &Conversation) -> impl IntoView + use<> {
    let acts = desk.acts(one).into_iter().map(|(name, said)| {
        view! { <button type="button" class="plain" on:click=move |_| desk.act(said.clone())>{name}</button> }
    });
    view! { <div class="acts">{acts.collect_view()}</div> }
}

/// Whom it waits for, and who could have it instead: chosen first, done by a press. It stands beside what is
/// drawn anew, so that nothing closes under somebody's hand.
pub fn choices(desk: Desk) -> impl IntoView {
    let texts = desk.texts;
    let chosen = RwSignal::new(String::new());
    let offers = Memo::new(move |_| {
        let offers = desk.current().map(|one| desk.more_acts(&one)).unwrap_or_default();
        offers.into_iter().map(|(name, _)| name).collect::<Vec<_>>()
    });
    let press = move |event: SubmitEvent| {
        event.prevent_default();
        let name = chosen.get_untracked();
        let acts = untrack(|| desk.current().map(|one| desk.more_acts(&one))).unwrap_or_default();
        if let Some((_, deed)) = acts.into_iter().find(|(known, _)| *known == name) {
            desk.carry_out(deed);
        }
        chosen.set(String::new());
    };
    view! {
        <form class="pick" on:submit=press>
            <select
                aria-label=texts.more
                prop:value=move || chosen.get()
                on:change=move |event| chosen.set(event_target_value(&event))
            >
                <option value="">{texts.more}</option>
                <For each=move || offers.get() key=Clone::clone let(name)>
                    <option value=name.clone()>{name.clone()}</option>
                </For>
            </select>
            <button type="submit" class="plain" prop:disabled=move || chosen.with(String::is_empty)>{texts.do_it}</button>
        </form>
        <p class="wrong" role="alert">{move || desk.wrong.get()}</p>
    }
}

fn waits_for(texts: &'static Texts, on: Option<Blocker>) -> &'static str {
    match on {
        None => texts.blocked_nobody,
        Some(Blocker::Us) => texts.blocked_us,
        Some(Blocker::Customer) => texts.blocked_customer,
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
pub fn labels(desk: Desk) -> impl IntoView {
    let texts = desk.texts;
    let has = Memo::new(move |_| desk.current().map(|one| one.thread.labels).unwrap_or_default());
    let field = NodeRef::<leptos::html::Input>::new();
    let chip = move |label: String| {
        let (name, gone) = (label.clone(), label.clone());
        let remove = move |_| {
            let rest = has.get_untracked().into_iter().filter(|other| *other != gone).collect();
            desk.act(Said::Labelled { labels: rest });
        };
        view! {
            <button
                type="button"
                class="mark"
                aria-label=fill(texts.label_remove, &[("label", &label)])
                on:click=remove
            >
                {name}
                " ×"
            </button>
        }
    };
    let add = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(field) = field.get_untracked() else { return };
        let (label, mut labels) = (field.value().trim().to_owned(), has.get_untracked());
        if label.is_empty() || labels.contains(&label) {
            return field.set_value("");
        }
        labels.push(label);
        desk.act_then(Said::Labelled { labels }, move || field.set_value(""));
    };
    let known = Memo::new(move |_| desk.pointers.with(|known| known.labels.clone()));
    view! {
        <h3>{texts.labels}</h3>
        <div class="labels">
            <For each=move || has.get() key=Clone::clone let(label)>{chip(label)}</For>
        </div>
        <form class="label" on:submit=add>
            <input
                list="labels"
                maxlength=chat_limits::LABEL
                prop:disabled=move || has.with(|has| has.len() >= chat_limits::LABELS)
                aria-label=texts.label_add
                placeholder=texts.label_add
                node_ref=field
            />
            <datalist id="labels">
                <For each=move || known.get() key=Clone::clone let(label)>
                    <option value=label></option>
                </For>
            </datalist>
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
            <li class:answered=done>
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
