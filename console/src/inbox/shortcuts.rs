//! The keys of the inbox: `j` and `k` move in the list, `r` goes to the composer, Ctrl+K or ⌘K shows all
//! commands.

use leptos::prelude::*;
use web_sys::KeyboardEvent;

use super::command_palette;
use super::composer_form::focus_composer;
use super::state::InboxState;
use crate::ui::is_composing;

/// Listens until the owner is cleaned up.
pub fn listen(inbox: InboxState) {
    let listener = window_event_listener(leptos::ev::keydown, move |event| press(inbox, &event));
    on_cleanup(move || listener.remove());
}

/// Single letters do nothing while the agent types.
fn press(inbox: InboxState, event: &KeyboardEvent) {
    let has_control = event.ctrl_key() || event.meta_key();
    if event.key() == "k" && has_control {
        event.prevent_default();
        return command_palette::show();
    }
    let types = document()
        .active_element()
        .is_some_and(|element| matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT"));
    if types || has_control || event.alt_key() || is_composing(event) {
        return;
    }
    match event.key().as_str() {
        "j" => inbox.open_neighbour(1),
        "k" => inbox.open_neighbour(-1),
        "r" => {
            event.prevent_default();
            focus_composer();
        }
        _ => {}
    }
}
