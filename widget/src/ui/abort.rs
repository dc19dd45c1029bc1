//! What aborts requests and locks when its owner is dropped.

use wasm_bindgen::JsValue;

use crate::js;

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
