//! A picture that a person chose, shown small before it is sent.

use wasm_bindgen::JsValue;

use crate::js;
use crate::ui::{Tag, tag};

/// The browser's own address of a picture, for as long as this is kept.
pub struct Picture(String);

impl Picture {
    /// Of a file; none where it is no picture.
    pub fn of(file: &JsValue) -> Option<Self> {
        if !js::text(file, "type").starts_with("image/") {
            return None;
        }
        js::invoke(&addresses(), "createObjectURL", std::slice::from_ref(file)).as_string().map(Self)
    }

    /// The picture. Where the page's policy forbids it, the file's name beside it says enough.
    pub fn draw(&self) -> Tag {
        tag("IMG", "").with("alt").set("src", self.0.as_str())
    }
}

impl Drop for Picture {
    fn drop(&mut self) {
        js::invoke(&addresses(), "revokeObjectURL", &[self.0.as_str().into()]);
    }
}

fn addresses() -> JsValue {
    js::get(&js::window(), "URL")
}
