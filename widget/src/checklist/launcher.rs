//! The pill in the corner: how much is done, and what remains.

use crate::state::{State, summary};
use crate::ui::{Tag, ring, tag};

/// The launcher; it looks as the loader drew it, so that nothing jumps when it is replaced.
pub fn launcher(state: State) -> Tag {
    let (text, label, percent) = match state.model.get() {
        Some(model) => {
            let list = model.checklist();
            (summary::left(state.texts, &list), summary::label(state.texts, &model), summary::percent(&list))
        }
        None => (state.loader_text(), state.loader_text(), 0),
    };
    tag("BUTTON", "launcher")
        .set("part", "launcher")
        .set("type", "button")
        .set("lang", state.lang())
        .set("aria-controls", "panel")
        .set("aria-expanded", if state.open.get() { "true" } else { "false" })
        .set("aria-label", label)
        .on("click", move |_| state.set_open(!state.open.get_untracked()))
        .add(ring(percent))
        .add(tag("SPAN", "").text(text))
}
