//! Chips that a press removes: labels, quick replies, an attachment.

use leptos::prelude::*;

/// A word that a press removes.
#[component]
pub fn RemovableChip(
    /// What is read on it.
    name: String,
    /// What a screen reader says that a press does.
    label: String,
    /// Removes it.
    on_remove: impl Fn() + 'static,
) -> impl IntoView {
    view! {
        <button type="button" class="mark" aria-label=label on:click=move |_| on_remove()>
            {name}
            " ×"
        </button>
    }
}
