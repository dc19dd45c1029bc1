//! How a control can be seen: where it is, how much of it, and whether something lies over it.

use journey::guide::placement::Rect;
use wasm_bindgen::JsValue;

use super::dom::{Edges, ancestors, edges, fits, frame_of, is_ours, is_visible, list, rect, style, within};
use crate::js::{document, get, invoke, number, text, window};
use crate::state::State;

/// How a control can be seen.
#[derive(Clone, Copy, PartialEq)]
pub struct Sight {
    /// The part that is not cut off.
    pub seen: Rect,
    /// Whether a person can see and reach it.
    pub reachable: bool,
    /// The radius of its corners.
    pub radius: f64,
    /// Whether all of it can be seen.
    pub complete: bool,
    /// Whether it is a frame of another origin.
    pub frame: bool,
}

fn clip(a: Edges, b: Edges) -> Edges {
    let [[left, top, right, bottom], [x, y, end, under]] = [a, b];
    [left.max(x), top.max(y), right.min(end), bottom.min(under)]
}

fn shift([left, top, right, bottom]: Edges, x: f64, y: f64) -> Edges {
    [left + x, top + y, right + x, bottom + y]
}

/// The whole box and its visible part in this window's coordinates; nothing for what is not drawn.
fn measure(element: &JsValue) -> Option<(Edges, Edges)> {
    let mut whole = edges(element);
    let mut seen = whole;
    let mut node = element.clone();
    loop {
        if !is_visible(&node) {
            return None;
        }
        seen = clip_to_ancestors(&node, seen);
        let view = get(&get(&node, "ownerDocument"), "defaultView");
        seen = clip(seen, [0.0, 0.0, number(&view, "innerWidth"), number(&view, "innerHeight")]);
        let frame = frame_of(&node);
        if !frame.is_object() {
            return Some((whole, seen));
        }
        let [x, y, ..] = edges(&frame);
        let (x, y) = (x + number(&frame, "clientLeft"), y + number(&frame, "clientTop"));
        (whole, seen) = (shift(whole, x, y), shift(seen, x, y));
        node = frame;
    }
}

fn clip_to_ancestors(node: &JsValue, mut seen: Edges) -> Edges {
    let mut is_fixed = false;
    for up in ancestors(node) {
        let style = style(&up);
        if !is_fixed && up != *node && text(&style, "overflow") != "visible" && !fits(&up, "html,body") {
            seen = clip(seen, edges(&up));
        }
        is_fixed |= text(&style, "position") == "fixed";
    }
    seen
}

/// The innermost element at a point, through shadow roots and frames; ours are looked through.
fn at(state: State, mut x: f64, mut y: f64) -> JsValue {
    let all = list(invoke(&document(), "elementsFromPoint", &[x.into(), y.into()]));
    let mut hit = all.into_iter().find(|element| !is_ours(element, state)).unwrap_or_default();
    loop {
        let mut inside = get(&hit, "contentDocument");
        if inside.is_object() {
            let [left, top, ..] = edges(&hit);
            (x, y) = (x - left - number(&hit, "clientLeft"), y - top - number(&hit, "clientTop"));
        } else {
            inside = get(&hit, "shadowRoot");
        }
        let inner = invoke(&inside, "elementFromPoint", &[x.into(), y.into()]);
        if !inner.is_object() || inner == hit {
            return hit;
        }
        hit = inner;
    }
}

/// Looks at an element; nothing when it is not drawn or has no size.
pub fn sight(state: State, element: &JsValue) -> Option<Sight> {
    let (whole, cut) = measure(element)?;
    let seen = rect(cut);
    if rect(whole).area() == 0.0 {
        return None;
    }
    let is_hit = |part: f64| {
        let hit = at(state, seen.x + seen.w * part, seen.y + seen.h / 2.0);
        hit.is_object() && (within(&hit, element) || within(element, &hit))
    };
    let radius = text(&style(element), "borderTopLeftRadius");
    Some(Sight {
        seen,
        reachable: seen.area() > 0.0 && [0.5, 0.2, 0.8].into_iter().any(is_hit),
        radius: invoke(&window(), "parseFloat", &[radius.into()]).as_f64().unwrap_or_default().max(0.0),
        complete: cut.iter().zip(whole).all(|(edge, other)| (edge - other).abs() < 1.0),
        frame: fits(element, "iframe") && !get(element, "contentDocument").is_object(),
    })
}

/// Brings an element into view, its start first when it is taller than the window.
pub fn reveal(element: &JsValue) {
    let [_, top, _, bottom] = edges(element);
    let is_tall = bottom - top > number(&window(), "innerHeight") * 0.8;
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
