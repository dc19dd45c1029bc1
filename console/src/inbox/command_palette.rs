//! The command menu: everything that can be done, found by typing.

use leptos::html::{Dialog, Input};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlDialogElement, KeyboardEvent, ScrollIntoViewOptions, ScrollLogicalPosition, SubmitEvent};

use super::filter::Shelf;
use super::state::Desk;

/// Shows the menu.
pub fn show() {
    if let Ok(Some(menu)) = document().query_selector("dialog.menu") {
        // A dialog that is open already stays open.
        let _ = menu.unchecked_into::<HtmlDialogElement>().show_modal();
    }
}

type Command = (String, Box<dyn Fn()>);

fn commands(desk: Desk) -> Vec<Command> {
    let texts = desk.texts;
    let mut all: Vec<Command> = Vec::new();
    if let Some(one) = untrack(|| desk.current()) {
        for (name, said) in desk.acts(&one) {
            all.push((name.to_owned(), Box::new(move || desk.act(said.clone()))));
        }
        for (name, deed) in desk.more_acts(&one) {
            all.push((name, Box::new(move || desk.carry_out(deed.clone()))));
        }
        all.push((texts.answer.to_owned(), Box::new(super::to_answer)));
    }
    all.push((texts.next.to_owned(), Box::new(move || desk.step(1))));
    all.push((texts.previous.to_owned(), Box::new(move || desk.step(-1))));
    for (shelf, name) in Shelf::ALL.into_iter().zip([
        texts.shelf_queue,
        texts.shelf_mine,
        texts.shelf_open,
        texts.shelf_snoozed,
        texts.shelf_resolved,
    ]) {
        all.push((name.to_owned(), Box::new(move || desk.choose(shelf))));
    }
    all.push((
        if desk.bell.get() { texts.bell_off } else { texts.bell_on }.to_owned(),
        Box::new(move || desk.toggle_bell()),
    ));
    all
}

/// The menu, which is shown when it is asked for.
pub fn menu(desk: Desk) -> impl IntoView {
    let texts = desk.texts;
    let dialog = NodeRef::<Dialog>::new();
    let field = NodeRef::<Input>::new();
    let words = RwSignal::new(String::new());
    let at = RwSignal::new(0usize);
    let found = move || {
        // Another conversation has other commands.
        desk.chosen.track();
        desk.all.track();
        let words = words.get().to_lowercase();
        commands(desk)
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
        if event.is_composing() || event.key_code() == 229 {
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
                    node_ref=field
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
