//! What people call a control. Follows the steps of accname-1.2 that controls need.

use wasm_bindgen::JsValue;

use super::dom::{all, call, fits, list};
use crate::js::{get, invoke, text};

/// Text that is no part of a name.
const SILENT: &str = "select,textarea,script,style";

/// A text without doubled spaces.
pub fn tidy(text: &str) -> String {
    let mut tidy = String::new();
    for word in text.split(|letter: char| letter.is_whitespace()) {
        if !word.is_empty() {
            if !tidy.is_empty() {
                tidy.push(' ');
            }
            tidy.push_str(word);
        }
    }
    tidy
}

/// A text as texts are compared: without case and doubled spaces.
pub fn plain(text: &str) -> String {
    invoke(&tidy(text).into(), "toLocaleLowerCase", &[]).as_string().unwrap_or_default()
}

/// The text in an element.
pub fn words(element: &JsValue) -> String {
    if !get(element, "querySelector").is_function() || call(element, "querySelector", SILENT).is_null() {
        return text(element, "textContent");
    }
    let copy = invoke(element, "cloneNode", &[true.into()]);
    for silent in all(&copy, SILENT) {
        invoke(&silent, "remove", &[]);
    }
    text(&copy, "textContent")
}

/// The texts of the elements that an attribute names by their ids.
pub fn referred(element: &JsValue, attribute: &str) -> String {
    let root = invoke(element, "getRootNode", &[]);
    let mut texts = String::new();
    for id in attribute_of(element, attribute).split(' ').filter(|id| !id.is_empty()) {
        let named = call(&root, "getElementById", id);
        if named.is_object() {
            texts = [&texts, " ", &words(&named)].concat();
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
        for one in list(get(element, "labels")) {
            label = [&label, " ", &words(&one)].concat();
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
