//! Looks for the control that is meant, in the page itself and in its shadow roots and frames.

use journey::guide::score::{SIGNALS, Signals, judge};
use wasm_bindgen::JsValue;

use super::dom::{call, fits, is_drawn, is_ours};
use super::names;
use crate::i18n::concat;
use crate::js::{all, document, get, window};
use crate::state::State;
use crate::wire::Json;

const TEST_IDS: [&str; 4] = ["data-testid", "data-test-id", "data-test", "data-cy"];
/// What people can operate: where a name or a label alone is looked for.
const CONTROLS: &str = "a[href],button,input,select,textarea,summary,[role],[tabindex],[contenteditable]";
/// What has a role by being what it is (HTML-AAM, as far as controls go).
const ROLES: [(&str, &str); 14] = [
    ("button", "button,summary,input[type=button],input[type=submit],input[type=reset]"),
    ("link", "a[href]"),
    (
        "textbox",
        "input:not([type]),input[type=text],input[type=email],input[type=tel],input[type=url],input[type=password],textarea,[contenteditable]",
    ),
    ("searchbox", "input[type=search]"),
    ("spinbutton", "input[type=number]"),
    ("slider", "input[type=range]"),
    ("checkbox", "input[type=checkbox]"),
    ("radio", "input[type=radio]"),
    ("combobox", "select,input[list]"),
    ("heading", "h1,h2,h3,h4,h5,h6"),
    ("img", "img"),
    ("navigation", "nav"),
    ("form", "form"),
    ("table", "table"),
];

/// The signals that a target declares.
fn declared(target: &Json) -> Signals {
    let mut declared = 0;
    for (at, (name, _)) in SIGNALS.iter().enumerate() {
        declared |= u8::from(target.has(name)) << at;
    }
    declared
}

/// The names of the signals that a target declares, as a report has them.
pub fn tried(target: &Json) -> String {
    let mut tried = String::new();
    for (name, _) in SIGNALS.iter().filter(|(name, _)| target.has(name)) {
        if !tried.is_empty() {
            tried.push(',');
        }
        tried.push_str(name);
    }
    tried
}

/// A selector of the elements whose attribute has this value; with `~` after the name, this word in it.
pub fn attribute(name: &str, value: &str) -> String {
    let escaped = call(&get(&window(), "CSS"), "escape", value).as_string().unwrap_or_default();
    concat(&["[", name, "=\"", &escaped, "\"]"])
}

fn of_role(role: &str) -> String {
    let mut selector = attribute("role", role);
    for (known, implied) in ROLES {
        if known == role {
            selector = concat(&[&selector, ",", implied]);
        }
    }
    selector
}

fn selectors(target: &Json) -> Vec<String> {
    let signal = |name| target.get::<String>(name);
    let mut selectors = Vec::new();
    if let Some(hook) = signal("hook") {
        selectors.push(attribute("data-tabiji", &hook));
    }
    if let Some(id) = signal("test_id") {
        for name in TEST_IDS {
            selectors.push(attribute(name, &id));
        }
    }
    selectors.extend(signal("css"));
    if target.has("name") || target.has("label") {
        selectors.push(signal("role").map_or_else(|| CONTROLS.to_owned(), |role| of_role(&role)));
    }
    selectors
}

/// The signals of a target that an element agrees with.
fn agreed(target: &Json, element: &JsValue) -> Signals {
    let attribute = |name: &str| call(element, "getAttribute", name).as_string();
    let mut agreed = 0;
    for (at, (name, _)) in SIGNALS.iter().enumerate() {
        let Some(wanted) = target.get::<String>(name) else { continue };
        let agrees = match at {
            0 => attribute("data-tabiji").as_ref() == Some(&wanted),
            1 => TEST_IDS.iter().any(|name| attribute(name).as_ref() == Some(&wanted)),
            2 => match attribute("role") {
                Some(role) => role == wanted,
                None => fits(element, &of_role(&wanted)),
            },
            // Not cheap, and often not declared.
            3 => names::plain(&names::name(element)) == names::plain(&wanted),
            4 => names::plain(&names::label(element)) == names::plain(&wanted),
            _ => fits(element, &wanted),
        };
        agreed |= u8::from(agrees) << at;
    }
    agreed
}

/// The page, and every shadow root and frame of the same origin in it.
fn roots(state: State) -> Vec<JsValue> {
    let mut roots = vec![document()];
    let mut at = 0;
    while let Some(root) = roots.get(at).cloned() {
        for element in all(&root, "*") {
            let mut inner = get(&element, "shadowRoot");
            if !inner.is_object() {
                inner = get(&element, "contentDocument");
            }
            if inner.is_object() && !is_ours(&element, state) {
                roots.push(inner);
            }
        }
        at += 1;
    }
    roots
}

fn candidates(state: State, target: &Json, deep: bool) -> Vec<JsValue> {
    let mut found = Vec::new();
    for root in if deep { roots(state) } else { vec![document()] } {
        for selector in selectors(target) {
            for element in all(&root, &selector) {
                if is_drawn(&element) && !found.contains(&element) && !is_ours(&element, state) {
                    found.push(element);
                }
            }
        }
    }
    found
}

/// The control that a target means. With `sure`, only one that every signal agrees on: another may still be on its way.
pub fn find(state: State, target: &Json, sure: bool) -> Option<JsValue> {
    for deep in [false, true] {
        let all = candidates(state, target, deep);
        let mut agree = Vec::new();
        for element in &all {
            agree.push(agreed(target, element));
        }
        // What lies deeper may agree more.
        if let Some(found) = judge(declared(target), &agree)
            && (found.whole || deep && !sure)
        {
            return all.into_iter().nth(found.at);
        }
    }
    None
}
