//! Listeners that end when they are dropped.

use wasm_bindgen::prelude::*;
use web_sys::Event;

#[wasm_bindgen(module = "/src/browser.js")]
extern "C" {
    fn hear(target: &JsValue, name: &str, run: &JsValue, early: bool);
    fn deafen(target: &JsValue, name: &str, run: &JsValue, early: bool);
}

/// Listens for an event until it is dropped.
pub struct EventListener {
    target: JsValue,
    name: &'static str,
    early: bool,
    run: Closure<dyn FnMut(JsValue)>,
}

impl EventListener {
    /// Listens for an event; `early` before others do, in its capture phase, and then only a key can be prevented.
    pub fn new(target: &JsValue, name: &'static str, early: bool, mut run: Box<dyn FnMut(&Event)>) -> Self {
        let run: Closure<dyn FnMut(JsValue)> = Closure::new(move |event: JsValue| run(event.unchecked_ref()));
        hear(target, name, run.as_ref(), early);
        Self { target: target.clone(), name, early, run }
    }
}

impl Drop for EventListener {
    fn drop(&mut self) {
        deafen(&self.target, self.name, self.run.as_ref(), self.early);
    }
}
