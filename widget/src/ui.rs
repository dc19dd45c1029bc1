//! Small pieces that know nothing of the journey. Why they are our own: `docs/decisions/0001-bytes.md`.

mod abort;
mod clone_cell;
mod drawn;
mod handle;
pub mod icon;
mod listener;
mod observer;
mod region;
mod tag;
mod template;
mod timer;

use reactive_graph::effect::RenderEffect;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::Closure;
use web_sys::{Event, HtmlElement, ShadowRoot};

use crate::i18n::concat;
use crate::{browser, js};
pub use abort::Abort;
pub use clone_cell::CloneCell;
pub use drawn::Shown;
pub use handle::Handle;
pub use listener::EventListener;
pub use observer::Observer;
pub use region::Region;
pub use tag::{Tag, View, tag};
pub use template::template;
pub use timer::{Interval, Timeout, next_frame, sleep, when_idle};

/// Something that is kept until it is to end. `Any` would do, at a function and sixteen random bytes for each type.
pub trait Lasting {}

impl<T> Lasting for T {}

/// A function that JavaScript calls with one value.
pub type Callback = Closure<dyn FnMut(JsValue)>;

/// A ring that is filled to so many percent.
pub fn ring(percent: u32) -> Tag {
    tag("I", "ring").set("aria-hidden", "true").set("--done", concat(&[&percent.to_string(), "%"]))
}

/// The picture of an agent, at this place below the collector's address. Their name stands beside it.
pub fn face(base: &str, picture: &str) -> Tag {
    tag("IMG", "face").with("alt").set("src", concat(&[base, picture]))
}

/// A button that does something: `action` for the one thing to do, `plain` for other ways, `quiet` for ways round.
pub fn button(class: &'static str, text: &str, press: impl Fn(&Event) + 'static) -> Tag {
    tag("BUTTON", class).set("part", "action").set("type", "button").on("click", press).text(text)
}

/// Runs at once, and again whenever what it reads of the state has changed, until the effect is dropped.
pub fn effect(run: impl FnMut() + 'static) -> RenderEffect<()> {
    // One type for all: each of its own costs a browser about a kilobyte.
    let mut run: Box<dyn FnMut()> = Box::new(run);
    RenderEffect::new(move |_| run())
}

/// Whether Escape was pressed, and not to end a Japanese composition.
pub fn is_escape(event: &Event) -> bool {
    is_key(event, "Escape")
}

/// Whether this key was pressed, and not for a Japanese composition.
pub fn is_key(event: &Event, name: &str) -> bool {
    js::text(event, "key") == name && !js::is(event, "isComposing") && js::number(event, "keyCode") != 229.0
}

/// The button that an event comes from, and what its `data-do` says that it does.
pub fn deed(event: &Event) -> Option<(JsValue, String)> {
    let button = js::invoke(&js::get(event, "target"), "closest", &["[data-do]".into()]);
    let deed = js::get(&js::get(&button, "dataset"), "do").as_string()?;
    Some((button, deed))
}

/// Keeps the browser from doing what it does at this event.
pub fn prevent(event: &Event) {
    js::invoke(event, "preventDefault", &[]);
}

/// Keeps the event from listeners further out.
pub fn stop(event: &Event) {
    js::invoke(event, "stopPropagation", &[]);
}

/// Moves the focus to the first match below `root` once it is drawn, without scrolling the page.
pub fn focus(root: ShadowRoot, selector: &'static str) {
    next_frame(move || {
        if let Some(element) = browser::find(&root, selector) {
            focus_element(&element);
        }
    });
}

/// Moves the focus to an element without scrolling the page.
pub fn focus_element(element: &HtmlElement) {
    let options = js::parse("{\"preventScroll\":true}");
    // An element that is gone again needs no focus.
    js::invoke(element, "focus", &[options]);
}

/// Runs after so many milliseconds, unless the timer is dropped before.
pub fn after(millis: u32, run: impl FnOnce() + 'static) -> Timeout {
    Timeout::new(millis, run)
}

/// Listens for an event before others do, in its capture phase, until the listener is dropped.
pub fn listen(target: &JsValue, name: &'static str, run: impl FnMut(&Event) + 'static) -> EventListener {
    EventListener::new(target, name, true, Box::new(run))
}

/// Adds styles to a shadow root, unless those of this name are there.
pub fn dress_once(root: &ShadowRoot, name: &str, css: &str) {
    if !js::is(root, name) {
        js::set(root, name, true);
        js::dress(root, css);
    }
}
