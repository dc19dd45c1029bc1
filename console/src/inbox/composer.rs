//! The answer: words, and what one press shows the customer.

use leptos::html::Textarea;
use leptos::prelude::*;
use protocol::{ClipMoment, Message, Said, StepId};
use web_sys::{HtmlSelectElement, KeyboardEvent, SubmitEvent};

use super::attachment::Bring;
use super::state::Desk;
use crate::format::datetime::now;
use crate::i18n::fill;

/// The answer, or a note among colleagues. It keeps its id until it is taken, so sending again is harmless.
pub fn answer(desk: Desk) -> impl IntoView {
    let texts = desk.texts;
    let field = NodeRef::<Textarea>::new();
    let private = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let draft = desk.draft();
    let wrong = RwSignal::new(String::new());
    let shows = RwSignal::new(String::new()); // `step:ID` or `clip:ID`
    let from = RwSignal::new(0u32);
    let offers = RwSignal::new(Vec::<String>::new());
    let bring = Bring::new(desk);
    let types = StoredValue::new(0);
    let send = move || {
        let Some(field) = field.get_untracked() else { return };
        let pointed = shows.get_untracked();
        let message = Message {
            text: field.value(),
            clip: pointed
                .strip_prefix("clip:")
                .map(|clip| ClipMoment { clip: clip.to_owned(), from: from.get_untracked() }),
            step: pointed.strip_prefix("step:").map(StepId::from),
            file: bring.file.get_untracked(),
            quick: offers.get_untracked(),
        };
        let is_empty = message.text.trim().is_empty() && pointed.is_empty() && message.file.is_none();
        if is_empty || busy.get_untracked() || untrack(|| bring.is_on_its_way()) {
            return;
        }
        let is_note = private.get_untracked();
        if is_note && message.file.is_some() {
            return wrong.set(texts.file_in_note.to_owned());
        }
        let said = if is_note { Said::Note(message) } else { Said::Message(message) };
        let mid = desk.id_of(&said);
        busy.set(true);
        desk.say(mid, said, move |taken| {
            busy.set(false);
            match taken {
                Ok(()) => {
                    field.set_value("");
                    desk.keep_draft(String::new());
                    private.set(false);
                    shows.set(String::new());
                    from.set(0);
                    offers.set(Vec::new());
                    bring.forget();
                    wrong.set(String::new());
                }
                Err(why) => wrong.set(why),
            }
            // A field of our own page: this cannot fail.
            let _ = field.focus();
        });
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        send();
    };
    let press = move |event: KeyboardEvent| {
        let composes = event.is_composing() || event.key_code() == 229;
        if event.key() == "Enter" && !event.shift_key() && !composes {
            event.prevent_default();
            send();
        }
    };
    let input = move |event| {
        desk.keep_draft(event_target_value(&event));
        if now() - types.get_value() > 3_000 && !private.get_untracked() {
            types.set_value(now());
            desk.types(true);
        }
    };
    view! {
        <form class="answer" class:private=move || private.get() on:submit=submit>
            <label class="how">
                <input
                    type="checkbox"
                    prop:disabled=move || busy.get()
                    prop:checked=move || private.get() on:change=move |event| private.set(event_target_checked(&event)) />
                {texts.as_note}
            </label>
            <textarea
                rows="3"
                maxlength="4000"
                node_ref=field
                prop:value=draft
                prop:readOnly=move || busy.get()
                aria-label=move || if private.get() { texts.note_label } else { texts.answer }
                placeholder=move || if private.get() { texts.note_hint } else { texts.answer_hint }
                on:keydown=press
                on:input=input
            ></textarea>
            <div class="helps">
                {canned(desk, field, offers)}
                {pointer(desk, shows, from)}
                {bring.view()}
            </div>
            {move || {
                let quick = offers.get();
                (!quick.is_empty()).then(|| {
                    let chips = quick.into_iter().map(|text| {
                        let (name, gone) = (text.clone(), text.clone());
                        let remove = move |_| offers.update(|all| all.retain(|other| *other != gone));
                        view! {
                            <button
                                type="button"
                                class="mark"
                                aria-label=fill(texts.file_remove, &[("name", &text)])
                                on:click=remove
                            >
                                {name}
                                " ×"
                            </button>
                        }
                    });
                    view! { <p class="facts labels">{texts.quick} {chips.collect_view()}</p> }
                })
            }}
            <p class="wrong" role="alert">{move || wrong.get()}</p>
            <button type="submit" class="action" prop:disabled=move || busy.get() || bring.is_on_its_way()>
                {move || if private.get() { texts.keep_note } else { texts.send }}
            </button>
        </form>
    }
}

