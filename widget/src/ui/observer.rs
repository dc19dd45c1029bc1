//! Observes changes of the host's page, for as long as it is kept.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::Closure;

use crate::js::{construct, invoke};
use crate::wire::object;

/// Calls a function after changes of what it observes.
pub struct Observer {
    observer: JsValue,
    _run: Closure<dyn FnMut(JsValue)>,
}

impl Observer {
    /// An observer of the browser's, by its name; it observes nothing yet.
    pub fn new(name: &str, options: &JsValue, mut run: Box<dyn FnMut()>) -> Self {
        let run: Closure<dyn FnMut(JsValue)> = Closure::new(move |_| run());
        let observer = construct(name, run.as_ref(), options);
        Self { observer: observer.unwrap_or(JsValue::UNDEFINED), _run: run }
    }

    /// Observes an element and everything in it; observing it again replaces the options.
    pub fn observe(&self, element: &JsValue, options: &JsValue) {
        // A page that has no such element changes nothing either.
        invoke(&self.observer, "observe", &[element.clone(), options.clone()]);
    }

    /// Observes every change of mutations in an element and below.
    pub fn observe_all(&self, element: &JsValue) {
        let all = ["subtree", "childList", "attributes", "characterData"].map(|kind| (kind, JsValue::TRUE));
        self.observe(element, &object(&all));
    }

    /// Observes nothing any more.
    pub fn stop(&self) {
        invoke(&self.observer, "disconnect", &[]);
    }
}

impl Drop for Observer {
    fn drop(&mut self) {
        self.stop();
    }
}
