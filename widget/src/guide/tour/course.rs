//! The way through the stops: on, back, over, and on again where the person stood.

use protocol::files::WaitFor;
use protocol::widget::EventKind;
use web_sys::Event;

use super::{Phase, Tour, reason};
use crate::guide::dom::focusable;
use crate::guide::stops::{Stop, fits, here};
use crate::part::CoreEvent;
use crate::ui::{deed, focus_element};

impl Tour {
    /// The page's address may have changed.
    pub fn route(&self) {
        let phase = self.phase.get();
        if matches!(phase, Phase::Elsewhere | Phase::Checking | Phase::Done) {
            return;
        }
        let stop = self.stop();
        let waits = stop.wait == WaitFor::Navigation;
        let left = waits && stop.text("to").is_none() && self.path.get() != here();
        // The press that ended the stop may have changed the address at once.
        if self.stage.done.get() {
            self.judge();
        } else if left || waits && self.holds(&stop) {
            self.onwards();
        } else if self.is_at(&stop) {
            if matches!(phase, Phase::Away | Phase::Missing) {
                self.again();
            }
        } else if phase != Phase::Away {
            self.leave_stop();
            self.phase.set(Phase::Away);
            self.tell(EventKind::GuideEnded, vec![reason("navigated")]);
        }
    }

    /// Over, for a reason that is reported.
    pub fn end(&self, why: &'static str) {
        let focused = self.layer.has_focus();
        let target = self.target.get();
        let was_here = self.phase.get() != Phase::Elsewhere;
        if was_here && self.phase.get() != Phase::Done {
            self.tell(EventKind::GuideEnded, vec![reason(why)]);
        }
        if why != "replaced" {
            // Before another tab may go on.
            self.stand(0, 0);
        }
        self.forget();
        if why == "replaced" {
            return;
        }
        let leads = focused && why != "closed" && target.is_object();
        let control = if leads { focusable(&target, false) } else { None };
        match control {
            Some(control) => focus_element(&control.into()),
            None if focused => self.state.focus(".launcher"),
            None => {}
        }
        self.state.publish(CoreEvent::GuideEnded);
    }

    /// Over without a word.
    pub fn forget(&self) {
        self.is_over.set(true);
        self.leave_stop();
        self.phase.set(Phase::Elsewhere);
        self.layer.remove();
        self.listeners.take();
        if let Some(turn) = self.turn.take() {
            turn.release();
        }
    }

    /// The place is this tab's: on from where it stood.
    pub(super) fn enter(&self, wanted: bool) {
        let position = self.memory.position();
        let stands = position.step() == self.step.as_str();
        if !wanted {
            let is_finished = self.is_finished();
            if stands && is_finished && position.sent() > 0 && position.sent() == position.stop() {
                // What the page before this one sent was the last thing to do.
                self.at.set(position.stop().min(self.stops.len()) - 1);
                self.phase.set(Phase::Checking);
                return self.end("finished");
            }
            // Another tab may have gone on, or ended it, while this one waited.
            if !stands || position.stop() == 0 || is_finished {
                self.forget();
                return self.state.publish(CoreEvent::GuideEnded);
            }
            self.at.set(position.stop().min(self.stops.len()) - 1);
        }
        let at = self.at.get();
        // A stop that an agent points at was no place of the person's: what comes before it may be open.
        let is_own = !wanted || position.path().is_some();
        self.resumed.set((at > 0 && is_own).then_some(at));
        let sent = position.sent();
        if stands && !wanted && sent > 0 {
            self.sent.set(Some(sent - 1));
            self.had.set(position.had());
            if sent == at + 1 {
                return self.check();
            }
        }
        // A stop that waited for another page may have got it by the load that began this guide.
        let stop = self.stop();
        let waits = stop.wait == WaitFor::Navigation && stop.text("to").is_none();
        let moved = stands && position.path().is_some_and(|path| path != here());
        if waits && moved { self.onwards() } else { self.go(at) }
    }

    /// Another tab took it over.
    pub(super) fn lost(&self) {
        self.end("replaced");
        self.state.publish(CoreEvent::GuideEnded);
    }

    /// To a stop, counted from 0; past the last one the guide is finished.
    pub(super) fn go(&self, at: usize) {
        self.leave_stop();
        self.stage.reset();
        self.forgive();
        if at >= self.stops.len() {
            return self.end("finished");
        }
        self.at.set(at);
        self.furthest.set(self.furthest.get().max(at));
        self.path.set(here());
        self.stand(at + 1, 0);
        self.look();
    }

    /// This stop is done.
    pub(super) fn onwards(&self) {
        self.came.set(true);
        self.go(self.at.get() + 1);
    }

    /// Remembers a stop, from 1, and the stop whose form is on its way.
    pub(super) fn stand(&self, stop: usize, sent: usize) {
        self.memory.stand(self.step.as_str(), stop, sent, self.had.get());
    }

    /// Something in the card was pressed.
    pub(super) fn pressed_button(&self, event: &Event) {
        if let Some((_, what)) = deed(event) {
            self.ask(&what);
        }
    }

    /// A button or a key of the card.
    pub(super) fn ask(&self, what: &str) {
        let at = self.at.get();
        let is_missing = self.phase.get() == Phase::Missing;
        match what {
            "close" => self.end(if is_missing { "target_missing" } else { "closed" }),
            "retry" => self.again(),
            "skip" if self.is_last() => self.end("skipped"),
            "skip" => self.go(at + 1),
            "back" => self.before().into_iter().for_each(|before| self.go(before)),
            // Forward only over what needs nothing done, or was passed before.
            _ if self.stop().wait == WaitFor::Read || at < self.furthest.get() => self.go(at + 1),
            _ => {}
        }
    }

    /// Whether what a stop waits for is so already, by the page's address or the facts as the collector knows them.
    pub(super) fn holds(&self, stop: &Stop) -> bool {
        match stop.wait {
            WaitFor::Navigation => stop.text("to").is_some_and(|to| fits(&to)),
            WaitFor::Fact => self.fact_holds(stop),
            _ => false,
        }
    }

    /// The nearest stop before this one that there is something to do at.
    pub(super) fn before(&self) -> Option<usize> {
        let before = self.stops.get(..self.at.get())?;
        before.iter().rposition(|stop| !self.holds(stop))
    }

    /// Takes down what belongs to this stop; the layer stays, closed.
    pub(super) fn leave_stop(&self) {
        // The next card takes the focus up again.
        self.asked.set(self.asked.get() || self.layer.has_focus());
        self.settle();
        self.target.take();
        self.layer.close();
    }

    pub(super) fn settle(&self) {
        self.owed.take();
        let going = self.going.take();
        drop(going);
    }
}