/// Answers that are given often, those for the customer's step first; what is chosen goes into the field.
fn canned(desk: Desk, field: NodeRef<Textarea>, quick: RwSignal<Vec<String>>) -> impl IntoView {
    let texts = desk.texts;
    let step = Memo::new(move |_| desk.current().and_then(|one| one.context.step));
    let known = Memo::new(move |_| desk.pointers.with(|known| known.replies.clone()));
    move || {
        let mut replies = known.get();
        let step = step.get();
        replies.sort_by_key(|reply| !step.as_ref().is_some_and(|step| reply.steps.contains(step)));
        if replies.is_empty() {
            return None;
        }
        let options = replies.iter().enumerate();
        let options =
            options.map(|(n, reply)| view! { <option value=n.to_string()>{reply.title.clone()}</option> });
        let options = options.collect_view();
        let choose = move |event: web_sys::Event| {
            let chosen = event_target_value(&event).parse().ok().and_then(|n: usize| replies.get(n));
            let (Some(reply), Some(one), Some(field)) =
                (chosen, untrack(|| desk.current()), field.get_untracked())
            else {
                return;
            };
            let me = desk.me();
            let values = [
                ("user", one.user.as_str()),
                ("account", one.account.as_str()),
                // Somebody who is at no step is on some page.
                ("step", if one.step.is_empty() { one.context.page.as_str() } else { one.step.as_str() }),
                ("agent", me.split('@').next().unwrap_or_default()),
            ];
            let text = fill(reply.text.pick(&one.context.locale, &desk.locale()), &values);
            let offers =
                reply.quick.iter().map(|text| text.pick(&one.context.locale, &desk.locale()).to_owned());
            quick.set(offers.collect());
            let before = field.value();
            let gap = if before.is_empty() || before.ends_with('\n') { "" } else { "\n" };
            field.set_value(&[&before, gap, &text].concat());
            desk.keep_draft(field.value());
            // A field of our own page: this cannot fail.
            let _ = field.focus();
            event_target::<HtmlSelectElement>(&event).set_value("");
        };
        Some(view! {
            <label>
                {texts.reply}
                <select on:change=choose>
                    <option value="">{texts.reply_none}</option>
                    {options}
                </select>
            </label>
        })
    }
}

/// "This button", or "this clip, at 1:12": one press shows it.
fn pointer(desk: Desk, shows: RwSignal<String>, from: RwSignal<u32>) -> impl IntoView {
    let texts = desk.texts;
    let option = |value: String, title: String| view! { <option value=value>{title}</option> };
    let known = Memo::new(move |_| desk.pointers.with(|known| (known.steps.clone(), known.clips.clone())));
    move || {
        let (steps, clips) = known.get();
        if steps.is_empty() && clips.is_empty() {
            return None;
        }
        let steps = steps.into_iter().map(|(id, title)| option(["step:", id.as_str()].concat(), title));
        let clips = clips.into_iter().map(|(id, title, _)| option(["clip:", &id].concat(), title));
        let seconds = move || {
            shows.get().starts_with("clip:").then(|| {
                view! {
                    <label>
                        {texts.from_second}
                        <input
                            type="number"
                            min="0"
                            max="300"
                            prop:value=move || from.get().to_string()
                            on:change=move |event| from.set(event_target_value(&event).parse().unwrap_or_default())
                        />
                    </label>
                }
            })
        };
        Some(view! {
            <div class="pointer">
                <label>
                    {texts.pointer}
                    <select prop:value=move || shows.get() on:change=move |event| shows.set(event_target_value(&event))>
                        <option value="">{texts.pointer_none}</option>
                        <optgroup label=texts.pointer_steps>{steps.collect_view()}</optgroup>
                        <optgroup label=texts.pointer_clips>{clips.collect_view()}</optgroup>
                    </select>
                </label>
                {seconds}
            </div>
        })
    }
}
