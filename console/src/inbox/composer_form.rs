//! The form below the entries: two tabs, two lines, and one row of what goes with a message.

mod attachment_field;
mod pointer_chip;

use leptos::html::Textarea;
use leptos::prelude::*;
use protocol::chat::limits as chat_limits;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent, SubmitEvent};

use super::state::inbox;
use super::topic::Topic;
use crate::clock::now;
use crate::i18n::fill;
use crate::ui::{Icon, RemovableChip, is_composing};
use attachment_field::{AttachButton, AttachmentChip};
use pointer_chip::PointerChip;

/// Milliseconds between two signals that the agent is typing.
const TYPING_INTERVAL: i64 = 3_000;

/// Writes a message to the customer, or a note to colleagues.
#[component]
pub fn ComposerForm() -> impl IntoView {
    let inbox = inbox();
    let (texts, composer) = (inbox.agent.texts, inbox.composer);
    let is_note = composer.is_note;
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        inbox.send(false);
    };
    let is_blocked = move || composer.is_busy.get() || composer.attachment.is_uploading();
    let resolve = move || {
        (!is_note.get()).then(|| {
            view! {
                <button
                    type="button"
                    class="plain"
                    title="Ctrl+Enter"
                    prop:disabled=is_blocked
                    on:click=move |_| inbox.send(true)
                >
                    {texts.send_resolve}
                </button>
            }
        })
    };
    view! {
        <form class="answer" class:private=move || is_note.get() on:submit=submit>
            <Tabs />
            <p class="wrong" role="status">
                {move || if inbox.readiness.takes_writes() { "" } else { texts.takes_nothing }}
            </p>
            <Field />
            <div class="with">
                <AttachmentChip attachment=composer.attachment />
                <PointerChip />
                <QuickReplies />
            </div>
            <p class="wrong" role="alert">{move || composer.error.get()}</p>
            <div class="tools">
                <FinderButton topic=Topic::Replies icon=Icon::Lines label=texts.reply key="/" />
                <FinderButton topic=Topic::Clips icon=Icon::Clip label=texts.pointer_clips />
                <FinderButton topic=Topic::Places icon=Icon::Place label=texts.pointer_steps />
                <AttachButton attachment=composer.attachment />
                <span class="gap"></span>
                {resolve}
                <button type="submit" class="action" title="Enter" prop:disabled=is_blocked>
                    {move || if is_note.get() { texts.keep_note } else { texts.send }}
                </button>
            </div>
        </form>
    }
}

/// Answer or note.
#[component]
fn Tabs() -> impl IntoView {
    let inbox = inbox();
    let (texts, composer) = (inbox.agent.texts, inbox.composer);
    let tab = move |name: &'static str, is_note: bool, key: &'static str| {
        view! {
            <button
                type="button"
                title=key
                aria-pressed=move || (composer.is_note.get() == is_note).to_string()
                prop:disabled=move || composer.is_busy.get()
                on:click=move |_| {
                    composer.set_note(is_note);
                    focus_composer();
                }
            >
                {name}
            </button>
        }
    };
    view! {
        <div class="tabs" role="group" aria-label=texts.write_as>
            {tab(texts.answer, false, "r")}
            {tab(texts.note_label, true, "n")}
            <small>{move || if composer.is_note.get() { texts.as_note } else { "" }}</small>
        </div>
    }
}

/// The text: Enter sends, Ctrl+Enter resolves as well, "/" in an empty field shows the canned replies.
#[component]
fn Field() -> impl IntoView {
    let inbox = inbox();
    let (texts, composer) = (inbox.agent.texts, inbox.composer);
    let field = NodeRef::<Textarea>::new();
    let press = move |event: KeyboardEvent| match event.key().as_str() {
        _ if is_composing(&event) => {}
        "Enter" if event.ctrl_key() || event.meta_key() => {
            event.prevent_default();
            inbox.send(true);
        }
        // A soft keyboard has no Shift+Enter: there Enter breaks the line.
        "Enter" if !event.shift_key() && !is_touch() => {
            event.prevent_default();
            inbox.send(false);
        }
        "/" if composer.text.with_untracked(String::is_empty) => {
            event.prevent_default();
            inbox.finder.show(Topic::Replies);
        }
        "Escape" => {
            if let Some(field) = field.get_untracked() {
                // Out of the field, so that the next key is one of the inbox. A field of our own page: this cannot fail.
                let _ = field.blur();
            }
        }
        _ => {}
    };
    let last_signal = StoredValue::new(0);
    let input = move |event| {
        composer.write(event_target_value(&event));
        if now() - last_signal.get_value() > TYPING_INTERVAL && !composer.is_note.get_untracked() {
            last_signal.set_value(now());
            composer.signal_typing();
        }
    };
    let is_note = composer.is_note;
    view! {
        <textarea
            rows="2"
            maxlength=chat_limits::TEXT
            enterkeyhint=if is_touch() { "enter" } else { "send" }
            node_ref=field
            prop:value=move || composer.text.get()
            prop:readOnly=move || composer.is_busy.get()
            aria-label=move || if is_note.get() { texts.note_label } else { texts.answer }
            placeholder=move || match is_note.get() {
                true => texts.note_hint,
                // There are no keys to press.
                false if is_touch() => texts.answer,
                false => texts.answer_hint,
            }
            on:keydown=press
            on:input=input
        ></textarea>
    }
}

/// Opens what can be chosen for the message.
#[component]
fn FinderButton(
    topic: Topic,
    icon: Icon,
    label: &'static str,
    #[prop(optional)] key: &'static str,
) -> impl IntoView {
    let inbox = inbox();
    let title = if key.is_empty() { label.to_owned() } else { [label, " ", key].concat() };
    view! {
        <button
            type="button"
            class="icon"
            data-topic=topic.tag()
            aria-label=label
            title=title
            on:click=move |_| inbox.finder.show(topic)
        >
            {icon.draw()}
        </button>
    }
}

/// Moves the focus to the form's text, when a conversation is open.
pub fn focus_composer() {
    if let Ok(Some(field)) = document().query_selector(".answer textarea") {
        // A field of our own page: this cannot fail.
        let _ = field.unchecked_into::<HtmlElement>().focus();
    }
}

/// Tells whether the agent types on glass.
fn is_touch() -> bool {
    window().match_media("(pointer: coarse)").ok().flatten().is_some_and(|query| query.matches())
}

/// What the customer will be able to send with a press.
#[component]
fn QuickReplies() -> impl IntoView {
    let inbox = inbox();
    let (texts, quick_replies) = (inbox.agent.texts, inbox.composer.quick_replies);
    let chip = move |text: String| {
        let gone = text.clone();
        let remove = move || quick_replies.update(|all| all.retain(|other| *other != gone));
        view! { <RemovableChip label=fill(texts.file_remove, &[("name", &text)]) name=text on_remove=remove /> }
    };
    move || {
        let quick = quick_replies.get();
        (!quick.is_empty()).then(|| {
            let chips = quick.into_iter().map(chip).collect_view();
            view! { <span class="facts">{texts.quick}</span> {chips} }
        })
    }
}
