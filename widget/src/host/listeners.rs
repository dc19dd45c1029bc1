//! JsValues of the page that want to hear of something.

use std::cell::RefCell;

use wasm_bindgen::JsValue;

use crate::js;

/// JsValues by the name of what they wait for.
#[derive(Default)]
pub struct Listeners(RefCell<Vec<(String, JsValue)>>);

impl Listeners {
    /// Adds a function.
    pub fn add(&self, name: String, function: JsValue) {
        self.0.borrow_mut().push((name, function));
    }

    /// Takes a function out; all of the name when none is given.
    pub fn remove(&self, name: &str, function: Option<&JsValue>) {
        self.0
            .borrow_mut()
            .retain(|(known, one)| known != name || function.is_some_and(|function| function != one));
    }

    /// Calls every function of the name. What they throw is theirs and does not reach the widget.
    pub fn call(&self, name: &str, detail: &JsValue) {
        // A listener may add or remove listeners.
        let waiting: Vec<JsValue> =
            self.0.borrow().iter().filter(|(known, _)| known == name).map(|(_, one)| one.clone()).collect();
        for function in waiting {
            let _ = js::run(&function, std::slice::from_ref(detail));
        }
    }
}
