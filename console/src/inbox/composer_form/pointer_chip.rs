//! The place or the clip that goes with the next message.

use leptos::prelude::*;

use crate::i18n::fill;
use crate::inbox::state::inbox;
use crate::ui::RemovableChip;

/// Shows what the message points at; a press removes it.
#[component]
pub fn PointerChip() -> impl IntoView {
    let inbox = inbox();
    let (texts, pointer) = (inbox.agent.texts, inbox.composer.pointer);
    move || {
        pointer.get().map(|(_, name)| {
            let label = fill(texts.file_remove, &[("name", &name)]);
            view! { <RemovableChip name label on_remove=move || pointer.set(None) /> }
        })
    }
}
