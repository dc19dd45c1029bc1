//! The keyboard: Enter or the first Tab on the card goes to the control, Escape back to the card and then out of the
//! guide; arrows go through what is read; Tab stays inside where everything else is out of reach.

use wasm_bindgen::JsValue;
use web_sys::Event;

use protocol::files::WaitFor;

use super::{Phase, Tour};
use crate::guide::dom::{fits, focusable, is_nobody_busy, is_rtl, within};
use crate::js::{all, invoke, is, items, number, text};
use crate::ui::{focus_element, prevent, stop};

/// Whether a key belongs to a composition, such as that of kana into kanji.
fn composes(event: &Event) -> bool {
    is(event, "isComposing") || number(event, "keyCode") == 229.0
}

impl Tour {
    /// A key was pressed anywhere in the page.
    pub(super) fn pressed_key(&self, event: &Event) {
        let Some(card) = self.layer.card().map(JsValue::from) else { return };
        let others = ["ctrlKey", "metaKey", "altKey", "defaultPrevented"].iter().any(|name| is(event, name));
        if composes(event) || others {
            return;
        }
        let origin = items(&invoke(event, "composedPath", &[])).and_then(|path| path.into_iter().next());
        let (origin, key) = (origin.unwrap_or_default(), text(event, "key"));
        let back = is(event, "shiftKey");
        let takes = match key.as_str() {
            "Enter" => origin == card && !back && self.hand_over(false),
            "Tab" => (origin == card && !back && self.hand_over(true)) || self.cycle(&origin, back, &card),
            "Escape" => self.take_back(&origin) || self.asked_for("close", &origin),
            "ArrowRight" => self.asked_for(if is_rtl() { "back" } else { "next" }, &origin),
            "ArrowLeft" => self.asked_for(if is_rtl() { "next" } else { "back" }, &origin),
            _ => false,
        };
        if takes {
            prevent(event);
            stop(event);
        }
    }

    /// Moves the focus from the card to its control; with `once`, the first time only, so that Tab reaches the card's
    /// buttons after that. Where there is nothing to do but read, Enter goes on.
    fn hand_over(&self, once: bool) -> bool {
        if self.phase.get() != Phase::Shown {
            return false;
        }
        if self.stop().wait == WaitFor::Read {
            if !once {
                self.ask("next");
            }
            return !once;
        }
        let Some(control) = focusable(&self.target.get(), false) else { return false };
        if once && self.stage.handed.get() {
            return false;
        }
        self.stage.handed.set(true);
        focus_element(&control.into());
        true
    }

    /// Moves the focus from the control back to the card that gave it.
    fn take_back(&self, origin: &JsValue) -> bool {
        let is_inside = within(origin, &self.target.get());
        let takes = self.phase.get() == Phase::Shown && self.stage.handed.get() && is_inside;
        if takes {
            self.layer.focus();
        }
        takes
    }

    /// Keys belong to the guide inside its card, and Escape where nothing else has the focus, too.
    fn asked_for(&self, what: &str, origin: &JsValue) -> bool {
        let types = fits(origin, "input,textarea,select") || is(origin, "isContentEditable");
        let takes = !types && (self.layer.has_focus() || what == "close" && is_nobody_busy());
        if takes {
            self.ask(what);
        }
        takes
    }

    /// Keeps Tab between the card and the control: card, control, card.
    fn cycle(&self, origin: &JsValue, back: bool, card: &JsValue) -> bool {
        if self.phase.get() != Phase::Shown || !self.stop().is_blocking() {
            return false;
        }
        let target = self.target.get();
        let buttons = all(card, "a,button");
        let (first, last) = (buttons.first(), buttons.last());
        let onwards = if invoke(card, "contains", std::slice::from_ref(origin)).is_truthy() {
            let leaves = if back { first == Some(origin) || origin == card } else { last == Some(origin) };
            if leaves { focusable(&target, back) } else { None }
        } else {
            let edge = focusable(&target, !back);
            let stays = within(origin, &target) && edge.as_ref() != Some(origin);
            if stays { None } else { if back { last } else { first }.cloned() }
        };
        let goes = onwards.is_some();
        if let Some(onwards) = onwards {
            focus_element(&onwards.into());
        }
        goes
    }
}
