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

/// A text with letters and digits of full width made narrow.
pub fn narrow(text: &str) -> String {
    normalized(text).as_string().unwrap_or_default()
}

/// A text's letters for searching: width, case, spaces and punctuation taken out.
pub fn fold(text: &str) -> String {
    let others = js::construct("RegExp", &"[\\s\\p{P}]".into(), &"gu".into()).unwrap_or_default();
    let letters = js::invoke(&normalized(text), "toLowerCase", &[]);
    js::invoke(&letters, "replace", &[others, "".into()]).as_string().unwrap_or_default()
}

fn normalized(text: &str) -> JsValue {
    js::invoke(&text.into(), "normalize", &["NFKC".into()])
}
