//! The pill in the corner: how much is done, and what remains. Once nothing remains it is a round button that helps.

use crate::i18n::concat;
use crate::state::{Phase, State, summary};
use crate::ui::{Tag, ring, tag};

/// The launcher; it looks as the loader drew it, so that nothing jumps when it is replaced.
pub fn launcher(state: State) -> Tag {
    let summary = match state.model.get() {
        Some(model) => summary::Summary::of(state, &model),
        None => summary::Summary::unknown(state),
    };
    let unread = state.unread();
    let label = match unread {
        0 => summary.label,
        _ => concat(&[&summary.label, state.texts.dot, &state.unread_in_words(unread)]),
    };
    // Where there is no flow yet, there is only the chat.
    let is_empty = state.phase.get() == Phase::Empty && !state.session().has("talk");
    tag("BUTTON", if summary.is_folded { "launcher folded" } else { "launcher" })
        .set("part", "launcher")
        .set("type", "button")
        .set("lang", state.locale())
        .set("aria-controls", "panel")
        .set("aria-expanded", if state.is_panel_shown() { "true" } else { "false" })
        .set("aria-label", label)
        .maybe("hidden", is_empty.then_some(""))
        .on("click", move |_| {
            if state.is_panel_shown() {
                state.close_panel();
            } else {
                state.open_tab(None);
            }
        })
        .add(ring(summary.percent))
        .add(tag("SPAN", "").text(summary.text))
        // Drawn by the style sheet: the label says it in words, and has the rest of what is written here.
        .add_maybe((unread > 0).then(|| tag("B", "unread").set("data-n", unread.to_string())))
}
