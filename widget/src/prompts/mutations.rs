//! Observes changes of the host's page, for as long as it is kept.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::Closure;

use crate::js::{construct, invoke};

/// Calls a function after changes of what it observes.
pub struct Mutations {
    observer: JsValue,
    _run: Closure<dyn FnMut(JsValue)>,
}

impl Mutations {
    /// Observes nothing yet.
    pub fn new(mut run: impl FnMut() + 'static) -> Self {
        let run: Closure<dyn FnMut(JsValue)> = Closure::new(move |_| run());
        let observer = construct("MutationObserver", run.as_ref(), &JsValue::UNDEFINED);
        Self { observer: observer.unwrap_or(JsValue::UNDEFINED), _run: run }
    }

    /// Observes an element and everything in it; observing it again replaces the options.
    pub fn observe(&self, element: &JsValue, options: &JsValue) {
        // A page that has no such element changes nothing either.
        invoke(&self.observer, "observe", &[element.clone(), options.clone()]);
    }

    /// Observes nothing any more.
    pub fn stop(&self) {
        invoke(&self.observer, "disconnect", &[]);
    }
}

impl Drop for Mutations {
    fn drop(&mut self) {
        self.stop();
    }
}
