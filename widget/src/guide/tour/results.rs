//! What came of a press: a form that was sent or refused, a fact that followed, or nothing.

use std::cell::Cell;

use protocol::Millis;
use wasm_bindgen::JsValue;

use super::{Phase, Tour};
use crate::browser;
use crate::guide::refusal::{Refusal, complaint, is_field, refusal, scope, value};
use crate::guide::stops::here;
use crate::js::{document, get, is};
use crate::part::Prompt;
use crate::ui::{CloneCell, Timeout, after, focus_element};

/// How long a page may take to show an error after a press, in milliseconds.
const SETTLED: u32 = 400;
/// The same where the browser itself sends the form: the page goes away by then.
const LEAVES: u32 = 3_000;
/// How long the host's backend may take until the person is led back, in milliseconds.
const PATIENCE: u32 = 15_000;
/// How long after a press an error still belongs to it, in milliseconds.
const BELONGS: Millis = 5_000;

/// A press that may have sent something.
pub struct Press {
    /// The stop that asked for it.
    pub at: usize,
    /// The form.
    pub scope: JsValue,
    /// Whether it sends a form, and whether the browser did so.
    pub is_submit: bool,
    pub submitted: CloneCell<JsValue>,
    /// The first field that the browser refused.
    pub invalid: CloneCell<JsValue>,
    /// The errors that were there before.
    pub before: Vec<(JsValue, String)>,
    pub pressed: Millis,
    pub settles: Cell<Option<Timeout>>,
}

impl Press {
    /// How long the answer may take until an error that is still there is one, in milliseconds: longer where the browser
    /// itself sends the form, so that this page goes away, and where the page may have errors of the last time on it.
    fn settles_in(&self) -> u32 {
        let submitted = self.submitted.get();
        let is_native = submitted.is_object() && !is(&submitted, "defaultPrevented");
        if is_native || !self.before.is_empty() { LEAVES } else { SETTLED }
    }
}

impl Tour {
    /// Whether the result of this stop can be seen: by a fact, or by a count that goes up.
    pub(super) fn expects(&self) -> bool {
        self.stop().repeat_from().is_some() || self.is_last() && self.is_verified()
    }

    /// The page's own listeners and the browser had their turn.
    pub(super) fn judge(&self) {
        let Some(press) = self.press.get() else { return self.onwards() };
        let field = press.invalid.get();
        if field.is_object() {
            let message = complaint(&field).unwrap_or_default();
            return self.refuse(self.at.get(), Refusal { field, message });
        }
        if self.expects() || self.is_last() && press.is_submit {
            return self.check();
        }
        let settled = self.then(|tour| {
            tour.find_refusal(true);
        });
        press.settles.set(Some(after(press.settles_in(), settled)));
        self.onwards();
    }

    /// Something left the page: waits for what comes of it.
    pub(super) fn check(&self) {
        self.leave_stop();
        self.phase.set(Phase::Checking);
        let n = self.at.get() + 1;
        self.stand(n, n);
        let settles = self.press.get().map_or(SETTLED, |press| press.settles_in());
        self.watch(Self::look_at_result);
        self.later(settles, Self::settled);
        if self.expects() {
            self.later(PATIENCE, Self::unconfirmed);
        }
        self.look_at_result();
    }

    fn settled(&self) {
        if self.find_refusal(true) || self.phase.get() != Phase::Checking {
            return;
        }
        if !self.expects() {
            return self.onwards();
        }
        self.says_checking.set(true);
        self.state.prompt(Prompt::Verification, self.step.clone());
    }

    /// Looks what came of what was sent.
    pub(super) fn look_at_result(&self) {
        if self.find_refusal(false) || self.phase.get() != Phase::Checking || !self.expects() {
            return;
        }
        let stop = self.stop();
        if self.ends_repetition(&stop) {
            return self.onwards();
        }
        if let Some(from) = stop.repeat_from().filter(|_| self.count().0 > self.had.get()) {
            self.says_no_more();
            self.came.set(true);
            self.go((from as usize).saturating_sub(1));
        }
    }

    /// The card that says "checking…" goes, where this guide brought it.
    fn says_no_more(&self) {
        if self.says_checking.replace(false) {
            self.state.give_way();
        }
    }

    /// Nothing came of it in the usual time: back to where it was entered, or to what is empty by now.
    fn unconfirmed(&self) {
        self.says_no_more();
        let at = self.at.get();
        let first = self.lacking(at).unwrap_or_else(|| self.round(at));
        self.leave_stop();
        self.came.set(false);
        self.go(first);
        if !self.is_over() {
            self.complaint.set(self.texts.unconfirmed.to_owned());
            self.again();
        }
    }

    /// Looks for an error of the last press, and leads to it. Says whether there is one.
    pub(super) fn find_refusal(&self, is_settled: bool) -> bool {
        let found = match (self.press.get(), self.sent.get()) {
            (Some(press), _) => {
                let waits = self.phase.get() == Phase::Checking;
                let is_late = browser::now() - press.pressed > BELONGS && !waits;
                if is_late || !is(&press.scope, "isConnected") {
                    return false;
                }
                refusal(&press.scope, &press.before, is_settled).map(|found| (press.at, found))
            }
            // The page before this one sent it: whatever is marked here now is its answer.
            (None, Some(at)) => self.stops.get(at).and_then(|stop| {
                let found = refusal(&scope(&self.control(stop)?), &[], true)?;
                Some((at, found))
            }),
            _ => None,
        };
        let is_there = found.is_some();
        if let Some((at, found)) = found {
            let field = found.field.clone();
            if self.sent.get().is_some() {
                self.returned.set(here());
            }
            self.refuse(at, found);
            self.answered.set(Some(value(&field)));
            // The browser does so with what it refuses. Who types somewhere is left alone.
            if field.is_object() && !is_field(&get(&document(), "activeElement")) {
                self.stage.handed.set(true);
                focus_element(&field.into());
            }
        }
        is_there
    }

    /// Leads to what was refused.
    pub(super) fn refuse(&self, at: usize, refusal: Refusal) {
        self.press.take();
        self.sent.set(None);
        // The refusal says what is lacking.
        self.resumed.set(None);
        self.says_no_more();
        // The browser puts the focus into the field; the card leaves it there.
        self.leave_stop();
        self.at.set(at);
        self.stage.reset();
        self.stage.reported.set(true);
        self.stage.patient.set(true);
        self.stand(at + 1, 0);
        self.refused.set(refusal.field);
        self.complaint.set(refusal.message);
        self.look();
    }
}
