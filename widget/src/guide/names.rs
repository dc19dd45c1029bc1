//! What people call a control. Follows the steps of accname-1.2 that controls need.

use wasm_bindgen::JsValue;

use super::dom::{call, fits, is_visible};
use crate::i18n::concat;
use crate::js::{all, construct, get, invoke, items, nodes, text};

/// Text that is no part of a name, as what cannot be seen is (accname-1.2, 2A).
const SILENT: &str = "select,textarea,script,style,[aria-hidden=true]";

/// A text without doubled spaces.
pub fn tidy(text: &str) -> String {
    let spaces = construct("RegExp", &"\\s+".into(), &"g".into()).unwrap_or_default();
    let single = invoke(&text.into(), "replace", &[spaces, " ".into()]);
    invoke(&single, "trim", &[]).as_string().unwrap_or_default()
}

/// A text as texts are compared: without case and doubled spaces.
pub fn plain(text: &str) -> String {
    invoke(&tidy(text).into(), "toLocaleLowerCase", &[]).as_string().unwrap_or_default()
}

/// The text in an element that people see or hear; of one that is hidden itself, all of it. A picture says what stands
/// for it.
pub fn words(element: &JsValue) -> String {
    let inner = all(element, "*");
    if inner.is_empty() {
        return text(element, "textContent");
    }
    let copy = invoke(element, "cloneNode", &[true.into()]);
    let is_shown = is_visible(element);
    for (one, twin) in inner.iter().zip(all(&copy, "*")) {
        if fits(one, SILENT) || is_shown && !is_visible(one) {
            invoke(&twin, "remove", &[]);
        } else if fits(one, "[aria-label],[alt]") {
            invoke(&twin, "replaceWith", &[name(one).into()]);
        }
    }
    text(&copy, "textContent")
}

/// The texts of the elements that an attribute names by their ids.
pub fn referred(element: &JsValue, attribute: &str) -> String {
    let root = invoke(element, "getRootNode", &[]);
    let mut texts = String::new();
    let ids = call(&attribute_of(element, attribute).into(), "split", " ");
    for id in items(&ids).unwrap_or_default() {
        let named = invoke(&root, "getElementById", &[id]);
        if named.is_object() {
            texts = concat(&[&texts, " ", &words(&named)]);
        }
    }
    tidy(&texts)
}

/// An attribute's text; empty when there is none.
pub fn attribute_of(element: &JsValue, name: &str) -> String {
    tidy(&call(element, "getAttribute", name).as_string().unwrap_or_default())
}

/// The text of an element's label.
pub fn label(element: &JsValue) -> String {
    let mut label = referred(element, "aria-labelledby");
    if label.is_empty() {
        label = attribute_of(element, "aria-label");
    }
    if label.is_empty() {
        for one in nodes(get(element, "labels")) {
            label = concat(&[&label, " ", &words(&one)]);
        }
    }
    tidy(&label)
}

/// What people call an element, as a screen reader announces it.
pub fn name(element: &JsValue) -> String {
    let label = label(element);
    let inside = || {
        let is_field = fits(element, "input,select,textarea");
        let is_button = fits(element, "input[type=button],input[type=submit],input[type=reset]");
        match (is_field, is_button) {
            (_, true) => tidy(&text(element, "value")),
            (true, _) => String::new(),
            _ => tidy(&words(element)),
        }
    };
    let mut name = label;
    for other in ["alt", "", "title", "placeholder"] {
        if name.is_empty() {
            name = if other.is_empty() { inside() } else { attribute_of(element, other) };
        }
    }
    name
}
