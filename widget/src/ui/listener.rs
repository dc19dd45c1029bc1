//! Listeners that end when they are dropped.

use std::rc::Rc;

use wasm_bindgen::prelude::*;
use web_sys::Event;

use crate::i18n::split;

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

    /// Listens for several events by one function, early. One listener for a whole card, which looks at where an event
    /// comes from, is a fraction of one for each of its buttons.
    pub fn all(target: &JsValue, names: &'static str, run: &Rc<dyn Fn(&Event)>) -> Vec<Self> {
        let listener = |name| {
            let run = Rc::clone(run);
            Self::new(target, name, true, Box::new(move |event| run(event)))
        };
        let names = split(names, b' ').filter(|_| target.is_object());
        names.map(listener).collect()
    }
}

impl Drop for EventListener {
    fn drop(&mut self) {
        deafen(&self.target, self.name, self.run.as_ref(), self.early);
    }
}
