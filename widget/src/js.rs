//! Properties and methods of JavaScript values, by name.
//!
//! A typed binding is an import of the main module, which every page downloads whether it needs the part
//! or not. Parts go through the few imports here instead. Names are given in full at each call, so a search
//! finds them.

use js_sys::{Function, Reflect};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/js.js")]
extern "C" {
    /// `new name(first, second)`; an error when the constructor throws.
    #[wasm_bindgen(catch)]
    pub fn construct(name: &str, first: &JsValue, second: &JsValue) -> Result<JsValue, JsValue>;
    /// `target[name]`, also of a text; an error when the getter throws.
    #[wasm_bindgen(catch)]
    fn property(target: &JsValue, name: &str) -> Result<JsValue, JsValue>;
    /// Adds styles to a shadow root.
    pub fn dress(root: &JsValue, css: &str);
}

/// Reads a property; undefined when it is missing or cannot be read.
pub fn get(target: &JsValue, name: &str) -> JsValue {
    property(target, name).unwrap_or_default()
}

/// Reads a property that is a text; empty when it is none.
pub fn text(target: &JsValue, name: &str) -> String {
    get(target, name).as_string().unwrap_or_default()
}

/// Whether a property is `true`.
pub fn is(target: &JsValue, name: &str) -> bool {
    get(target, name).as_bool() == Some(true)
}

/// Reads a property that is a number; 0 when it is none.
pub fn number(target: &JsValue, name: &str) -> f64 {
    get(target, name).as_f64().unwrap_or_default()
}

/// Sets a property. What refuses it stays as it is.
pub fn set(target: &JsValue, name: &str, value: impl Into<JsValue>) {
    let _ = Reflect::set(target, &name.into(), &value.into());
}

/// Calls a method with up to three arguments; undefined when there is none, or it throws.
pub fn invoke(target: &JsValue, name: &str, arguments: &[JsValue]) -> JsValue {
    call(target, name, arguments).unwrap_or_default()
}

/// Calls a method with up to three arguments; an error when there is none, or it throws.
pub fn call(target: &JsValue, name: &str, arguments: &[JsValue]) -> Result<JsValue, JsValue> {
    let method: Function = get(target, name).dyn_into()?;
    match arguments {
        [] => method.call0(target),
        [first] => method.call1(target, first),
        [first, second] => method.call2(target, first, second),
        [first, second, third, ..] => method.call3(target, first, second, third),
    }
}

/// A list of JavaScript.
pub fn list(values: impl Iterator<Item = JsValue>) -> JsValue {
    let list = js_sys::JSON::parse("[]").unwrap_or_default();
    for value in values {
        invoke(&list, "push", &[value]);
    }
    list
}

/// The window.
pub fn window() -> JsValue {
    js_sys::global().into()
}

/// The document.
pub fn document() -> JsValue {
    get(&window(), "document")
}

/// The page's address.
pub fn location() -> JsValue {
    get(&window(), "location")
}
