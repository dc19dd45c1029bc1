//! What a person does to the control, and what the browser makes of it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use protocol::files::WaitFor;
use wasm_bindgen::JsValue;
use web_sys::Event;

use super::results::Press;
use super::{Phase, Tour};
use crate::browser;
use crate::guide::dom::within;
use crate::guide::refusal::{Refusal, complaint, marks, scope, submitter, value};
use crate::js::{get, invoke, items, text};

impl Tour {
    /// People did something to the control, or the page to its form.
    pub(super) fn heard(&self, event: &Event) {
        let target = self.target.borrow().clone();
        let (Some(target), Phase::Shown) = (target, self.phase.get()) else { return };
        let kind = text(event, "type");
        let path = items(&invoke(event, "composedPath", &[])).unwrap_or_default();
        match kind.as_str() {
            "submit" => return self.heard_submit(event, &target),
            "invalid" => return self.heard_invalid(path.first()),
            _ => {}
        }
        if !path.contains(&target) || self.stage.get().done {
            return;
        }
        if kind == "input" {
            self.mark(|stage| stage.edited = true);
        }
        // Who only passed by, or went to another window, has not entered anything.
        let left = kind == "focusout" && invoke(&crate::js::document(), "hasFocus", &[]).is_truthy();
        let is_entered = kind == "change" || left && self.stage.get().edited;
        let stop = self.stop();
        let is_fixing = self.fix.borrow().is_some();
        match stop.wait {
            _ if is_fixing && is_entered => self.later(0, Self::look_at_fix),
            _ if is_fixing => {}
            WaitFor::Click if kind == "click" => self.pressed(&target),
            WaitFor::Input if is_entered && !is_empty(path.first().unwrap_or(&target)) => self.entered(),
            WaitFor::Value if stop.value.as_ref() == Some(&value(path.first().unwrap_or(&target))) => {
                self.entered();
            }
            _ => {}
        }
    }

    /// Something was entered; the page's own listeners come first.
    fn entered(&self) {
        self.later(0, |tour| {
            let target = tour.target.borrow().clone();
            if tour.phase.get() != Phase::Shown || tour.stage.get().done {
                return;
            }
            match target.as_ref().and_then(complaint) {
                Some(message) => tour.refuse(tour.at.get(), Refusal { field: target, message }),
                None => {
                    tour.mark(|stage| stage.done = true);
                    tour.onwards();
                }
            }
        });
    }

    /// The refused field was changed: the guide goes on when nothing speaks against it any more.
    fn look_at_fix(&self) {
        let Some((field, _)) = self.fix.borrow().clone() else { return };
        if let Some(message) = complaint(&field) {
            return self.refuse(self.at.get(), Refusal { field: Some(field), message });
        }
        self.fix.take();
        let is_own = self.control(&self.stop()).is_some_and(|control| within(&field, &control));
        if is_own && self.stop().wait != WaitFor::Click { self.onwards() } else { self.again() }
    }

    /// The control of this stop was pressed.
    fn pressed(&self, target: &JsValue) {
        let submits = submitter(target);
        let control = submits.as_ref().unwrap_or(target);
        self.begin_press(scope(control), submits.is_some());
        if submits.is_none() {
            // The page may go away by this very press: what is next is remembered before it does.
            let next = self.at.get() + 1;
            let expects = self.expects();
            match (expects, self.is_last()) {
                (true, _) => self.stand(next, next),
                (false, true) => self.stand(0, 0),
                (false, false) => self.stand(next + 1, 0),
            }
        }
    }

    fn begin_press(&self, scope: JsValue, is_submit: bool) {
        self.had.set(self.count().0);
        self.mark(|stage| stage.done = true);
        let before = marks(&scope);
        let press = Press {
            at: self.at.get(),
            scope,
            is_submit,
            submitted: RefCell::default(),
            invalid: RefCell::default(),
            before,
            pressed: browser::now(),
            settles: Cell::default(),
        };
        *self.press.borrow_mut() = Some(Rc::new(press));
        // What is out of reach is in reach again before the page's own listeners run, which come first.
        if self.stop().blocking && !is_submit {
            self.settle();
        }
        self.later(0, Self::judge);
    }

    /// A form is sent: by the press that was asked for, or by Enter in one of its fields.
    fn heard_submit(&self, event: &Event, target: &JsValue) {
        let form = get(event, "target");
        if !self.is_pressed_now(&form) {
            if scope(target) != form {
                return;
            }
            let sends = |at: &usize| {
                let stop = self.stops.get(*at).filter(|stop| stop.wait == WaitFor::Click);
                let control = stop.and_then(|stop| self.control(stop));
                control.is_some_and(|control| submitter(&control).is_some() && scope(&control) == form)
            };
            let Some(at) = (self.at.get()..self.stops.len()).find(sends) else { return };
            self.move_to(at);
            self.fix.take();
            self.begin_press(form, true);
        }
        if let Some(press) = &*self.press.borrow() {
            *press.submitted.borrow_mut() = Some(JsValue::from(event));
        }
        let next = self.at.get() + 1;
        // Remembered before the page goes away.
        if self.expects() || self.is_last() { self.stand(next, next) } else { self.stand(next + 1, next) }
    }

    fn is_pressed_now(&self, form: &JsValue) -> bool {
        let press = self.press.borrow();
        self.stage.get().done && press.as_ref().is_some_and(|press| press.scope == *form)
    }

    /// The browser refuses a field of the form that was pressed for.
    fn heard_invalid(&self, field: Option<&JsValue>) {
        let (Some(press), Some(field)) = (&*self.press.borrow(), field) else { return };
        if self.stage.get().done && get(field, "form") == press.scope {
            press.invalid.borrow_mut().get_or_insert_with(|| field.clone());
        }
    }
}

fn is_empty(field: &JsValue) -> bool {
    value(field).trim_ascii().is_empty()
}
