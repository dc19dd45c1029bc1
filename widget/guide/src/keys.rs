//! The keyboard inside a card: Escape, arrows, and Tab where everything else is out of reach.

use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, KeyboardEvent};

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
    if key.key() != "Tab" {
        return;
    }
    let Ok(buttons) = card.query_selector_all("a,button") else { return };
    let button = |at: u32| buttons.item(at).and_then(|node| node.dyn_into::<HtmlElement>().ok());
    let last = buttons.length().saturating_sub(1);
    let origin = event.composed_path().get(0);
    let is = |element: &Option<HtmlElement>| {
        element.as_ref().is_some_and(|element| *AsRef::<wasm_bindgen::JsValue>::as_ref(element) == origin)
    };
    let (first, end) = (button(0), button(last));
    let in_card = origin.dyn_ref::<Element>().is_some_and(|origin| card.contains(Some(origin)));
    let onwards = match (in_card, key.shift_key()) {
        (true, false) if is(&end) => host::focusable(target),
        (true, true) if is(&first) || origin == *AsRef::<wasm_bindgen::JsValue>::as_ref(card) => {
            host::focusable(target)
        }
        (true, _) => return,
        // Anywhere else it is the control, or something that lost its way.
        (false, false) => first,
        (false, true) => end,
    };
    if let Some(onwards) = onwards {
        event.prevent_default();
        focus(&onwards);
    }
}
