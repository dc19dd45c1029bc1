//! The attachment of the next message: a file field, the progress of the upload, and a chip with a preview.

use leptos::prelude::*;
use web_sys::HtmlInputElement;

use crate::i18n::fill;
use crate::inbox::attachment::AttachmentUpload;
use crate::inbox::state::inbox;
use crate::ui::{Icon, RemovableChip};

/// Chooses a file.
#[component]
pub fn AttachButton(attachment: AttachmentUpload) -> impl IntoView {
    let texts = inbox().agent.texts;
    let choose = move |event: web_sys::Event| {
        let field = event_target::<HtmlInputElement>(&event);
        if let Some(file) = field.files().and_then(|files| files.get(0)) {
            attachment.choose(file);
        }
        field.set_value("");
    };
    view! {
        <label class="attach icon" title=texts.attach>
            {Icon::File.draw()}
            <input type="file" aria-label=texts.attach on:change=choose />
        </label>
    }
}

/// The attachment with its picture or its progress, and why it was not taken.
#[component]
pub fn AttachmentChip(attachment: AttachmentUpload) -> impl IntoView {
    let texts = inbox().agent.texts;
    let chip = move |name: String| {
        let label = fill(texts.file_remove, &[("name", &name)]);
        view! { <RemovableChip name label on_remove=move || attachment.clear() /> }
    };
    view! {
        {move || attachment.preview().map(|address| view! { <img class="preview" src=address alt="" /> })}
        {move || attachment.name().map(chip)}
        <span class="facts" role="status">
            {move || attachment.percent().map(|percent| format!("{percent} %"))}
        </span>
        <span class="wrong" role="alert">{move || attachment.error()}</span>
    }
}
