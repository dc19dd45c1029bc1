//! The sheet on a phone: drawn down at its head, it closes. It comes with the prompts, which the page fetches when
//! it is idle: neither the first screen nor what must not be lost has to wait for it.

use std::cell::Cell;
use std::rc::Rc;

use wasm_bindgen::JsValue;
use web_sys::Event;

use crate::i18n::concat;
use crate::js::{get, invoke, number, set, text};
use crate::state::State;
use crate::ui::EventListener;

/// Pixels from which a pull closes the sheet; less is a slip.
const FAR: f64 = 64.0;

/// Lets every sheet of the widget be drawn down, for as long as the listeners are kept. Where a panel is no sheet, the
/// browser takes the pull for scrolling.
pub fn listen(state: State) -> Vec<EventListener> {
    let begun: Cell<Option<f64>> = Cell::default();
    let run: Rc<dyn Fn(&Event)> = Rc::new(move |event| {
        let head = invoke(&get(event, "target"), "closest", &[".head".into()]);
        let y = number(event, "clientY");
        let kind = text(event, "type");
        if kind == "pointerdown" {
            let begins = head.is_object() && text(event, "pointerType") == "touch";
            begun.set(begins.then_some(y));
        } else if let Some(from) = begun.get() {
            let is_held = kind == "pointermove";
            if !is_held {
                begun.set(None);
            }
            move_down(&get(&head, "parentElement"), if is_held { y - from } else { 0.0 });
            if kind == "pointerup" && y - from > FAR {
                let close = invoke(&head, "querySelector", &[".close".into()]);
                invoke(&close, "click", &[]);
            }
        }
    });
    EventListener::all(&state.root(), "pointerdown pointermove pointerup pointercancel", &run)
}

/// Moves a sheet by whole pixels: words for fractions are ten kilobytes in a browser.
fn move_down(sheet: &JsValue, by: f64) {
    set(&get(sheet, "style"), "translate", concat(&["0 ", &(by as u32).to_string(), "px"]));
}
