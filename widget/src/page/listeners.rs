//! Functions of the host's page that are called when something happens.

use std::cell::RefCell;

use wasm_bindgen::JsValue;

use crate::js;

/// Functions by the name of the event that they are called at.
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
        let functions: Vec<JsValue> =
            self.0.borrow().iter().filter(|(known, _)| known == name).map(|(_, one)| one.clone()).collect();
        for function in functions {
            let _ = js::run(&function, std::slice::from_ref(detail));
        }
    }
}
