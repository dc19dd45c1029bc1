//! What moves a guide on: people's hands and keys, the page's address, and the collector's facts.

use std::rc::Rc;

use gloo_events::{EventListener, EventListenerOptions};
use protocol::Wait;

use super::{Phase, Run};
use crate::card::Ask;
use crate::keys;

impl Run {
    pub(super) fn hear_keys(self: &Rc<Self>) {
        let me = self.me.clone();
        let options = EventListenerOptions { passive: false, ..EventListenerOptions::run_in_capture_phase() };
        let pressed = EventListener::new_with_options(&self.window, "keydown", options, move |event| {
            if let Some(run) = me.upgrade() {
                run.pressed(event);
            }
        });
        *self.keys.borrow_mut() = Some(pressed);
    }

    pub(super) fn pressed(self: &Rc<Self>, event: &web_sys::Event) {
        let blocking = self.phase.get() == Phase::Shown && self.stop().is_some_and(|stop| stop.blocking);
        let target = self.target.borrow().clone();
        let card = self.card.borrow().as_ref().map(|card| card.element().clone());
        let Some(card) = card else { return };
        if blocking && let Some(target) = &target {
            keys::cycle(event, &card, target);
        }
        // Keys belong to the guide inside its card, and Escape where nothing else has the focus, too.
        let nowhere = self.nobody_is_busy();
        let Some(ask) =
            keys::asked(event, self.rtl()).filter(|ask| self.has_focus() || nowhere && *ask == Ask::Close)
        else {
            return;
        };
        event.prevent_default();
        event.stop_propagation();
        self.asked(ask);
    }

    /// People did something to the control.
    pub(super) fn heard(self: &Rc<Self>, kind: &str, value: &str) {
        let Some(stop) = self.stop() else { return };
        let left = kind == "change" || kind == "focusout";
        let done = match stop.wait {
            Wait::Click => kind == "click",
            Wait::Input => left && !value.trim().is_empty(),
            Wait::Value => stop.value.as_deref() == Some(value),
            Wait::Navigation | Wait::Fact | Wait::Read => false,
        };
        if done && self.phase.get() == Phase::Shown && !self.stage.get().done {
            self.mark(|stage| stage.done = true);
            // The page may go away by this very press: what is next is remembered before it does.
            match self.at.get() + 1 {
                next if next < self.stops.len() => self.remember(next),
                _ => self.page.stand(&self.step, 0, ""),
            }
            // The page's own listeners come first.
            self.going.borrow_mut().clear();
            self.later(0, Self::onwards);
        }
    }

    /// The collector knows more than before.
    pub fn news(self: &Rc<Self>) {
        let waits = self.stop().is_some_and(|stop| stop.wait == Wait::Fact && self.holds(stop));
        if waits && self.phase.get() != Phase::Elsewhere {
            self.onwards();
        }
    }

    /// The page's address may have changed.
    pub fn routed(self: &Rc<Self>) {
        let Some(stop) = self.stop() else { return };
        let phase = self.phase.get();
        if phase == Phase::Elsewhere {
            return;
        }
        // The press that ended the stop may have changed the address at once.
        let left = stop.wait == Wait::Navigation && stop.to.is_none() && *self.path.borrow() != self.here();
        if self.stage.get().done || left || stop.wait == Wait::Navigation && self.holds(stop) {
            return self.onwards();
        }
        match (phase, self.is_here(stop)) {
            (Phase::Away | Phase::Missing, true) => {
                self.leave_stop();
                self.look();
            }
            (Phase::Away, false) | (_, true) => {}
            (_, false) => {
                self.leave_stop();
                self.phase.set(Phase::Away);
                self.tell("guide.ended", &[("reason", "navigated".into())]);
            }
        }
    }

    pub(super) fn asked(self: &Rc<Self>, ask: Ask) {
        let at = self.at.get();
        let reads = self.stop().is_some_and(|stop| stop.wait == Wait::Read);
        match ask {
            Ask::Close if self.phase.get() == Phase::Missing => self.end("target_missing"),
            Ask::Close => self.end("closed"),
            Ask::Skip if at + 1 == self.stops.len() => self.end("skipped"),
            Ask::Skip => self.go(at + 1),
            // Forward only over what needs nothing done, or was passed before.
            Ask::Next if reads || at < self.furthest.get() => self.go(at + 1),
            Ask::Next => {}
            Ask::Back => {
                if let Some(before) = self.before() {
                    self.go(before);
                }
            }
            Ask::Retry => {
                self.leave_stop();
                self.look();
            }
        }
    }
}
