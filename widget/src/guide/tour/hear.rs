//! What a person does to the control, and what the browser makes of it.

use std::cell::Cell;
use std::rc::Rc;

use protocol::files::WaitFor;
use wasm_bindgen::JsValue;
use web_sys::Event;

use super::results::Press;
use super::{Phase, Tour};
use crate::browser;
use crate::guide::dom::within;
use crate::guide::refusal::{Refusal, complaint, is_wrong, marks, scope, submitter, value};
use crate::js::{get, invoke, items, text};
use crate::ui::CloneCell;

impl Tour {
    /// People did something to the control, or the page to its form.
    pub(super) fn heard(&self, event: &Event) {
        if self.phase.get() != Phase::Shown {
            return;
        }
        let target = self.target.get();
        let kind = text(event, "type");
        let path = items(&invoke(event, "composedPath", &[])).unwrap_or_default();
        match kind.as_str() {
            "submit" => return self.heard_submit(event, &target),
            "invalid" => return self.heard_invalid(path.first()),
            _ => {}
        }
        if !path.contains(&target) || self.stage.done.get() {
            return;
        }
        if kind == "input" {
            self.stage.edited.set(true);
        }
        // Who only passed by, or went to another window, has not entered anything.
        let left = kind == "focusout" && invoke(&crate::js::document(), "hasFocus", &[]).is_truthy();
        let is_entered = kind == "change" || left && self.stage.edited.get();
        let stop = self.stop();
        let is_fixing = self.refused.get().is_object();
        match stop.wait {
            _ if is_fixing && is_entered => self.soon(Self::look_at_fix),
            _ if is_fixing => {}
            WaitFor::Click if kind == "click" => self.pressed(&target),
            WaitFor::Input if is_entered && !is_empty(path.first().unwrap_or(&target)) => {
                self.soon(Self::entered);
            }
            WaitFor::Value if stop.text("value") == Some(value(path.first().unwrap_or(&target))) => {
                self.soon(Self::entered);
            }
            _ => {}
        }
    }

    /// Runs something after the page's own listeners, and after the press that is under way.
    fn soon(&self, run: fn(&Self)) {
        if self.is_pressing.get() { self.owed.set(Some(run)) } else { self.later(0, run) }
    }

    /// A pointer went down or up somewhere.
    pub(super) fn moved_pointer(&self, event: &Event) {
        self.is_pressing.set(text(event, "type") == "pointerdown");
        if !self.is_pressing.get() {
            // The click comes first.
            self.later(0, self.owed.take().unwrap_or(Self::moved));
        }
    }

    /// Something was entered.
    fn entered(&self) {
        let target = self.target.get();
        if self.phase.get() != Phase::Shown || self.stage.done.get() {
            return;
        }
        match complaint(&target) {
            Some(message) => self.refuse(self.at.get(), Refusal { field: target, message }),
            None => {
                self.stage.done.set(true);
                self.onwards();
            }
        }
    }

    /// The refused field was changed: the guide goes on when nothing speaks against it any more.
    fn look_at_fix(&self) {
        let field = self.refused.get();
        // It was sent meanwhile.
        if !field.is_object() {
            return;
        }
        let says = complaint(&field);
        // A page that asks its server keeps its words until the form is sent again.
        let is_other = self.answered.get().is_some_and(|held| held != value(&field)) && !is_wrong(&field);
        let is_old = is_other && says.as_ref() == Some(&self.complaint.get());
        if let Some(message) = says.filter(|_| !is_old) {
            return self.refuse(self.at.get(), Refusal { field, message });
        }
        self.forgive();
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
        self.stage.done.set(true);
        let before = marks(&scope);
        let press = Press {
            at: self.at.get(),
            scope,
            is_submit,
            submitted: CloneCell::default(),
            invalid: CloneCell::default(),
            before,
            pressed: browser::now(),
            settles: Cell::default(),
        };
        self.press.set(Some(Rc::new(press)));
        // What is out of reach is in reach again before the page's own listeners run, which come first.
        if self.stop().is_blocking() && !is_submit {
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
            self.at.set(at);
            self.forgive();
            self.begin_press(form, true);
        }
        if let Some(press) = self.press.get() {
            press.submitted.set(event.into());
        }
        let next = self.at.get() + 1;
        // Remembered before the page goes away.
        if self.expects() || self.is_last() { self.stand(next, next) } else { self.stand(next + 1, next) }
    }

    fn is_pressed_now(&self, form: &JsValue) -> bool {
        self.stage.done.get() && self.press.get().is_some_and(|press| press.scope == *form)
    }

    /// The browser refuses a field of the form that was pressed for.
    fn heard_invalid(&self, field: Option<&JsValue>) {
        let (Some(press), Some(field)) = (self.press.get(), field) else { return };
        if self.is_pressed_now(&get(field, "form")) && !press.invalid.get().is_object() {
            press.invalid.set(field.clone());
        }
    }
}

fn is_empty(field: &JsValue) -> bool {
    value(field).trim_ascii().is_empty()
}
