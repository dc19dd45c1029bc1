//! Where the layer belongs, and what a blocking stop leaves out of reach: nothing else of the page is ever changed.

use wasm_bindgen::JsValue;

use super::dom::{fits, outer};
use crate::js::{all, call, document, get, invoke, is, nodes, set, text};

/// Elements that are out of reach until this is dropped.
pub struct Held(Vec<JsValue>);

/// Puts everything but an element and what holds it out of reach.
pub fn hold(element: &JsValue, layer: &JsValue) -> Held {
    let mut held = Vec::new();
    let mut node = element.clone();
    while node.is_object() {
        for other in nodes(get(&get(&node, "parentNode"), "children")) {
            let keeps = other == node
                || invoke(&other, "contains", std::slice::from_ref(layer)).is_truthy()
                || is(&other, "inert")
                || fits(&other, "script,style,link,head");
            if !keeps {
                set(&other, "inert", true);
                held.push(other);
            }
        }
        node = outer(&node);
    }
    // For the loader, should this instance come to a sudden end.
    set(layer, "held", crate::js::list(held.iter().cloned()));
    Held(held)
}

impl Drop for Held {
    fn drop(&mut self) {
        for other in &self.0 {
            set(other, "inert", false);
        }
    }
}

/// Where the layer belongs: inside a modal dialog that has the control, else at the end of the page.
pub fn home(control: &JsValue) -> JsValue {
    let body = get(&document(), "body");
    if !control.is_object() {
        return all(&document(), "dialog:modal").pop().unwrap_or(body);
    }
    let mut node = control.clone();
    while node.is_object() {
        if fits(&node, "dialog:modal") {
            return if get(&node, "ownerDocument") == document() { node } else { body };
        }
        node = outer(&node);
    }
    body
}

/// Above everything: opened last, the layer is on top of what the page opened before.
pub fn raise(layer: &JsValue) {
    // What a dialog of the page put on everything else.
    set(layer, "inert", false);
    invoke(layer, "removeAttribute", &["aria-hidden".into()]);
    if text(&get(layer, "dataset"), "layer") == "page" {
        return;
    }
    // Without popovers the z-index has to do.
    set(layer, "popover", "manual");
    if fits(layer, ":popover-open") {
        invoke(layer, "hidePopover", &[]);
    }
    let _ = call(layer, "showPopover", &[]);
}
