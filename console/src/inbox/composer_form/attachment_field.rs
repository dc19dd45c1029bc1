//! The attachment of the next message: a file field, the progress of the upload, and a chip.

use leptos::prelude::*;
use web_sys::HtmlInputElement;

use crate::i18n::fill;
use crate::inbox::attachment::AttachmentUpload;
use crate::inbox::state::inbox;
use crate::ui::RemovableChip;

/// The file field, the attachment with its progress, and why it was not taken.
#[component]
pub fn AttachmentField(attachment: AttachmentUpload) -> impl IntoView {
    let texts = inbox().agent.texts;
    let choose = move |event: web_sys::Event| {
        let field = event_target::<HtmlInputElement>(&event);
        if let Some(file) = field.files().and_then(|files| files.get(0)) {
            attachment.choose(file);
        }
        field.set_value("");
    };
    let chip = move |name: String| {
        let label = fill(texts.file_remove, &[("name", &name)]);
        view! { <RemovableChip name label on_remove=move || attachment.clear() /> }
    };
    view! {
        <label class="attach plain">
            {texts.attach}
            <input type="file" on:change=choose />
        </label>
        {move || attachment.name().map(chip)}
        <span class="facts" role="status">
            {move || attachment.percent().map(|percent| format!("{percent} %"))}
        </span>
        <span class="wrong" role="alert">{move || attachment.error()}</span>
    }
}
