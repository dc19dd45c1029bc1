//! What a person sees: the launcher, and the panel with the steps. The panel is a part of its own
//! (`docs/decisions/0012-parts.md`).

mod current_step;
mod launcher;
mod panel;
mod rows;

use std::rc::Rc;

use reactive_graph::prelude::*;
use tachys::prelude::*;

use crate::part::Panel;
use crate::state::State;
use crate::ui::{Tag, tag};

/// The whole widget: launcher, panel when open, and the words for screen readers. It is drawn from
/// the state as a whole; only what differs touches the document.
pub fn checklist(state: State) -> AnyView {
    let draw = move || {
        let panel = || state.panel().map(|panel| panel.draw());
        tag("DIV", "")
            .add(launcher::launcher(state))
            .add_maybe(state.open.get().then(panel).flatten())
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

/// The panel as a part.
pub fn attach(state: State) -> Rc<dyn Panel> {
    Rc::new(Drawn(state))
}

struct Drawn(State);

impl Panel for Drawn {
    fn draw(&self) -> Tag {
        panel::panel(self.0)
    }

    #[cfg(feature = "panic-drill")]
    fn drill(&self) {
        panic!("a drill");
    }
}
