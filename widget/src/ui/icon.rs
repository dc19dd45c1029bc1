//! Drawings, as elements: pages with Trusted Types allow no markup.

use wasm_bindgen::JsValue;

use crate::js::{document, invoke};

const SVG: &str = "http://www.w3.org/2000/svg";

/// A shape with its attributes.
pub type Shape<'a> = (&'a str, &'a [(&'a str, &'a str)]);

/// Draws shapes on a field of 24 by 24 and puts the drawing into an element; screen readers pass over it.
pub fn draw(into: &JsValue, shapes: &[Shape<'_>]) {
    let drawing = element("svg", &[("viewBox", "0 0 24 24"), ("aria-hidden", "true")]);
    for (name, attributes) in shapes {
        append(&drawing, element(name, attributes));
    }
    append(into, drawing);
}

/// An element of a drawing with its attributes.
pub fn element(name: &str, attributes: &[(&str, &str)]) -> JsValue {
    let element = invoke(&document(), "createElementNS", &[SVG.into(), name.into()]);
    for (name, value) in attributes {
        // The names are our own, so they are good names.
        invoke(&element, "setAttribute", &[(*name).into(), (*value).into()]);
    }
    element
}

fn append(into: &JsValue, child: JsValue) {
    invoke(into, "append", &[child]);
}
