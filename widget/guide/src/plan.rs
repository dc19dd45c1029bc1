//! The guide as the session brought it: stops, read from JSON.

use js_sys::{Array, Reflect};
use protocol::{Stop, Target, Wait};
use wasm_bindgen::{JsCast, JsValue};

/// Reads the stops of a step; what is of another shape is left out.
pub fn stops(json: &JsValue) -> Vec<Stop<String>> {
    let Some(list) = json.dyn_ref::<Array>() else { return Vec::new() };
    list.iter().filter_map(|stop| read(&stop)).collect()
}

fn read(json: &JsValue) -> Option<Stop<String>> {
    let target = field(json, "target");
    let of_target = |name| text(&target, name);
    Some(Stop {
        target: Target {
            hook: of_target("hook"),
            test_id: of_target("test_id"),
            role: of_target("role"),
            name: of_target("name"),
            label: of_target("label"),
            css: of_target("css"),
        },
        title: text(json, "title"),
        text: text(json, "text")?,
        wait: match text(json, "wait").as_deref() {
            Some("input") => Wait::Input,
            Some("value") => Wait::Value,
            Some("navigation") => Wait::Navigation,
            Some("fact") => Wait::Fact,
            Some("read") => Wait::Read,
            _ => Wait::Click,
        },
        value: text(json, "value"),
        to: text(json, "to"),
        fact: text(json, "fact"),
        at_least: field(json, "at_least").as_f64(),
        page: text(json, "page"),
        blocking: field(json, "blocking").is_truthy(),
    })
}

/// A field; undefined when there is none.
pub fn field(json: &JsValue, name: &str) -> JsValue {
    Reflect::get(json, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

fn text(json: &JsValue, name: &str) -> Option<String> {
    field(json, name).as_string()
}

/// Whether the facts say what a stop waits for.
pub fn holds(stop: &Stop<String>, facts: &JsValue) -> bool {
    let Some(name) = &stop.fact else { return false };
    let value = field(facts, name);
    match stop.at_least {
        Some(bound) => value.as_f64().is_some_and(|value| value >= bound),
        None => value.is_truthy(),
    }
}
