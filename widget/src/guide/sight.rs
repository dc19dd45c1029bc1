//! How a control can be seen: where it is, how much of it, and whether something lies over it.

use journey::guide::placement::Rect;
use wasm_bindgen::JsValue;

use super::dom::{ancestors, fits, frame_of, is_ours, is_visible, rect, style, within};
use crate::js::{document, get, invoke, nodes, number, text, window};
use crate::state::State;

/// How a control can be seen.
#[derive(Clone, Copy, PartialEq)]
pub struct Sight {
    /// The part that is not cut off.
    pub seen: Rect,
    /// Whether a person can see and reach it.
    pub reachable: bool,
    /// Whether all of it can be seen.
    pub complete: bool,
}

/// The whole box and its visible part in this window's coordinates; nothing for what is not drawn.
fn measure(element: &JsValue) -> Option<(Rect, Rect)> {
    let mut whole = rect(element);
    let mut seen = whole;
    let mut node = element.clone();
    loop {
        if !is_visible(&node) {
            return None;
        }
        seen = clip_to_ancestors(&node, seen);
        let view = get(&get(&node, "ownerDocument"), "defaultView");
        let size = |name| number(&view, name);
        seen = seen.common(Rect { w: size("innerWidth"), h: size("innerHeight"), ..Rect::default() });
        let frame = frame_of(&node);
        if !frame.is_object() {
            return Some((whole, seen));
        }
        let (x, y) = inside(&frame);
        (whole, seen) = (whole.moved(x, y), seen.moved(x, y));
        node = frame;
    }
}

/// Where the page inside a frame begins.
fn inside(frame: &JsValue) -> (f64, f64) {
    let Rect { x, y, .. } = rect(frame);
    (x + number(frame, "clientLeft"), y + number(frame, "clientTop"))
}

fn clip_to_ancestors(node: &JsValue, mut seen: Rect) -> Rect {
    let mut is_fixed = false;
    for up in ancestors(node) {
        let style = style(&up);
        if !is_fixed && up != *node && text(&style, "overflow") != "visible" && !fits(&up, "html,body") {
            seen = seen.common(rect(&up));
        }
        is_fixed |= text(&style, "position") == "fixed";
    }
    seen
}

/// The innermost element at a point, through shadow roots and frames; ours are looked through.
fn at(state: State, mut x: f64, mut y: f64) -> JsValue {
    let all = nodes(invoke(&document(), "elementsFromPoint", &[x.into(), y.into()]));
    let mut hit = all.into_iter().find(|element| !is_ours(element, state)).unwrap_or_default();
    loop {
        let mut inner = get(&hit, "contentDocument");
        if inner.is_object() {
            let (left, top) = inside(&hit);
            (x, y) = (x - left, y - top);
        } else {
            inner = get(&hit, "shadowRoot");
        }
        let inner = invoke(&inner, "elementFromPoint", &[x.into(), y.into()]);
        if !inner.is_object() || inner == hit {
            return hit;
        }
        hit = inner;
    }
}

/// Looks at an element; nothing when it is not drawn or has no size.
pub fn sight(state: State, element: &JsValue) -> Option<Sight> {
    let (whole, seen) = measure(element)?;
    if whole.area() == 0.0 {
        return None;
    }
    let is_hit = |part: f64| {
        let hit = at(state, seen.x + seen.w * part, seen.y + seen.h / 2.0);
        hit.is_object() && (within(&hit, element) || within(element, &hit))
    };
    Some(Sight {
        seen,
        reachable: seen.area() > 0.0 && [0.5, 0.2, 0.8].into_iter().any(is_hit),
        complete: seen.w + 1.0 > whole.w && seen.h + 1.0 > whole.h,
    })
}

/// Whether a control is a frame of another origin: nothing that happens in it can be heard.
pub fn is_foreign(element: &JsValue) -> bool {
    fits(element, "iframe") && !get(element, "contentDocument").is_object()
}

/// Brings an element into view, its start first when it is taller than the window.
pub fn reveal(element: &JsValue) {
    let is_tall = rect(element).h > number(&window(), "innerHeight") * 0.8;
    let options = crate::wire::object(&[
        ("block", if is_tall { "start" } else { "center" }.into()),
        ("inline", "nearest".into()),
        ("behavior", "instant".into()),
    ]);
    let mut node = element.clone();
    while node.is_object() {
        invoke(&node, "scrollIntoView", std::slice::from_ref(&options));
        node = frame_of(&node);
    }
}
