//! The host's page as a tree: elements, shadow roots and frames of the same origin.

use journey::guide::placement::Rect;
use wasm_bindgen::JsValue;

use crate::js::{all, document, get, invoke, is, number, text, window};
use crate::state::State;

/// Calls a method with a text.
pub fn call(target: &JsValue, name: &str, argument: &str) -> JsValue {
    invoke(target, name, &[argument.into()])
}

/// Whether an element fits a selector.
pub fn fits(element: &JsValue, selector: &str) -> bool {
    call(element, "matches", selector).is_truthy()
}

/// What is ours in the page and no part of it: the widget and the guide's layer.
pub fn is_ours(element: &JsValue, state: State) -> bool {
    let host: JsValue = state.host().into();
    *element == host || *element == call(&document(), "getElementById", super::LAYER)
}

/// Up, through slots and shadow roots.
fn parent(node: &JsValue) -> JsValue {
    for name in ["assignedSlot", "parentElement"] {
        let up = get(node, name);
        if up.is_object() {
            return up;
        }
    }
    get(&invoke(node, "getRootNode", &[]), "host")
}

/// The frame that an element is in; nothing in the page itself.
pub fn frame_of(node: &JsValue) -> JsValue {
    let owner = get(node, "ownerDocument");
    if owner == document() { JsValue::UNDEFINED } else { get(&get(&owner, "defaultView"), "frameElement") }
}

/// Up, out of frames as well.
pub fn outer(node: &JsValue) -> JsValue {
    let up = parent(node);
    if up.is_object() { up } else { frame_of(node) }
}

/// Up within the same document.
pub fn ancestors(node: &JsValue) -> Vec<JsValue> {
    let mut all = Vec::new();
    let mut up = node.clone();
    while up.is_object() {
        let next = parent(&up);
        all.push(up);
        up = next;
    }
    all
}

/// Whether an element is another one, or inside it.
pub fn within(inner: &JsValue, wanted: &JsValue) -> bool {
    let mut up = inner.clone();
    while up.is_object() && up != *wanted {
        up = outer(&up);
    }
    up.is_object()
}

/// An element's box in its own window.
pub fn rect(element: &JsValue) -> Rect {
    let rect = invoke(element, "getBoundingClientRect", &[]);
    let part = |name| number(&rect, name);
    Rect { x: part("left"), y: part("top"), w: part("width"), h: part("height") }
}

/// What the browser makes of an element's styles.
pub fn style(element: &JsValue) -> JsValue {
    invoke(&window(), "getComputedStyle", std::slice::from_ref(element))
}

/// Whether the page is read from right to left.
pub fn is_rtl() -> bool {
    text(&style(&get(&document(), "documentElement")), "direction") == "rtl"
}

/// Whether nothing is visible of an element, and nothing will be.
pub fn is_visible(element: &JsValue) -> bool {
    let options = crate::js::parse("{\"visibilityProperty\":true,\"opacityProperty\":true}");
    is(element, "isConnected") && invoke(element, "checkVisibility", &[options]).is_truthy()
}

/// Whether an element is drawn at all; cheap, for choosing among many.
pub fn is_drawn(element: &JsValue) -> bool {
    is_visible(element) && number(&invoke(element, "getClientRects", &[]), "length") > 0.0
}

/// The page's window, the part of it that can be seen: smaller than the window under zoom or a keyboard.
pub fn view() -> Rect {
    let (window, visual) = (window(), get(&window(), "visualViewport"));
    let root = get(&document(), "documentElement");
    if !visual.is_object() {
        return Rect { x: 0.0, y: 0.0, w: number(&root, "clientWidth"), h: number(&window, "innerHeight") };
    }
    let (w, client) = (number(&visual, "width"), number(&root, "clientWidth"));
    Rect {
        x: number(&visual, "offsetLeft"),
        y: number(&visual, "offsetTop"),
        w: if client > 0.0 { w.min(client) } else { w },
        h: number(&visual, "height"),
    }
}

/// Whether the focus is nowhere that a person could miss it.
pub fn is_nobody_busy() -> bool {
    let active = get(&document(), "activeElement");
    !active.is_object() || active == get(&document(), "body")
}

/// The first or the last thing in an element that takes the focus; the element itself when it does.
pub fn focusable(element: &JsValue, last: bool) -> Option<JsValue> {
    const CAN: &str = "a[href],button:not(:disabled),input:not(:disabled),select:not(:disabled),\
        textarea:not(:disabled),summary,[tabindex]:not([tabindex=\"-1\"]),[contenteditable]";
    if fits(element, CAN) {
        return Some(element.clone());
    }
    let mut all = all(element, CAN);
    if last { all.pop() } else { all.into_iter().next() }
}
