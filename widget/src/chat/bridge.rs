//! Bindings of `bridge.js`, and what aborts requests when its owner is dropped.

use wasm_bindgen::prelude::*;

use crate::js;

#[wasm_bindgen(module = "/src/chat/bridge.js")]
extern "C" {
    /// Holds a Web Lock until the function that `led` gets is called.
    pub fn lock(name: &str, options: &JsValue, led: &JsValue) -> JsValue;
    /// Posts a text or bytes and waits at most `limit` milliseconds; resolves to `[status, JSON]`.
    pub fn send(url: &str, body: &JsValue, signal: &JsValue, limit: u32) -> JsValue;
    /// Posts a text and reads server-sent events.
    pub fn stream(url: &str, body: &str, signal: &JsValue, heard: &JsValue) -> JsValue;
    /// The time of a moment in the person's time zone.
    pub fn time(at: f64, locale: &str) -> String;
    /// A moment as machines read it.
    pub fn iso(at: f64) -> String;
    /// The day of a moment; empty when it is today.
    pub fn day(at: f64, locale: &str) -> String;
    /// A text with letters and digits of full width made narrow.
    pub fn narrow(text: &str) -> String;
    /// A text's letters for searching.
    pub fn fold(text: &str) -> String;
}

/// A function that JavaScript calls with one value.
pub type Callback = Closure<dyn FnMut(JsValue)>;

/// Requests and locks that end when this is dropped.
pub struct Abort(JsValue);

impl Default for Abort {
    fn default() -> Self {
        let none = JsValue::UNDEFINED;
        Self(js::construct("AbortController", &none, &none).unwrap_or(none))
    }
}

impl Abort {
    /// What a request or a lock takes.
    pub fn signal(&self) -> JsValue {
        js::get(&self.0, "signal")
    }

    /// Whether they ended.
    pub fn is_aborted(&self) -> bool {
        js::is(&self.signal(), "aborted")
    }

    /// Ends them now.
    pub fn abort(&self) {
        js::invoke(&self.0, "abort", &[]);
    }
}

impl Drop for Abort {
    fn drop(&mut self) {
        self.abort();
    }
}
