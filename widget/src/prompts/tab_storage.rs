//! What a tab keeps to itself across its pages, such as rows that were pasted and not handed over yet.

use wasm_bindgen::JsValue;

use crate::i18n::concat;
use crate::js;

/// What the keys begin with.
const PREFIX: &str = "tabiji:tab:";

fn storage() -> JsValue {
    js::get(&js::window(), "sessionStorage")
}

fn key(name: &str) -> JsValue {
    concat(&[PREFIX, name]).into()
}

/// What is kept under a name; nothing where the browser refuses storage.
pub fn recall(name: &str) -> Option<String> {
    js::invoke(&storage(), "getItem", &[key(name)]).as_string()
}

/// Keeps a text.
pub fn remember(name: &str, text: &str) {
    js::invoke(&storage(), "setItem", &[key(name), text.into()]);
}

/// Forgets what is kept under a name.
pub fn forget(name: &str) {
    js::invoke(&storage(), "removeItem", &[key(name)]);
}

/// Forgets everything: another person is there.
pub fn forget_all() {
    for name in js::fields(&storage()) {
        if name.as_string().is_some_and(|name| name.starts_with(PREFIX)) {
            js::invoke(&storage(), "removeItem", &[name]);
        }
    }
}
