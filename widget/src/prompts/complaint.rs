//! What the last field of the page complained of: the agent need not ask.

use journey::paste_parser::trim;
use web_sys::Event;

use crate::i18n::concat;
use crate::js::{document, get, text};
use crate::state::State;
use crate::ui::{EventListener, listen};

/// Characters of a field's complaint that are sent.
const LONGEST: usize = 200;

/// Notes complaints for as long as the listener is kept.
pub fn listen_for_complaints(state: State) -> EventListener {
    listen(&document(), "invalid", move |event| {
        let complaint = state.masked(&complaint(event));
        state.note_concern(|concern| concern.complaint = Some(complaint));
    })
}

/// What a field complains of, with its label.
fn complaint(event: &Event) -> String {
    let field = get(event, "target");
    let label = get(&get(&field, "labels"), "0");
    let label = match label.is_object() {
        true => trim(&text(&label, "textContent")),
        false => text(&field, "name"),
    };
    let whole = concat(&[label.as_str(), ": ", &text(&field, "validationMessage")]);
    whole.chars().take(LONGEST).collect()
}
