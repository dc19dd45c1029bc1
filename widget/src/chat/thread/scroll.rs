//! A reader at the end of the thread stays there, whatever comes and however the panel changes; only a reader who
//! scrolls up leaves the end.

use std::cell::Cell;
use std::rc::Rc;

use wasm_bindgen::prelude::*;
use web_sys::HtmlElement;

use crate::js;
use crate::ui::{EventListener, listen};

/// Pixels from the end that still count as the end.
const NEAR: f64 = 48.0;

/// Where a list is scrolled to.
pub struct Scroll {
    list: Rc<Scrolled>,
    observer: JsValue,
    _scrolled: EventListener,
    _resized: Closure<dyn FnMut(JsValue)>,
}

struct Scrolled {
    list: HtmlElement,
    at_end: Cell<bool>,
    before: Cell<f64>,
}

impl Scroll {
    /// Begins at the end.
    pub fn new(list: HtmlElement) -> Self {
        let list = Rc::new(Scrolled { list, at_end: Cell::new(true), before: Cell::default() });
        let (scrolls, grows) = (Rc::clone(&list), Rc::clone(&list));
        let scrolled = listen(&list.list, "scroll", move |_| scrolls.scrolled());
        let resized: Closure<dyn FnMut(JsValue)> = Closure::new(move |_| grows.stay());
        let observer = js::construct("ResizeObserver", resized.as_ref(), &JsValue::UNDEFINED);
        let observer = observer.unwrap_or(JsValue::UNDEFINED);
        js::invoke(&observer, "observe", &[(&list.list).into()]);
        Self { list, observer, _scrolled: scrolled, _resized: resized }
    }

    /// Goes to the end if that is where it was.
    pub fn stay(&self) {
        self.list.stay();
    }

    /// Goes to the end.
    pub fn to_end(&self) {
        self.list.at_end.set(true);
        self.list.stay();
    }
}

impl Scrolled {
    fn stay(&self) {
        if self.at_end.get() {
            js::set(&self.list, "scrollTop", js::number(&self.list, "scrollHeight"));
        }
    }

    fn scrolled(&self) {
        let top = js::number(&self.list, "scrollTop");
        let left = js::number(&self.list, "scrollHeight") - top - js::number(&self.list, "clientHeight");
        let before = self.before.replace(top);
        self.at_end.set(left < NEAR || self.at_end.get() && top >= before);
    }
}

impl Drop for Scroll {
    fn drop(&mut self) {
        js::invoke(&self.observer, "disconnect", &[]);
    }
}
