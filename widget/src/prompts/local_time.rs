//! Moments in the person's own time zone, which only the browser knows.

use protocol::Millis;
use wasm_bindgen::JsValue;

use crate::js::{construct, get, invoke, window};

/// Ten o'clock on the day after `now`.
pub fn tomorrow_at_ten(now: Millis) -> Millis {
    let day = date(now);
    let next = invoke(&day, "getDate", &[]).as_f64().unwrap_or_default() + 1.0;
    invoke(&day, "setDate", &[next.into()]);
    // Hours, minutes and seconds.
    invoke(&day, "setHours", &[10.0.into(), 0.0.into(), 0.0.into()]);
    invoke(&day, "setMilliseconds", &[0.0.into()]);
    invoke(&day, "getTime", &[]).as_f64().unwrap_or_default() as Millis
}

/// A moment as a field for date and time writes it: `2026-11-26T10:00`.
pub fn field_value(at: Millis) -> String {
    let behind = invoke(&date(at), "getTimezoneOffset", &[]).as_f64();
    let local = date(at - behind.unwrap_or_default() as Millis * 60_000);
    let mut text = invoke(&local, "toISOString", &[]).as_string().unwrap_or_default();
    // Seconds and zone are no part of it; all letters are ASCII.
    while text.len() > 16 {
        text.pop();
    }
    text
}

/// The moment that such a field holds; none while it is empty.
pub fn read_field(value: &str) -> Option<Millis> {
    let at = invoke(&get(&window(), "Date"), "parse", &[value.into()]).as_f64()?;
    at.is_finite().then_some(at as Millis)
}

fn date(at: Millis) -> JsValue {
    construct("Date", &JsValue::from(at as f64), &JsValue::UNDEFINED).unwrap_or(JsValue::UNDEFINED)
}

/// Milliseconds since the page began, from a clock that nobody sets back.
pub fn monotonic() -> f64 {
    let performance = get(&window(), "performance");
    invoke(&performance, "now", &[]).as_f64().unwrap_or_default()
}
