//! What a person sees: the launcher, and the panel with the steps. The panel is a part of its own
//! (`docs/decisions/0012-parts.md`).

mod invitation;
mod launcher;
mod notes;
mod panel;
mod rows;
mod step_card;

use std::cell::RefCell;
use std::rc::Rc;

use reactive_graph::effect::RenderEffect;
use tachys::prelude::*;
use wasm_bindgen::JsCast;

use crate::part::Panel;
use crate::state::State;
use crate::ui::{Shown, Tag, View, effect, tag};

/// The whole widget in the document.
#[derive(Clone, Default)]
pub struct Root(Rc<RefCell<Option<Shown>>>);

impl Root {
    /// Takes it out.
    pub fn unmount(&self) {
        if let Some(mut shown) = self.0.take() {
            shown.unmount();
        }
    }
}

/// Draws the widget into its shadow root, and patches it whenever the state changes, for as long as the effect lives.
pub fn mount(state: State) -> (RenderEffect<()>, Root) {
    let root = Root::default();
    let place = root.clone();
    let draw = effect(move || {
        let new = draw(state);
        let mut shown = place.0.borrow_mut();
        if let Some(shown) = &mut *shown {
            return new.rebuild(shown);
        }
        let mut fresh = new.build();
        // Only what every node can do is asked of the root.
        fresh.mount(state.root().unchecked_ref(), None);
        *shown = Some(fresh);
    });
    (draw, root)
}

/// The whole widget: launcher, panel when open, and the words for screen readers.
fn draw(state: State) -> View {
    let panel = || state.panel().map(|panel| panel.draw());
    let strip = || state.strip().and_then(|strip| strip.draw());
    let veil = || tag("DIV", "veil").on("click", move |_| state.close_panel());
    tag("DIV", "")
        .add_maybe(state.is_panel_shown().then(veil))
        .add(launcher::launcher(state))
        .add_maybe(if state.is_panel_shown() { None } else { strip() })
        .add_maybe(state.open.get().then(panel).flatten())
        .add(
            tag("DIV", "unseen")
                .set("aria-live", "polite")
                .set("aria-atomic", "true")
                .text(state.announcement.get()),
        )
        .draw()
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
