//! Whether the page refused what was entered: the browser's own rules, what the page says of a field, and what appears
//! beside it after a press.

use wasm_bindgen::JsValue;

use super::dom::{call, fits, is_drawn};
use super::find::attribute;
use super::names::{referred, tidy, words};
use crate::js::{all, get, invoke, is, text};
use crate::marks::{INVALID, MARKS};

const FIELDS: &str = "input:not([type=hidden],[type=submit],[type=button],[type=image]),select,textarea";
/// What holds a form where there is no form.
const FORMS: &str = "form,dialog,[role=dialog],section,main,body";

/// Something that was refused.
pub struct Refusal {
    /// The field to be put right; undefined when the page names none.
    pub field: JsValue,
    /// What the page or the browser says of it; may be empty.
    pub message: String,
}

/// The control that sends a form, when an element is one or is inside one.
pub fn submitter(element: &JsValue) -> Option<JsValue> {
    let button = call(element, "closest", "button,input");
    let kind = text(&button, "type");
    let sends = matches!(kind.as_str(), "submit" | "image") && get(&button, "form").is_object();
    sends.then_some(button)
}

/// What sends the form of a field; undefined where there is none.
pub fn sender(field: &JsValue) -> JsValue {
    call(&get(field, "form"), "querySelector", "[type=submit],button:not([type])")
}

/// The form that a control belongs to, or what stands for one.
pub fn scope(control: &JsValue) -> JsValue {
    let form = get(control, "form");
    if form.is_object() { form } else { call(control, "closest", FORMS) }
}

/// What a field holds, as a person sees it.
pub fn value(field: &JsValue) -> String {
    if fits(field, "[type=checkbox],[type=radio]") {
        let checked = is(field, "checked");
        return if checked { text(field, "value") } else { String::new() };
    }
    let value = get(field, "value");
    value.as_string().unwrap_or_else(|| text(field, "textContent"))
}

/// What speaks against a field's value: the browser's own rules, or what the page says of it.
pub fn complaint(field: &JsValue) -> Option<String> {
    if fits(field, INVALID) {
        return Some(explanation(field));
    }
    is_wrong(field).then(|| text(field, "validationMessage"))
}

/// Whether a field's value breaks the browser's own rules.
pub fn is_wrong(field: &JsValue) -> bool {
    is(field, "willValidate") && !is(&get(field, "validity"), "valid")
}

fn explanation(field: &JsValue) -> String {
    for attribute in ["aria-errormessage", "aria-describedby"] {
        let words = referred(field, attribute);
        if !words.is_empty() {
            return words;
        }
    }
    let near = surroundings(field);
    let marked =
        all(&near, MARKS).into_iter().find(|mark| mark != field && !is_field(mark) && is_drawn(mark));
    marked
        .map(|mark| tidy(&words(&mark)))
        .filter(|words| !words.is_empty())
        .unwrap_or_else(|| text(field, "validationMessage"))
}

/// Whether an element is filled in.
pub fn is_field(element: &JsValue) -> bool {
    fits(element, FIELDS)
}

/// The largest thing around a field that has no other field.
fn surroundings(field: &JsValue) -> JsValue {
    let mut near = field.clone();
    loop {
        let up = get(&near, "parentElement");
        if !up.is_object() || all(&up, FIELDS).len() > 1 || fits(&up, FORMS) {
            return near;
        }
        near = up;
    }
}

/// The marks of an error in a form: each mark, and what it says.
pub fn marks(scope: &JsValue) -> Vec<(JsValue, String)> {
    let mut marks = Vec::new();
    for mark in all(scope, MARKS) {
        let says = if is_field(&mark) { String::new() } else { tidy(&words(&mark)) };
        // What has fields in it is no message.
        let is_mark = is_field(&mark) || !says.is_empty() && all(&mark, FIELDS).is_empty();
        if is_mark && is_drawn(&mark) {
            marks.push((mark, says));
        }
    }
    marks
}

/// The first error in a form that was not there `before`. With `settled`, a field that is still marked counts too: it
/// was sent like that once more.
pub fn refusal(scope: &JsValue, before: &[(JsValue, String)], settled: bool) -> Option<Refusal> {
    let mut first: Option<Refusal> = None;
    for mark in marks(scope) {
        let is_marked = fits(&mark.0, "[aria-invalid]") && is_field(&mark.0);
        if before.contains(&mark) && !(settled && is_marked) {
            continue;
        }
        if is_marked {
            return Some(Refusal { message: explanation(&mark.0), field: mark.0 });
        }
        let field = if is_field(&mark.0) { mark.0.clone() } else { field_of(scope, &mark.0) };
        if first.as_ref().is_none_or(|first| !first.field.is_object() && field.is_object()) {
            first = Some(Refusal { field, message: mark.1 });
        }
    }
    first
}

/// The field that a text is about: one that refers to it, or the only one around.
fn field_of(scope: &JsValue, mark: &JsValue) -> JsValue {
    let id = text(mark, "id");
    // An empty id fits no field.
    let refers = attribute("aria-errormessage~", &id) + "," + &attribute("aria-describedby~", &id);
    for field in all(scope, FIELDS) {
        let is_near = invoke(&surroundings(&field), "contains", std::slice::from_ref(mark)).is_truthy();
        if is_near || fits(&field, &refers) {
            return field;
        }
    }
    JsValue::UNDEFINED
}
