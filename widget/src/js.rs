//! Properties and methods of JavaScript values, by name.
//!
//! A typed binding is an import of the main module, which every page downloads whether it needs the part
//! or not. The core and parts go through the few imports here instead. Names are given in full at each call, so a
//! search finds them.

use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/js.js")]
extern "C" {
    /// `new name(first, second)`; an error when the constructor throws.
    #[wasm_bindgen(catch)]
    pub fn construct(name: &str, first: &JsValue, second: &JsValue) -> Result<JsValue, JsValue>;
    /// Reads `target[name]`, also of a text; undefined when it is missing or cannot be read.
    #[wasm_bindgen(js_name = property)]
    pub fn get(target: &JsValue, name: &str) -> JsValue;
    fn assign(target: &JsValue, name: &str, value: &JsValue);
    #[wasm_bindgen(catch)]
    fn apply(target: &JsValue, name: &str, given: Vec<JsValue>) -> Result<JsValue, JsValue>;
    /// The items of a list; none for anything else.
    pub fn items(value: &JsValue) -> Option<Vec<JsValue>>;
    /// The names and values of an object in turns.
    pub fn fields(value: &JsValue) -> Vec<JsValue>;
    /// Parses JSON; undefined when it is none.
    pub fn parse(json: &str) -> JsValue;
    /// Prints JSON; empty when the value cannot be printed.
    pub fn print(value: &JsValue) -> String;
    /// Adds styles to a shadow root.
    pub fn dress(root: &JsValue, css: &str);
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(thread_local_v2, js_name = window)]
    static WINDOW: JsValue;
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
    assign(target, name, &value.into());
}

/// Calls a method; undefined when there is none, or it throws.
pub fn invoke(target: &JsValue, name: &str, arguments: &[JsValue]) -> JsValue {
    call(target, name, arguments).unwrap_or_default()
}

/// Calls a method; an error when there is none, or it throws.
pub fn call(target: &JsValue, name: &str, arguments: &[JsValue]) -> Result<JsValue, JsValue> {
    apply(target, name, arguments.to_vec())
}

/// Calls a function of the page. What it throws is its own and does not reach the widget.
pub fn run(function: &JsValue, arguments: &[JsValue]) -> Result<JsValue, JsValue> {
    let mut given = vec![JsValue::NULL];
    given.extend_from_slice(arguments);
    apply(function, "call", given)
}

/// A list of JavaScript.
pub fn list(values: impl Iterator<Item = JsValue>) -> JsValue {
    let list = empty_list();
    for value in values {
        push(&list, value);
    }
    list
}

/// Adds to a list of JavaScript.
pub fn push(list: &JsValue, value: JsValue) {
    invoke(list, "push", &[value]);
}

/// The items of what is like a list, such as that of `querySelectorAll`; none for anything else.
pub fn nodes(of: JsValue) -> Vec<JsValue> {
    items(&invoke(&get(&window(), "Array"), "from", &[of])).unwrap_or_default()
}

/// Every match below a root; a selector that is none fits nothing.
pub fn all(root: &JsValue, selector: &str) -> Vec<JsValue> {
    nodes(invoke(root, "querySelectorAll", &[selector.into()]))
}

/// An empty list of JavaScript.
pub fn empty_list() -> JsValue {
    parse("[]")
}

/// The window.
pub fn window() -> JsValue {
    WINDOW.with(JsValue::clone)
}

/// The document.
pub fn document() -> JsValue {
    get(&window(), "document")
}

/// The page's address.
pub fn location() -> JsValue {
    get(&window(), "location")
}
