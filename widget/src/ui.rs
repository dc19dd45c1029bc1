//! Small pieces that know nothing of the journey.

mod tag;

use reactive_graph::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Event, HtmlElement, KeyboardEvent};

use crate::state::State;
pub use tag::{Tag, tag};

/// A ring that is filled to so many percent.
pub fn ring(percent: u32) -> Tag {
    tag("I", "ring").set("aria-hidden", "true").set("--done", [&percent.to_string(), "%"].concat())
}

/// A button that does something: `action` for the one thing to do, `plain` for other ways, `quiet` for ways round.
pub fn button(class: &'static str, text: &str, press: impl Fn(&Event) + Send + Sync + 'static) -> Tag {
    tag("BUTTON", class).set("part", "action").set("type", "button").on("click", press).text(text)
}

/// Whether Escape was pressed, and not to end a Japanese composition.
pub fn is_escape(event: &Event) -> bool {
    let event: &KeyboardEvent = event.unchecked_ref();
    event.key() == "Escape" && !event.is_composing() && event.key_code() != 229
}

/// Moves the focus to the first match inside the widget once it is drawn, without scrolling the page.
pub fn focus(state: State, selector: &'static str) {
    let root = state.root();
    let find = move || {
        let Some(root) = root.try_get_value() else { return };
        if let Ok(Some(element)) = root.query_selector(selector)
            && let Ok(element) = element.dyn_into::<HtmlElement>()
        {
            let options = web_sys::FocusOptions::new();
            options.set_prevent_scroll(true);
            // An element that is gone again needs no focus.
            let _ = element.focus_with_options(&options);
        }
    };
    // A page that is not drawn needs no focus either.
    let _ = crate::browser::window().request_animation_frame(Closure::once_into_js(find).unchecked_ref());
}
