//! The keyboard inside a card: Escape, arrows, and Tab where everything else is out of reach.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, HtmlElement, KeyboardEvent, Node};

use crate::card::{Ask, focus};
use crate::host;

/// What a key asks for; nothing when it belongs to somebody's typing.
pub fn asked(event: &Event, rtl: bool) -> Option<Ask> {
    let key: &KeyboardEvent = event.unchecked_ref();
    if host::is_typing(event)
        || event.default_prevented()
        || key.ctrl_key()
        || key.meta_key()
        || key.alt_key()
    {
        return None;
    }
    match (key.key().as_str(), rtl) {
        ("Escape", _) => Some(Ask::Close),
        ("ArrowRight", false) | ("ArrowLeft", true) => Some(Ask::Next),
        ("ArrowLeft", false) | ("ArrowRight", true) => Some(Ask::Back),
        _ => None,
    }
}

/// Keeps Tab between the card and the control: card, control, card.
pub fn cycle(event: &Event, card: &Element, target: &Element) {
    let key: &KeyboardEvent = event.unchecked_ref();
    let other = key.ctrl_key() || key.meta_key() || key.alt_key();
    // Tab may choose among the words of a composition.
    if key.key() != "Tab" || other || key.is_composing() || key.key_code() == 229 {
        return;
    }
    let Ok(buttons) = card.query_selector_all("a,button") else { return };
    let button = |at: u32| buttons.item(at).and_then(|node| node.dyn_into::<HtmlElement>().ok());
    let (first, last) = (button(0), button(buttons.length().saturating_sub(1)));
    let back = key.shift_key();
    let origin = event.composed_path().get(0);
    let is = |element: &JsValue| *element == origin;
    let is_at = |element: &Option<HtmlElement>| element.as_ref().is_some_and(|element| is(element.as_ref()));
    let within =
        |outer: &Element| origin.dyn_ref::<Node>().is_some_and(|origin| outer.contains(Some(origin)));
    let onwards = if within(card) {
        let leaves = if back { is_at(&first) || is(card.as_ref()) } else { is_at(&last) };
        leaves.then(|| host::focusable(target, back)).flatten()
    } else {
        let stays = within(target) && !is_at(&host::focusable(target, !back));
        if stays {
            None
        } else if back {
            last
        } else {
            first
        }
    };
    if let Some(onwards) = onwards {
        event.prevent_default();
        focus(&onwards);
    }
}
