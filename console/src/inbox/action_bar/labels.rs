//! The labels of the open conversation: chips that a press removes, and a field for another one.

use leptos::html::Input;
use leptos::prelude::*;
use protocol::chat::{LogEntryBody, limits as chat_limits};
use web_sys::SubmitEvent;

use crate::i18n::fill;
use crate::inbox::state::inbox;
use crate::ui::RemovableChip;

/// The labels; each change replaces the whole list.
#[component]
pub fn Labels() -> impl IntoView {
    let inbox = inbox();
    let texts = inbox.agent.texts;
    let labels =
        Memo::new(move |_| inbox.conversation.current().map(|one| one.state.labels).unwrap_or_default());
    let field = NodeRef::<Input>::new();
    let chip = move |label: String| {
        let gone = label.clone();
        let remove = move || {
            let rest = labels.get_untracked().into_iter().filter(|other| *other != gone).collect();
            inbox.actions.append(LogEntryBody::Labelled { labels: rest }, || {});
        };
        view! { <RemovableChip label=fill(texts.label_remove, &[("label", &label)]) name=label on_remove=remove /> }
    };
    let add = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(field) = field.get_untracked() else { return };
        let (label, mut labels) = (field.value().trim().to_owned(), labels.get_untracked());
        if label.is_empty() || labels.contains(&label) {
            return field.set_value("");
        }
        labels.push(label);
        inbox.actions.append(LogEntryBody::Labelled { labels }, move || field.set_value(""));
    };
    let in_use = Memo::new(move |_| inbox.options.with(|known| known.labels.clone()));
    view! {
        <h3>{texts.labels}</h3>
        <div class="labels">
            <For each=move || labels.get() key=Clone::clone let(label)>{chip(label)}</For>
        </div>
        <form class="label" on:submit=add>
            <input
                list="labels"
                maxlength=chat_limits::LABEL
                prop:disabled=move || labels.with(|labels| labels.len() >= chat_limits::LABELS)
                aria-label=texts.label_add
                placeholder=texts.label_add
                node_ref=field
            />
            <datalist id="labels">
                <For each=move || in_use.get() key=Clone::clone let(label)>
                    <option value=label></option>
                </For>
            </datalist>
        </form>
    }
}
