//! Looks for the control of a stop, and points at it when it is there and can be reached.

use protocol::backend::FactValue;
use protocol::files::WaitFor;
use protocol::widget::EventKind;
use wasm_bindgen::JsValue;

use super::{Phase, Tour};
use crate::guide::dom::is_drawn;
use crate::guide::find::{find, tried};
use crate::guide::hold::hold;
use crate::guide::refusal::{complaint, value};
use crate::guide::sight::{reveal, sight};
use crate::guide::stops::{Stop, here};
use crate::guide::watch::{Follow, Watch};
use crate::js::invoke;

/// How long a control may take to appear, in milliseconds.
const PATIENCE: u32 = 5_000;
/// How long only a control is taken that everything agrees on.
const SURE: u32 = 1_500;
/// How long the next page may take to come by itself.
const ROUTE: u32 = 1_500;
/// Until a screen reader says that something is looked for.
const QUIET: u32 = 1_000;
/// What people do to a control, and what the page makes of it.
const HEARD: &str = "click input change focusout submit invalid";

impl Tour {
    /// Looks for the control of this stop.
    pub(super) fn look(&self) {
        let stop = self.stop();
        if self.holds(&stop) {
            return self.onwards();
        }
        if !self.is_at(&stop) {
            self.phase.set(Phase::Away);
            // A person who has just pressed something is on the way there, or wants to be shown the way.
            // So has one whose form went nowhere.
            let is_awaited = self.asked.get() || !self.complaint.get().is_empty();
            if is_awaited || self.came.get() {
                let pause = if is_awaited { 0 } else { ROUTE };
                self.later(pause, |tour| {
                    tour.face_away();
                    tour.watch(Self::redraw);
                });
            }
            return;
        }
        self.phase.set(Phase::Seeking);
        self.watch(Self::attach);
        self.later(SURE, |tour| {
            tour.stage.patient.set(true);
            tour.attach();
        });
        self.later(PATIENCE, Self::give_up);
        self.later(QUIET, |tour| tour.say(tour.texts.seeking));
        self.attach();
    }

    /// Whether the person is where a stop is, or where its form came back.
    pub(super) fn is_at(&self, stop: &Stop) -> bool {
        stop.is_at() || self.returned.get() == here()
    }

    pub(super) fn again(&self) {
        self.leave_stop();
        self.look();
    }

    pub(super) fn watch(&self, run: fn(&Self)) {
        self.keep(Watch::new(Box::new(self.then(run))));
    }

    /// The control that a stop means, as far as it is there.
    pub(super) fn control(&self, stop: &Stop) -> Option<JsValue> {
        find(self.state, &stop.target(), false).filter(is_drawn)
    }

    /// Points at the control, or at the field that was refused, when it is there and can be reached.
    pub(super) fn attach(&self) {
        if self.find_refusal(false) || !matches!(self.phase.get(), Phase::Seeking | Phase::Missing) {
            return;
        }
        let stop = self.stop();
        let refused = self.refused.get();
        let is_fixing = refused.is_object();
        let found = if is_fixing {
            Some(refused)
        } else {
            find(self.state, &stop.target(), !self.stage.patient.get())
        };
        let Some(element) = found else { return };
        let mut seen = sight(self.state, &element);
        if seen.is_none() && is_fixing {
            // The field is gone, and so is what was wrong with it.
            self.forgive();
            return self.again();
        }
        // What can be seen is left where it is; it is brought into view once, and then the page is the person's.
        let is_whole = seen.is_some_and(|seen| seen.reachable && seen.complete);
        if !self.stage.revealed.get() && !is_whole {
            self.stage.revealed.set(true);
            reveal(&element);
            seen = sight(self.state, &element);
        }
        if !seen.is_some_and(|seen| seen.reachable) {
            return;
        }
        if !is_fixing && self.makes_up(&stop, &element) {
            return;
        }
        self.settle();
        self.sent.set(None);
        self.phase.set(Phase::Shown);
        self.target.set(element.clone());
        self.face_stop();
        // The page may have changed by the focus that the card took.
        if self.phase.get() != Phase::Shown || self.target.get() != element {
            return;
        }
        // Some events do not leave a shadow root.
        self.keep(self.hear(&invoke(&element, "getRootNode", &[]), HEARD, Self::heard));
        if stop.is_blocking() {
            self.keep(hold(&element, &self.layer.host));
        }
        self.keep(Follow::new(&element, Box::new(self.then(Self::moved))));
        if !self.stage.reported.get() {
            self.stage.reported.set(true);
            let of = FactValue::Number(self.stops.len() as f64);
            self.tell(EventKind::GuideStarted, vec![("of".to_owned(), of)]);
        }
    }

    /// After a reload the page may have forgotten what was entered: goes to the first stop whose control does not hold
    /// what it asks for. Says whether it went anywhere.
    fn makes_up(&self, stop: &Stop, element: &JsValue) -> bool {
        let (at, Some(resumed)) = (self.at.get(), self.resumed.get()) else { return false };
        if at >= resumed {
            self.resumed.set(None);
        }
        let lacking = if at == resumed { self.lacking(at) } else { None };
        if let Some(lacking) = lacking {
            self.resumed.set(Some(at));
            self.go(lacking);
        } else if at < resumed && is_filled(stop, element) {
            self.go(at + 1);
        } else {
            return false;
        }
        true
    }

    /// The first of the stops that fill the form which the stop `at` sends whose control lacks what it asks for.
    pub(super) fn lacking(&self, at: usize) -> Option<usize> {
        (self.round(at)..at).find(|at| {
            let stop = self.stops.get(*at);
            stop.is_some_and(|stop| self.control(stop).is_some_and(|control| !is_filled(stop, &control)))
        })
    }

    /// The first of the stops that fill the form which the stop `at` sends.
    pub(super) fn round(&self, at: usize) -> usize {
        let mut first = at;
        while let Some(before) = first.checked_sub(1).and_then(|before| self.stops.get(before)) {
            if !matches!(before.wait, WaitFor::Input | WaitFor::Value) || !self.is_at(before) {
                break;
            }
            first -= 1;
        }
        first
    }

    /// The control may have moved, changed or gone.
    pub(super) fn moved(&self) {
        if self.is_pressing.get() || self.find_refusal(false) || self.phase.get() != Phase::Shown {
            return;
        }
        // At once, so that nothing points at where it was.
        if !self.layer.is_open() || !self.draw() {
            self.again();
        }
    }

    /// It did not come in time.
    fn give_up(&self) {
        self.attach();
        if self.phase.get() != Phase::Seeking {
            return;
        }
        self.settle();
        self.phase.set(Phase::Missing);
        let tried = FactValue::Text(tried(&self.stop().target()));
        let waited = FactValue::Number(f64::from(PATIENCE));
        let data = vec![("tried".to_owned(), tried), ("waited".to_owned(), waited)];
        self.tell(EventKind::GuideTargetMissing, data);
        self.face_missing();
        // It may still come.
        self.watch(|tour| {
            tour.redraw();
            tour.attach();
        });
    }
}

/// Whether a control holds what its stop asks for.
fn is_filled(stop: &Stop, control: &JsValue) -> bool {
    let value = value(control);
    let holds = match stop.wait {
        WaitFor::Input => !value.trim_ascii().is_empty(),
        WaitFor::Value => stop.text("value").as_ref() == Some(&value),
        _ => false,
    };
    holds && complaint(control).is_none()
}
