//! Small pieces that know nothing of the journey. Why they are our own: `docs/decisions/0001-bytes.md`.

mod handle;
pub mod icon;
mod tag;

use gloo_events::{EventListener, EventListenerOptions};
use gloo_timers::callback::Timeout;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Event, HtmlElement, KeyboardEvent, ShadowRoot};

use crate::js;
pub use handle::Handle;
pub use tag::{Tag, tag};

/// A ring that is filled to so many percent.
pub fn ring(percent: u32) -> Tag {
    tag("I", "ring").set("aria-hidden", "true").set("--done", [&percent.to_string(), "%"].concat())
}

/// A button that does something: `action` for the one thing to do, `plain` for other ways, `quiet` for ways round.
pub fn button(class: &'static str, text: &str, press: impl Fn(&Event) + 'static) -> Tag {
    tag("BUTTON", class).set("part", "action").set("type", "button").on("click", press).text(text)
}

/// Whether Escape was pressed, and not to end a Japanese composition.
pub fn is_escape(event: &Event) -> bool {
    let event: &KeyboardEvent = event.unchecked_ref();
    event.key() == "Escape" && !event.is_composing() && event.key_code() != 229
}

/// Moves the focus to the first match below `root` once it is drawn, without scrolling the page.
pub fn focus(root: ShadowRoot, selector: &'static str) {
    next_frame(move || {
        if let Ok(Some(element)) = root.query_selector(selector)
            && let Ok(element) = element.dyn_into::<HtmlElement>()
        {
            focus_element(&element);
        }
    });
}

/// Moves the focus to an element without scrolling the page.
pub fn focus_element(element: &HtmlElement) {
    let options = web_sys::FocusOptions::new();
    options.set_prevent_scroll(true);
    // An element that is gone again needs no focus.
    let _ = element.focus_with_options(&options);
}

/// Runs in the next frame; never on a page that is not drawn.
pub fn next_frame(run: impl FnOnce() + 'static) {
    frame(Box::new(run));
}

/// One function for closures of all types: each type of its own costs a browser some hundred bytes.
fn frame(run: Box<dyn FnOnce()>) {
    let _ = crate::browser::window().request_animation_frame(Closure::once_into_js(run).unchecked_ref());
}

/// Runs after so many milliseconds, unless the timer is dropped before.
pub fn after(millis: u32, run: impl FnOnce() + 'static) -> Timeout {
    timeout(millis, Box::new(run))
}

fn timeout(millis: u32, run: Box<dyn FnOnce()>) -> Timeout {
    Timeout::new(millis, run)
}

/// Hears an event before others do, in its capture phase, until the listener is dropped.
pub fn listen(target: &JsValue, name: &'static str, run: impl FnMut(&Event) + 'static) -> EventListener {
    listener(target, name, Box::new(run))
}

fn listener(target: &JsValue, name: &'static str, run: Box<dyn FnMut(&Event)>) -> EventListener {
    let capture = EventListenerOptions::run_in_capture_phase();
    EventListener::new_with_options(target.unchecked_ref(), name, capture, run)
}

/// Adds styles to a shadow root, unless those of this name are there.
pub fn dress_once(root: &ShadowRoot, name: &str, css: &str) {
    if !js::is(root, name) {
        js::set(root, name, true);
        js::dress(root, css);
    }
}
