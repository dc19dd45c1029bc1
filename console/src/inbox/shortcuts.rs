//! The keys of the inbox; the finder shows them beside their actions. Ctrl+K works on every page.

use leptos::prelude::*;
use web_sys::KeyboardEvent;

use super::composer_form::focus_composer;
use super::state::InboxState;
use super::topic::Topic;
use crate::ui::is_composing;

/// Listens until the owner is cleaned up.
pub fn listen(inbox: InboxState) {
    let listener = window_event_listener(leptos::ev::keydown, move |event| press(inbox, &event));
    on_cleanup(move || listener.remove());
}

/// Single letters do nothing while the agent types or chooses.
fn press(inbox: InboxState, event: &KeyboardEvent) {
    let has_control = event.ctrl_key() || event.meta_key();
    if event.key() == "k" && has_control {
        event.prevent_default();
        return inbox.finder.show(Topic::All);
    }
    let types = document().active_element().is_some_and(|element| {
        matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
            || element.closest("dialog").ok().flatten().is_some()
    });
    if types || has_control || event.alt_key() || is_composing(event) || !inbox.address.is_inbox() {
        return;
    }
    let key = event.key();
    match key.as_str() {
        "j" => return inbox.open_neighbour(1),
        "k" => return inbox.open_neighbour(-1),
        _ => {}
    }
    let Some(one) = untrack(|| inbox.conversation.current()) else { return };
    match key.as_str() {
        "r" | "n" => {
            inbox.composer.set_note(key == "n");
            focus_composer();
        }
        "/" => inbox.finder.show(Topic::Replies),
        _ => match inbox.buttons(&one).into_iter().find(|(_, known, _)| *known == key) {
            Some((_, _, action)) => inbox.perform(action),
            None => return,
        },
    }
    event.prevent_default();
}
