//! What a person sees: the launcher, and the panel with the steps.

mod focus;
mod launcher;
mod panel;
mod rows;

use reactive_graph::prelude::*;
use tachys::prelude::*;

use crate::state::State;
use crate::ui::tag;

/// The whole widget: launcher, panel when open, and the words for screen readers. It is drawn from
/// the state as a whole; only what differs touches the document.
pub fn checklist(state: State) -> AnyView {
    let draw = move || {
        tag("DIV", "")
            .add(launcher::launcher(state))
            .add_maybe(state.open.get().then(|| panel::panel(state)))
            .add(
                tag("DIV", "unseen")
                    .set("aria-live", "polite")
                    .set("aria-atomic", "true")
                    .text(state.said.get()),
            )
            .draw()
    };
    draw.into_any()
}
