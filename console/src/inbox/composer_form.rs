//! The form below the entries.

mod attach;
mod attachment_field;
mod canned_reply;

use leptos::html::Textarea;
use leptos::prelude::*;
use protocol::chat::{LogEntryBody, Message, limits as chat_limits};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent, SubmitEvent};

use super::attachment::AttachmentUpload;
use super::state::inbox;
use crate::clock::now;
use crate::i18n::fill;
use crate::ui::{RemovableChip, is_composing};
use attach::{AttachSelect, Attached};
use attachment_field::AttachmentField;
use canned_reply::CannedReplies;

/// Milliseconds between two signals that the agent is typing.
const TYPING_INTERVAL: i64 = 3_000;

/// Everything that is sent with the next message; a handle.
#[derive(Clone, Copy)]
struct Draft {
    field: NodeRef<Textarea>,
    is_note: RwSignal<bool>,
    attached: Attached,
    attachment: AttachmentUpload,
    quick_replies: RwSignal<Vec<String>>,
}

impl Draft {
    /// Returns the message; none without text, attachment, step or clip.
    fn message(self) -> Option<Message> {
        let message = Message {
            text: self.field.get_untracked()?.value(),
            clip: self.attached.clip(),
            step: self.attached.step(),
            file: self.attachment.complete(),
            quick_replies: self.quick_replies.get_untracked(),
        };
        let has_text = !message.text.trim().is_empty();
        (has_text || message.clip.is_some() || message.step.is_some() || message.file.is_some())
            .then_some(message)
    }

    /// Empties everything but the mark of a note: a second note must not go to the customer.
    fn clear(self) {
        if let Some(field) = self.field.get_untracked() {
            field.set_value("");
        }
        self.attached.clear();
        self.attachment.clear();
        self.quick_replies.set(Vec::new());
    }

    fn blur(self) {
        if let Some(field) = self.field.get_untracked() {
            // A field of our own page: this cannot fail.
            let _ = field.blur();
        }
    }

    fn focus(self) {
        if let Some(field) = self.field.get_untracked() {
            // A field of our own page: this cannot fail.
            let _ = field.focus();
        }
    }
}

/// Writes a message to the customer, or a note to colleagues.
#[component]
pub fn ComposerForm() -> impl IntoView {
    let inbox = inbox();
    let (texts, composer) = (inbox.agent.texts, inbox.composer);
    let draft = Draft {
        field: NodeRef::new(),
        is_note: RwSignal::new(false),
        attached: Attached::new(),
        attachment: AttachmentUpload::new(inbox.agent, inbox.conversation),
        quick_replies: RwSignal::new(Vec::new()),
    };
    let (is_busy, error) = (RwSignal::new(false), RwSignal::new(""));
    let send = move || {
        if is_busy.get_untracked() || draft.attachment.is_uploading_untracked() {
            return;
        }
        let Some(message) = draft.message() else { return };
        let is_note = draft.is_note.get_untracked();
        if is_note && message.file.is_some() {
            return error.set(texts.file_in_note);
        }
        is_busy.set(true);
        composer.send(
            if is_note { LogEntryBody::Note(message) } else { LogEntryBody::Message(message) },
            move |taken| {
                is_busy.set(false);
                error.set(taken.err().unwrap_or_default());
                if taken.is_ok() {
                    draft.clear();
                    composer.keep_draft(String::new());
                }
                draft.focus();
            },
        );
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        send();
    };
    let press = move |event: KeyboardEvent| match event.key().as_str() {
        _ if is_composing(&event) => {}
        "Enter" if !event.shift_key() => {
            event.prevent_default();
            send();
        }
        // Out of the field, so that the next key is one of the inbox.
        "Escape" => draft.blur(),
        _ => {}
    };
    let last_signal = StoredValue::new(0);
    let input = move |event| {
        composer.keep_draft(event_target_value(&event));
        if now() - last_signal.get_value() > TYPING_INTERVAL && !draft.is_note.get_untracked() {
            last_signal.set_value(now());
            composer.signal_typing();
        }
    };
    let is_note = draft.is_note;
    view! {
        <form class="answer" class:private=move || is_note.get() on:submit=submit>
            <label class="how">
                <input
                    type="checkbox"
                    prop:disabled=move || is_busy.get()
                    prop:checked=move || is_note.get() on:change=move |event| is_note.set(event_target_checked(&event)) />
                {texts.as_note}
            </label>
            <textarea
                rows="3"
                maxlength=chat_limits::TEXT
                node_ref=draft.field
                prop:value=composer.draft()
                prop:readOnly=move || is_busy.get()
                aria-label=move || if is_note.get() { texts.note_label } else { texts.answer }
                placeholder=move || if is_note.get() { texts.note_hint } else { texts.answer_hint }
                on:keydown=press
                on:input=input
            ></textarea>
            <div class="helps">
                <CannedReplies field=draft.field quick_replies=draft.quick_replies />
                <AttachSelect attached=draft.attached />
                <AttachmentField attachment=draft.attachment />
            </div>
            <QuickReplies quick_replies=draft.quick_replies />
            <p class="wrong" role="alert">{move || error.get()}</p>
            <button type="submit" class="action" prop:disabled=move || is_busy.get() || draft.attachment.is_uploading()>
                {move || if is_note.get() { texts.keep_note } else { texts.send }}
            </button>
        </form>
    }
}

/// Moves the focus to the form's text, when a conversation is open.
pub fn focus_composer() {
    if let Ok(Some(field)) = document().query_selector(".answer textarea") {
        // A field of our own page: this cannot fail.
        let _ = field.unchecked_into::<HtmlElement>().focus();
    }
}

/// What the customer will be able to send with a press.
#[component]
fn QuickReplies(quick_replies: RwSignal<Vec<String>>) -> impl IntoView {
    let texts = inbox().agent.texts;
    let chip = move |text: String| {
        let gone = text.clone();
        let remove = move || quick_replies.update(|all| all.retain(|other| *other != gone));
        view! { <RemovableChip label=fill(texts.file_remove, &[("name", &text)]) name=text on_remove=remove /> }
    };
    move || {
        let quick = quick_replies.get();
        (!quick.is_empty()).then(|| {
            let chips = quick.into_iter().map(chip).collect_view();
            view! { <p class="facts labels">{texts.quick} {chips}</p> }
        })
    }
}
