//! The command palette: everything that can be done in the inbox, found by typing.

use leptos::html::Dialog;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlDialogElement, KeyboardEvent, ScrollIntoViewOptions, ScrollLogicalPosition, SubmitEvent};

use super::actions::Action;
use super::composer_form::focus_composer;
use super::filter::Filter;
use super::state::{InboxState, inbox};
use crate::ui::is_composing;

/// Shows the palette.
pub fn show() {
    if let Ok(Some(palette)) = document().query_selector("dialog.menu") {
        // A dialog that is open already stays open.
        let _ = palette.unchecked_into::<HtmlDialogElement>().show_modal();
    }
}

type Command = (String, Box<dyn Fn()>);

/// Returns the commands of the open conversation, then those of the list.
fn commands(inbox: InboxState) -> Vec<Command> {
    let texts = inbox.agent.texts;
    let mut all: Vec<Command> = Vec::new();
    if let Some(one) = untrack(|| inbox.conversation.current()) {
        let buttons = inbox.buttons(&one).into_iter();
        let buttons = buttons.map(|(name, said)| (name.to_owned(), Action::Append(said)));
        for (name, action) in buttons.chain(inbox.more_actions(&one)) {
            all.push((name, Box::new(move || inbox.actions.perform(action.clone()))));
        }
        all.push((texts.answer.to_owned(), Box::new(focus_composer)));
    }
    all.push((texts.next.to_owned(), Box::new(move || inbox.open_neighbour(1))));
    all.push((texts.previous.to_owned(), Box::new(move || inbox.open_neighbour(-1))));
    for filter in Filter::ALL {
        all.push((filter.name(texts).to_owned(), Box::new(move || inbox.choose_filter(filter))));
    }
    let alerts = if inbox.alerts.is_on() { texts.bell_off } else { texts.bell_on };
    all.push((alerts.to_owned(), Box::new(move || inbox.alerts.toggle())));
    all
}

/// The palette, closed until [`show`].
#[component]
pub fn CommandPalette() -> impl IntoView {
    let inbox = inbox();
    let texts = inbox.agent.texts;
    let dialog = NodeRef::<Dialog>::new();
    let words = RwSignal::new(String::new());
    let at = RwSignal::new(0usize);
    let found = move || {
        // Another conversation has other commands.
        inbox.conversation.track();
        inbox.list.track();
        let words = words.get().to_lowercase();
        commands(inbox)
            .into_iter()
            .filter(|(name, _)| name.to_lowercase().contains(words.trim()))
            .collect::<Vec<_>>()
    };
    let close = move || {
        words.set(String::new());
        at.set(0);
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    let run = move |n: usize| {
        let chosen = untrack(found).into_iter().nth(n);
        close();
        if let Some((_, run)) = chosen {
            run();
        }
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        run(at.get_untracked());
    };
    let press = move |event: KeyboardEvent| {
        if is_composing(&event) {
            return;
        }
        let last = untrack(found).len().saturating_sub(1);
        let next = match event.key().as_str() {
            "ArrowDown" => (at.get_untracked() + 1).min(last),
            "ArrowUp" => at.get_untracked().saturating_sub(1),
            _ => return,
        };
        event.prevent_default();
        at.set(next);
        if let Ok(Some(row)) = document().query_selector(&format!("#command-{next}")) {
            let options = ScrollIntoViewOptions::new();
            options.set_block(ScrollLogicalPosition::Nearest);
            row.scroll_into_view_with_scroll_into_view_options(&options);
        }
    };
    let rows = move || {
        let found = found();
        if found.is_empty() {
            return view! { <p class="facts">{texts.menu_none}</p> }.into_any();
        }
        let rows = found.into_iter().enumerate().map(|(n, (name, _))| {
            view! {
                <li
                    role="option"
                    id=format!("command-{n}")
                    aria-selected=move || (at.get() == n).to_string()
                    on:click=move |_| run(n)
                >
                    {name}
                </li>
            }
        });
        view! { <ul role="listbox" id="commands" aria-label=texts.menu>{rows.collect_view()}</ul> }.into_any()
    };
    view! {
        <dialog class="menu" aria-label=texts.menu node_ref=dialog on:close=move |_| close()>
            <form on:submit=submit>
                <input
                    type="text"
                    autofocus
                    role="combobox"
                    aria-expanded="true"
                    aria-controls="commands"
                    aria-activedescendant=move || (!found().is_empty()).then(|| format!("command-{}", at.get()))
                    aria-label=texts.menu_hint
                    placeholder=texts.menu_hint
                    prop:value=move || words.get()
                    on:keydown=press
                    on:input=move |event| {
                        at.set(0);
                        words.set(event_target_value(&event));
                    }
                />
            </form>
            {rows}
        </dialog>
    }
}
