//! Functions of the page that want to hear of something.

use std::cell::RefCell;

use js_sys::Function;
use wasm_bindgen::JsValue;

/// Functions by the name of what they wait for.
#[derive(Default)]
pub struct Listeners(RefCell<Vec<(String, Function)>>);

impl Listeners {
    /// Adds a function.
    pub fn add(&self, name: String, function: Function) {
        self.0.borrow_mut().push((name, function));
    }

    /// Takes a function out; all of the name when none is given.
    pub fn remove(&self, name: &str, function: Option<&Function>) {
        self.0
            .borrow_mut()
            .retain(|(known, one)| known != name || function.is_some_and(|function| function != one));
    }

    /// Calls every function of the name. What they throw is theirs and does not reach the widget.
    pub fn call(&self, name: &str, detail: &JsValue) {
        // A listener may add or remove listeners.
        let waiting: Vec<Function> =
            self.0.borrow().iter().filter(|(known, _)| known == name).map(|(_, one)| one.clone()).collect();
        for function in waiting {
            let _ = function.call1(&JsValue::NULL, detail);
        }
    }
}
