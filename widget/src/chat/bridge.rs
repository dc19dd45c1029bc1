//! Bindings of `bridge.js`, and what aborts requests when its owner is dropped.

use wasm_bindgen::prelude::*;

use crate::js;

#[wasm_bindgen(module = "/src/chat/bridge.js")]
extern "C" {
    /// Posts a text or bytes and waits at most `limit` milliseconds; resolves to `[status, JSON]`.
    pub fn send(url: &str, body: &JsValue, signal: &JsValue, limit: u32) -> JsValue;
    /// Posts a text and reads server-sent events.
    pub fn stream(url: &str, body: &str, signal: &JsValue, receiver: &JsValue) -> JsValue;
    fn when(at: f64, locale: &str, day: bool) -> String;
}

/// The time of a moment in the person's time zone.
pub fn time(at: f64, locale: &str) -> String {
    when(at, locale, false)
}

/// The day of a moment; empty when it is today.
pub fn day(at: f64, locale: &str) -> String {
    when(at, locale, true)
}

/// A moment as machines read it.
pub fn iso(at: f64) -> String {
    let date = js::construct("Date", &at.into(), &JsValue::UNDEFINED).unwrap_or_default();
    js::invoke(&date, "toISOString", &[]).as_string().unwrap_or_default()
}
